import { createInterface } from 'node:readline/promises';
import { UsageError, findPortal, print } from '../command.ts';
import type { Command } from '../command.ts';

/** A person is asked to type the domain; a script has thought about it before. */
async function confirm(domain: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await terminal.question(
    `This deletes every signing and file of ${domain}. Type its domain: `,
  );
  terminal.close();
  if (typed.trim() !== domain) throw new UsageError('nothing was deleted');
}

export const purge: Command = {
  usage: 'purge --portal P [--yes]',
  about: 'deletes everything of a portal and its balance for good (asks on a terminal, --yes does not)',
  async run(container, _args, flags) {
    const portal = await findPortal(container, flags.need('portal'));
    if (process.stdin.isTTY && flags.get('yes') === undefined) await confirm(portal.domain);
    await container.purgePortal(portal.id);
    await container.balance.purgePortal(portal.id);
    print(`everything of ${portal.domain} is deleted`);
  },
};
