import { createHash } from 'node:crypto';

/** Everything a journal can say. Secrets, codes and addresses of links are never in it. */
export const JOURNAL_TYPES = [
  'created', // the signing was made from a run, before anything left the house
  'sent', // the bundle is fixed; its hash is in the entry
  'invited', // a signer was invited (their step's turn came)
  'delivered', // the invitation was handed to the mail or SMS service
  'undelivered', // it was refused there
  'opened', // a signer opened the page
  'code_sent', // a one-time code went out
  'code_locked', // too many wrong codes
  'identified', // the right code was entered
  'signed', // a signer signed by their own action
  'signed_by_mandate', // the stored signature was applied under a recorded mandate
  'mandate_missing', // company_signature = auto, but no valid mandate: invited by link instead
  'declined', // a signer declined, with the reason given
  'reminded', // somebody asked for a reminder
  'signature_applied', // a signer's signature was put into a file; its hashes before and after are in the entry
  'next_step', // a step is finished, the next one's turn
  'all_signed', // everybody signed; sealing begins
  'sealed', // the signed file exists; its hash and level are in the entry
  'completed', // files are back in the portal, the signing is over
  'cancelled', // by a person of the portal or because the deal is gone
  'expired', // the deadline passed
  'error', // something failed for good; resumable
  'resumed', // a person resumed after an error
  'effect_failed', // something on the side (mail, timeline, notification) was given up
] as const;
export type JournalType = (typeof JOURNAL_TYPES)[number];

export type ActorKind = 'system' | 'robot' | 'user' | 'signer';
export interface Actor {
  readonly kind: ActorKind;
  /** Portal user id or signer id. */
  readonly id?: string;
  readonly name?: string;
}
export const SYSTEM: Actor = { kind: 'system' };

export type JournalData = Record<string, string | number>;

export interface JournalEntry {
  readonly seq: number;
  readonly at: Date;
  readonly type: JournalType;
  readonly actor: Actor;
  readonly data: JournalData;
  /** Hash of the entry before; empty for the first. */
  readonly prev: string;
  /** SHA-256 (hex) over `prev` and the entry's content: changing any entry breaks every later one. */
  readonly hash: string;
}

/** The hash of an entry's content chained to the one before it. */
export function hashEntry(entry: Omit<JournalEntry, 'hash'>): string {
  const { seq, at, type, actor, data, prev } = entry;
  const content = [
    prev,
    seq,
    at.toISOString(),
    type,
    [actor.kind, actor.id ?? '', actor.name ?? ''],
    Object.keys(data)
      .sort()
      .map((key) => [key, data[key]]),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** Half an emoji (a text cut in the middle of one) would come back from the store as another text and break the chain. */
const wellFormed = (value: string | number): string | number =>
  typeof value === 'string' ? value.toWellFormed() : value;

/** The journal with one more entry. */
export function appendEntry(
  journal: readonly JournalEntry[],
  at: Date,
  type: JournalType,
  actor: Actor,
  data: JournalData = {},
): JournalEntry[] {
  const last = journal.at(-1);
  const entry = {
    seq: (last?.seq ?? 0) + 1,
    at,
    type,
    actor: { ...actor, ...(actor.name === undefined ? {} : { name: actor.name.toWellFormed() }) },
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, wellFormed(value)])),
    prev: last?.hash ?? '',
  };
  return [...journal, { ...entry, hash: hashEntry(entry) }];
}

/** The sequence number of the first entry that does not fit the chain, or undefined when it is whole. */
export function findBrokenEntry(journal: readonly JournalEntry[]): number | undefined {
  let prev = journal[0]?.seq === 1 ? '' : journal[0]?.prev;
  for (const entry of journal) {
    if (entry.prev !== prev || hashEntry(entry) !== entry.hash) return entry.seq;
    prev = entry.hash;
  }
  return undefined;
}
