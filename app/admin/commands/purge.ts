import { UsageError, findPortal, print } from '../command.ts';
import type { Command } from '../command.ts';

export const purge: Command = {
  usage: 'purge --portal P --yes',
  about: 'deletes everything of a portal for good',
  async run(container, _args, flags) {
    const portal = await findPortal(container, flags.need('portal'));
    if (flags.get('yes') === undefined) {
      throw new UsageError(
        `this deletes every signing and file of ${portal.domain}; add --yes when you mean it`,
      );
    }
    await container.purgePortal(portal.id);
    print(`everything of ${portal.domain} is deleted`);
  },
};
