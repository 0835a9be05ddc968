import { randomUUID } from 'node:crypto';
import { nextEffectAt, nextEffects } from '../../domain/effect.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Signing } from '../../domain/signing.ts';
import { effectDone, effectFailed, effectsStarted } from '../../domain/transitions/run-effects.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { SigningStore } from '../../ports/signing-store.ts';
import type { ChangeSigning } from '../change-signing.ts';
import type { ApplyEffect, EffectHandlers } from './effect-handler.ts';
import type { ProjectEffects } from './project-effects.ts';

/** A dead process's lease ends after this time; a living one renews it three times as often. */
const LEASE_S = 15;
/** An error that does not say whether it may pass is tried this often. */
const TRIES_OF_UNKNOWN = 4;
const PROJECTED = new Set<Effect['kind']>(['timeline', 'card', 'notify']);

interface Failure {
  readonly text: string;
  readonly reference: string;
  readonly retryable: boolean;
  readonly retryAfterS?: number;
}

/** Runs what is due for one signing until nothing is left, in one process at a time. */
export type RunSigningEffects = (signingId: string) => Promise<void>;

export function createRunSigningEffects(deps: {
  signings: SigningStore;
  changeSigning: ChangeSigning;
  handlers: EffectHandlers;
  /** Timeline, card and notifications travel together. */
  projectEffects: ProjectEffects;
  clock: Clock;
  log: Log;
  /** Unique per process. */
  owner: string;
}): RunSigningEffects {
  const { signings, changeSigning, handlers, projectEffects, clock, log } = deps;
  let runs = 0;

  return async (signingId) => {
    // Several jobs of one process must keep each other out as well.
    const owner = `${deps.owner}/${++runs}`;
    // Once more after the lease is given back: a wake-up that came in between found it taken.
    do {
      if (!(await signings.lease(signingId, owner, clock.now(), LEASE_S))) return;
      const renewing = setInterval(
        () => {
          signings
            .lease(signingId, owner, clock.now(), LEASE_S)
            .catch((error: unknown) => log.warn({ signingId, err: error }, 'lease not renewed'));
        },
        (LEASE_S * 1000) / 3,
      );
      try {
        // Every round may cause new effects (a signature causes the next step's invitations).
        while (await runRound(signingId));
      } finally {
        clearInterval(renewing);
        await signings.releaseLease(signingId, owner);
      }
    } while (await isDue(signingId));
  };

  async function isDue(signingId: string): Promise<boolean> {
    const signing = await signings.get(signingId);
    const next = signing && nextEffectAt(signing.effects);
    return next !== undefined && next <= clock.now();
  }

  async function runRound(signingId: string): Promise<boolean> {
    const signing = await signings.get(signingId);
    if (!signing) return false;
    const now = clock.now();
    const due = nextEffects(signing.effects).filter((effect) => effect.dueAt <= now);
    if (due.length === 0) return false;

    const singles = due.filter((effect) => !PROJECTED.has(effect.kind));
    const projected = due.some((effect) => PROJECTED.has(effect.kind)) ? dueProjections(signing, now) : [];
    const batch = [...singles, ...projected];
    await changeSigning(signingId, (each) =>
      effectsStarted(
        each,
        batch.map((effect) => effect.id),
        now,
      ),
    );

    const write = inTurn();
    await Promise.all([
      ...singles.map((effect) => runOne(signing, effect, write)),
      projected.length > 0 ? runProjections(signing, projected, write) : undefined,
    ]);
    return true;
  }

  /** All projections that are due, since they share a lane and one request carries several. */
  function dueProjections(signing: Signing, now: Date): Effect[] {
    const lane = signing.effects.filter((effect) => effect.lane === 'portal' && effect.state === 'pending');
    const firstLater = lane.findIndex((effect) => effect.dueAt > now);
    return firstLater === -1 ? lane : lane.slice(0, firstLater);
  }

  async function runOne(signing: Signing, effect: Effect, write: InTurn): Promise<void> {
    let apply: ApplyEffect | void;
    try {
      const handler = handlers[effect.kind];
      if (!handler) throw new Error(`no handler for the effect ${effect.kind}`);
      apply = await handler(signing, effect);
    } catch (error) {
      await write(() => saveFailure(signing, effect, error));
      return;
    }
    await write(() => saveDone(signing, effect, apply));
  }

  async function runProjections(signing: Signing, effects: readonly Effect[], write: InTurn): Promise<void> {
    try {
      const outcomes = await projectEffects(signing, effects);
      for (const { effect, error, apply } of outcomes) {
        await write(() => (error ? saveFailure(signing, effect, error) : saveDone(signing, effect, apply)));
      }
    } catch (error) {
      for (const effect of effects) await write(() => saveFailure(signing, effect, error));
    }
  }

  async function saveDone(signing: Signing, effect: Effect, apply: ApplyEffect | void): Promise<void> {
    try {
      await changeSigning(signing.id, (each, now) => {
        // Dropped meanwhile (cancelled): what it brought is not wanted any more.
        if (!each.effects.some((pending) => pending.id === effect.id)) return each;
        return effectDone(apply ? apply(each, now) : each, effect.id);
      });
    } catch (error) {
      // What the effect brought does not fit any more (cancelled meanwhile): a failure of this effect, not of the run.
      await saveFailure(signing, effect, error);
    }
  }

  async function saveFailure(signing: Signing, effect: Effect, error: unknown): Promise<void> {
    const failure = describeFailure(error, effect.attempts);
    const entry = {
      signingId: signing.id,
      portalId: signing.portalId,
      effect: effect.id,
      ...failure,
      err: error,
    };
    if (failure.retryable) log.warn(entry, 'effect put off');
    else log.error(entry, 'effect given up');
    await changeSigning(signing.id, (each, now) => effectFailed(each, effect.id, failure, now));
  }
}

/** An error as it is kept with the effect. The reference is what the log has too. */
function describeFailure(error: unknown, attempts: number): Failure {
  const { retryable, retryAfterS, code } = (error ?? {}) as {
    retryable?: unknown;
    retryAfterS?: unknown;
    code?: unknown;
  };
  return {
    text: typeof code === 'string' && code ? code : error instanceof Error ? error.name : 'unknown',
    reference: randomUUID().slice(0, 8),
    retryable: typeof retryable === 'boolean' ? retryable : attempts + 1 < TRIES_OF_UNKNOWN,
    ...(typeof retryAfterS === 'number' ? { retryAfterS } : {}),
  };
}

type InTurn = (work: () => Promise<void>) => Promise<void>;

/** Lanes run side by side but write one after the other: they would only conflict on the same document. */
function inTurn(): InTurn {
  let last: Promise<void> = Promise.resolve();
  return (work) => (last = last.then(work));
}
