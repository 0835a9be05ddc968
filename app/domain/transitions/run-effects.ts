import { MAX_RETRY_AFTER_S, WAIT_PAUSE_S, isEssential, mayTryAgain, retryDelayS } from '../effect.ts';
import type { Effect, EffectFailure } from '../effect.ts';
import { SYSTEM } from '../journal.ts';
import type { Signing } from '../signing.ts';
import { isFinal } from '../signing-status.ts';
import { Draft } from './draft.ts';
import { failSigning } from './end-signing.ts';

const replace = (signing: Signing, effect: Effect): Signing => ({
  ...signing,
  effects: signing.effects.map((each) => (each.id === effect.id ? effect : each)),
});

/** The effects are about to be tried: whoever finds them later knows that they may have taken place. */
export function effectsStarted(signing: Signing, effectIds: readonly string[], now: Date): Signing {
  const isNew = (effect: Effect) => effectIds.includes(effect.id) && !effect.startedAt;
  if (!signing.effects.some(isNew)) return signing;
  const effects = signing.effects.map((effect) => (isNew(effect) ? { ...effect, startedAt: now } : effect));
  return { ...signing, effects };
}

/** The effect took place. It leaves the list; the journal keeps what happened. */
export function effectDone(signing: Signing, effectId: string): Signing {
  return { ...signing, effects: signing.effects.filter((effect) => effect.id !== effectId) };
}

/**
 * The effect failed. It is put off with growing pauses; one that waits for a person keeps its tries. When it may never
 * succeed or was tried often enough, an essential one stops the signing (resumable) and any other is given up with a
 * journal entry.
 */
export function effectFailed(signing: Signing, effectId: string, failure: EffectFailure, now: Date): Signing {
  const effect = signing.effects.find((each) => each.id === effectId);
  if (!effect) return signing;
  const attempts = effect.attempts + (failure.waits ? 0 : 1);
  if (mayTryAgain(effect, failure, now)) {
    const askedS = failure.waits ? WAIT_PAUSE_S : Math.min(failure.retryAfterS ?? 0, MAX_RETRY_AFTER_S);
    const delayS = Math.max(retryDelayS(attempts), askedS);
    const dueAt = new Date(now.getTime() + delayS * 1000);
    return replace(signing, { ...effect, attempts, dueAt, error: failure.text });
  }
  const givenUp = replace(signing, { ...effect, attempts, state: 'given_up', error: failure.text });
  if (isEssential(effect.kind) && !isFinal(signing.status) && signing.status !== 'error') {
    return failSigning(givenUp, failure, now);
  }
  const draft = new Draft(givenUp, now);
  draft.record('effect_failed', SYSTEM, {
    effect: effect.kind,
    target: effect.target,
    reference: failure.reference,
  });
  return draft.done();
}
