import type { JournalEntry } from '../domain/journal.ts';
import type { Translator } from './translator.ts';

/** Every value a journal text may name; an entry of an older version may lack some. */
const NAMES = [
  'actor',
  'name',
  'documents',
  'signers',
  'sha256',
  'file',
  'level',
  'note',
  'pages',
  'step',
  'channel',
  'method',
  'ip',
  'reason',
  'document',
  'text',
  'reference',
  'effect',
  'target',
] as const;

/** A journal entry as a sentence (catalog area `journal`, one text per entry type). */
export function describeEntry(t: Translator, entry: JournalEntry): string {
  const values: Record<string, string | number> = {};
  for (const name of NAMES) values[name] = entry.data[name] ?? '';
  values['actor'] = entry.actor.name ?? '';
  return t(`journal.${entry.type}`, values);
}
