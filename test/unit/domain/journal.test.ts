import { expect } from 'chai';
import { SYSTEM, appendEntry, findBrokenEntry } from '../../../app/domain/journal.ts';
import type { JournalEntry } from '../../../app/domain/journal.ts';
import { T0, later } from '../../support/signing-builder.ts';

function journal(): JournalEntry[] {
  let entries: JournalEntry[] = [];
  entries = appendEntry(entries, T0, 'created', { kind: 'robot' }, { documents: 'Договор' });
  entries = appendEntry(entries, later(1), 'sent', SYSTEM, { sha256: 'ff' });
  return appendEntry(
    entries,
    later(2),
    'opened',
    { kind: 'signer', id: 's1', name: 'Анна' },
    { ip: '127.0.0.1' },
  );
}

describe('journal', () => {
  it('when nothing was touched, the chain is whole', () => {
    expect(findBrokenEntry(journal())).to.equal(undefined);
    expect(findBrokenEntry([])).to.equal(undefined);
  });

  it('when the order of an entry’s values differs, its hash does not', () => {
    const [one] = appendEntry([], T0, 'sent', SYSTEM, { a: 1, b: 2 });
    const [two] = appendEntry([], T0, 'sent', SYSTEM, { b: 2, a: 1 });
    expect(one!.hash).to.equal(two!.hash);
  });

  it('when a text was cut in the middle of an emoji, the chain survives the store', () => {
    const half = '😀'.slice(0, 1);
    const entries = appendEntry([], T0, 'declined', { kind: 'signer', name: half }, { reason: half });
    const stored = entries.map((entry) => ({
      ...entry,
      actor: { ...entry.actor, name: Buffer.from(entry.actor.name ?? '').toString() },
      data: { reason: Buffer.from(String(entry.data['reason'])).toString() },
    }));
    expect(findBrokenEntry(stored)).to.equal(undefined);
  });

  const forgeries: Record<string, (entries: JournalEntry[]) => JournalEntry[]> = {
    'a value is changed': (entries) => entries.with(1, { ...entries[1]!, data: { sha256: 'ee' } }),
    'a time is changed': (entries) => entries.with(1, { ...entries[1]!, at: later(9) }),
    'an actor is changed': (entries) => entries.with(1, { ...entries[1]!, actor: { kind: 'user', id: '1' } }),
    'a type is changed': (entries) => entries.with(1, { ...entries[1]!, type: 'completed' }),
    'an entry is left out': (entries) => entries.toSpliced(1, 1),
    'two entries change places': (entries) => [entries[0]!, entries[2]!, entries[1]!],
  };
  for (const [name, forge] of Object.entries(forgeries)) {
    it(`when ${name}, the chain is broken`, () => {
      expect(findBrokenEntry(forge(journal()))).to.be.a('number');
    });
  }
});
