import { randomUUID } from 'node:crypto';
import { UsageError, findPortal, print } from '../command.ts';
import type { Command } from '../command.ts';

export const credits: Command = {
  usage: 'credits show --portal P | credits grant --portal P --amount N [--id KEY]',
  about: 'signatures of a portal; the same KEY is granted once',
  async run(container, [action], flags) {
    const portal = await findPortal(container, flags.need('portal'));
    if (action === 'grant') {
      const amount = Number(flags.need('amount'));
      if (!Number.isSafeInteger(amount) || amount === 0)
        throw new UsageError('--amount is a whole number, not 0');
      await container.balance.open(portal.id, 0);
      await container.balance.grant(portal.id, amount, flags.get('id') ?? randomUUID());
    } else if (action !== 'show') throw new UsageError(credits.usage);
    const { available, reserved, spent } = await container.balance.show(portal.id);
    print(`${portal.domain}: ${available} left, ${reserved} held for open signings, ${spent} spent`);
  },
};
