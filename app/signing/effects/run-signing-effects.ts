import { mayTryAgain, nextEffectAt, nextEffects } from '../../domain/effect.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Signing } from '../../domain/signing.ts';
import { effectDone, effectFailed, effectsStarted } from '../../domain/transitions/run-effects.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { SigningStore } from '../../ports/signing-store.ts';
import type { ChangeSigning } from '../change-signing.ts';
import { describeFailure, isPortalGone } from './describe-failure.ts';
import type { ApplyEffect, EffectHandlers } from './effect-handler.ts';
import { holdLease } from './hold-lease.ts';
import type { ProjectEffects } from './project-effects.ts';

const PROJECTED = new Set<Effect['kind']>(['timeline', 'card', 'notify']);

/** A repeat looks at the newest 30 entries of the deal (app/portal/project.ts), so fewer travel together. */
const MAX_PROJECTED = 20;

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
      const lease = await holdLease(deps, signingId, owner);
      if (!lease) return;
      try {
        // Every round may cause new effects (a signature causes the next step's invitations).
        while (lease.isHeld() && (await runRound(signingId)));
      } finally {
        await lease.release();
      }
    } while (await isDue(signingId));
  };

  async function isDue(signingId: string): Promise<boolean> {
    const signing = await signings.get(signingId);
    const next = signing && nextEffectAt(signing.effects);
    return next !== undefined && next <= clock.now();
  }

  async function runRound(signingId: string): Promise<boolean> {
    const seen = await signings.get(signingId);
    if (!seen) return false;
    const now = clock.now();
    const due = nextEffects(seen.effects).filter((effect) => effect.dueAt <= now);
    if (due.length === 0) return false;

    const singles = due.filter((effect) => !PROJECTED.has(effect.kind));
    const projected = due.some((effect) => PROJECTED.has(effect.kind)) ? dueProjections(seen, now) : [];
    const ids = [...singles, ...projected].map((effect) => effect.id);
    // From here on the newest state counts. The effects stay as they were read: a first try has no `startedAt` there.
    const signing = await changeSigning(signingId, (each) => effectsStarted(each, ids, now));
    const isWanted = ({ id }: Effect) => signing.effects.some((effect) => effect.id === id);
    const shown = projected.filter(isWanted);

    const write = inTurn();
    const outcomes = await Promise.allSettled([
      ...singles.filter(isWanted).map((effect) => runOne(signing, effect, write)),
      ...(shown.length > 0 ? [runProjections(signing, shown, write)] : []),
    ]);
    // Only when all have ended may the lease be given back.
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    return true;
  }

  /** All projections that are due, since they share a lane and one request carries several. */
  function dueProjections(signing: Signing, now: Date): Effect[] {
    const lane = signing.effects.filter((effect) => effect.lane === 'portal' && effect.state === 'pending');
    const firstLater = lane.findIndex((effect) => effect.dueAt > now);
    return lane.slice(0, firstLater === -1 ? MAX_PROJECTED : Math.min(firstLater, MAX_PROJECTED));
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

  async function saveDone(signing: Signing, effect: Effect, apply?: ApplyEffect | void): Promise<void> {
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
    if (isPortalGone(error)) {
      log.info(
        { signingId: signing.id, portalId: signing.portalId, effect: effect.id },
        'effect without portal',
      );
      return saveDone(signing, effect);
    }
    const failure = describeFailure(error, effect);
    const entry = {
      signingId: signing.id,
      portalId: signing.portalId,
      effect: effect.id,
      ...failure,
      err: error,
    };
    const again = mayTryAgain(effect, failure, clock.now());
    if (again && failure.waits) log.info(entry, 'effect waits');
    else if (again) log.warn(entry, 'effect put off');
    else log.error(entry, 'effect given up');
    await changeSigning(signing.id, (each, now) => effectFailed(each, effect.id, failure, now));
  }
}

type InTurn = (work: () => Promise<void>) => Promise<void>;

/**
 * Lanes run side by side but write one after the other: they would only conflict on the same document. What one could
 * not write is no reason for the next not to.
 */
function inTurn(): InTurn {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
