import { UsageError, findPortal, print } from '../command.ts';
import type { Command } from '../command.ts';

const PAGE = 100;

export const journal: Command = {
  usage: 'journal export --portal P',
  about: 'every journal entry of a portal as JSON lines',
  async run(container, [action], flags) {
    if (action !== 'export') throw new UsageError(journal.usage);
    const portal = await findPortal(container, flags.need('portal'));
    let cursor: string | undefined;
    do {
      const page = await container.signings.list(
        portal.id,
        {},
        { limit: PAGE, ...(cursor ? { cursor } : {}) },
      );
      for (const { id, journal: entries } of page.signings) {
        for (const entry of entries) print(JSON.stringify({ signing: id, ...entry }));
      }
      cursor = page.next;
    } while (cursor);
  },
};
