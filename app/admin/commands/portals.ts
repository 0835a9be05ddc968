import { print } from '../command.ts';
import type { Command } from '../command.ts';

export const portals: Command = {
  usage: 'portals',
  about: 'every portal with its state and balance',
  async run(container) {
    const all = await container.portals.list();
    if (all.length === 0) print('no portal has installed the app yet');
    for (const portal of all) {
      const { available, reserved, spent } = await container.balance.show(portal.id);
      print(
        [
          portal.id,
          portal.domain,
          portal.state,
          portal.language,
          `${available} left, ${reserved} held, ${spent} spent`,
        ].join('\t'),
      );
    }
  },
};
