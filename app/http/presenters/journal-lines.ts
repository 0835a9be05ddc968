import type { JournalEntry } from '../../domain/journal.ts';
import { findBrokenEntry } from '../../domain/journal.ts';
import { describeEntry } from '../../i18n/describe-entry.ts';
import type { Translator } from '../../i18n/translator.ts';

export interface JournalLine {
  readonly seq: number;
  readonly at: Date;
  readonly who: string;
  readonly text: string;
  readonly ip: string;
  readonly tone: 'neutral' | 'success' | 'danger';
}

export interface JournalView {
  /** Newest first. */
  readonly lines: readonly JournalLine[];
  /** False when an entry was changed after it was written. */
  readonly whole: boolean;
}

const BAD = new Set(['undelivered', 'code_locked', 'declined', 'expired', 'error', 'effect_failed']);
const GOOD = new Set(['signed', 'signed_by_mandate', 'all_signed', 'sealed', 'completed']);

/** The journal as sentences in the reader's language. */
export function journalView(journal: readonly JournalEntry[], t: Translator): JournalView {
  const lines = journal.map((entry) => ({
    seq: entry.seq,
    at: entry.at,
    who: entry.actor.name || t(`journal.actor_${entry.actor.kind}`),
    text: describeEntry(t, entry).trim(),
    ip: String(entry.data['ip'] ?? ''),
    tone: BAD.has(entry.type)
      ? ('danger' as const)
      : GOOD.has(entry.type)
        ? ('success' as const)
        : ('neutral' as const),
  }));
  return { lines: lines.reverse(), whole: findBrokenEntry(journal) === undefined };
}
