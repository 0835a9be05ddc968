import { createEffect } from '../effect.ts';
import type { Effect, EffectKind } from '../effect.ts';
import { appendEntry } from '../journal.ts';
import type { Actor, JournalData, JournalEntry, JournalType } from '../journal.ts';
import type { Signer, Signing } from '../signing.ts';
import { isFinal, mayFollow } from '../signing-status.ts';
import type { SigningStatus } from '../signing-status.ts';

/** A transition that the current state does not allow, e.g. signing after the deadline. */
export class TransitionError extends Error {
  readonly status: SigningStatus;
  constructor(status: SigningStatus, attempted: string) {
    super(`${attempted} is not possible in state ${status}`);
    this.name = 'TransitionError';
    this.status = status;
  }
}

/** Journal entries that people see in the deal's timeline; the others stay in the app's journal. */
const IN_TIMELINE: ReadonlySet<JournalType> = new Set([
  'created',
  'sent',
  'opened',
  'signed',
  'signed_by_mandate',
  'mandate_missing',
  'declined',
  'completed',
  'cancelled',
  'expired',
  'error',
  'resumed',
  'undelivered',
]);

/** Entries that the responsible person may be notified of; the portal's settings decide which really are. */
const NOTIFIED: ReadonlySet<JournalType> = new Set([
  'sent',
  'opened',
  'signed',
  'signed_by_mandate',
  'declined',
  'completed',
  'cancelled',
  'expired',
  'error',
  'undelivered',
]);

/** The trigger fired when a state is reached (contract: CRM triggers). */
const TRIGGERS: Partial<Record<SigningStatus, string>> = {
  sent: 'signing_sent',
  opened: 'signing_opened',
  partly_signed: 'signing_partly_signed',
  completed: 'signing_completed',
  declined: 'signing_declined',
  cancelled: 'signing_cancelled',
  expired: 'signing_expired',
  error: 'signing_error',
};

/**
 * Collects one change of a signing: new state, journal entries and effects, which are then saved as one write. Pure: the
 * signing it was made from stays as it is.
 */
export class Draft {
  #signing: Signing;
  #effects: Effect[];
  #cardDue: number | undefined;
  readonly now: Date;

  constructor(signing: Signing, now: Date) {
    this.#signing = signing;
    this.#effects = [...signing.effects];
    this.now = now;
  }

  get signing(): Signing {
    return this.#signing;
  }

  set(fields: Partial<Signing>): this {
    this.#signing = { ...this.#signing, ...fields };
    return this;
  }

  setSigner(signerId: string, fields: Partial<Signer>): this {
    return this.set({
      signers: this.#signing.signers.map((signer) =>
        signer.id === signerId ? { ...signer, ...fields } : signer,
      ),
    });
  }

  setSigners(change: (signer: Signer) => Partial<Signer>): this {
    return this.set({ signers: this.#signing.signers.map((signer) => ({ ...signer, ...change(signer) })) });
  }

  /** Writes the journal and, where the entry calls for it, its projections into the portal. */
  record(type: JournalType, actor: Actor, data: JournalData = {}): JournalEntry {
    const journal = appendEntry(this.#signing.journal, this.now, type, actor, data);
    this.set({ journal });
    const entry = journal.at(-1)!;
    if (IN_TIMELINE.has(type)) {
      this.#push('timeline', entry.seq);
      this.#cardDue = entry.seq;
    }
    if (NOTIFIED.has(type)) this.#push('notify', entry.seq);
    return entry;
  }

  /** Adds an effect caused by the newest journal entry. */
  effect(kind: EffectKind, target = ''): this {
    this.#push(kind, this.#signing.journal.at(-1)?.seq ?? 0, target);
    return this;
  }

  /** Moves to a state, answers the processes that wait for it and fires its trigger. */
  moveTo(status: SigningStatus): this {
    if (!mayFollow(this.#signing.status, status)) throw new TransitionError(this.#signing.status, status);
    this.set({ status });
    this.effect('return');
    const trigger = TRIGGERS[status];
    if (trigger) this.effect('trigger', trigger);
    if (isFinal(status)) this.effect('release');
    if (isFinal(status) && this.#signing.sealing.mode === 'per_signer') this.effect('tidy');
    return this;
  }

  /** Drops effects that make no sense any more (invitations after a cancel). */
  dropPending(kinds: readonly EffectKind[]): this {
    this.#effects = this.#effects.filter(
      (effect) => effect.state !== 'pending' || !kinds.includes(effect.kind),
    );
    return this;
  }

  /** After a resume: what was given up is due again with all its tries, and nothing that was put off waits any longer. */
  retryGivenUp(): this {
    this.#effects = this.#effects.map((effect) => {
      if (effect.state === 'given_up') return { ...effect, state: 'pending', attempts: 0, dueAt: this.now };
      return effect.dueAt > this.now ? { ...effect, dueAt: this.now } : effect;
    });
    return this;
  }

  done(): Signing {
    // One card update per change however many entries it wrote.
    if (this.#cardDue !== undefined) this.#push('card', this.#cardDue);
    return { ...this.#signing, effects: this.#effects, updatedAt: this.now };
  }

  #push(kind: EffectKind, entrySeq: number, target = ''): void {
    const effect = createEffect(kind, entrySeq, this.now, target);
    if (!this.#effects.some((existing) => existing.id === effect.id)) this.#effects.push(effect);
  }
}
