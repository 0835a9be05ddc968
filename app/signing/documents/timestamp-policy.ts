import type { Effect } from '../../domain/effect.ts';
import type { Signing } from '../../domain/signing.ts';
import type { TimestampPolicy } from '../../ports/pdf-engine.ts';

/** So long a time-stamp server is asked again before a lower level is taken instead. */
const PATIENCE_MS = 10 * 60_000;
/** And so often: an effect that began days ago (the app was down, the signing in error) has not asked since. */
const PATIENCE_TRIES = 5;

/**
 * Which time-stamp servers an effect asks, and what happens when none answers: the effect is tried again for a while, and
 * then goes on without where the signing's plan says so.
 * @returns undefined where no time-stamp is wanted or the operator has no server
 */
export function timestampPolicy(
  { sealing }: Signing,
  urls: readonly string[],
  effect: Pick<Effect, 'startedAt' | 'attempts'>,
  now: Date,
): TimestampPolicy | undefined {
  if (sealing.level === 'B-B' || urls.length === 0) return undefined;
  const triedMs = now.getTime() - (effect.startedAt ?? now).getTime();
  const patient = triedMs <= PATIENCE_MS || effect.attempts < PATIENCE_TRIES;
  const goOn = sealing.whenTsaDown === 'lower_level' && !patient;
  return { urls: [...urls], whenDown: goOn ? 'go_on' : 'fail' };
}

/** No time-stamp server answers, and the signing is to wait for one. */
export class WaitsForTimestamp extends Error {
  readonly code = 'waits_for_timestamp';
  readonly retryable = true;
}

/** Runs a step that may need a time-stamp; where the plan is to wait, a missing one is no failure of the signing. */
export async function awaitingTimestamps<T>({ sealing }: Signing, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const missing = (error as { code?: unknown }).code === 'timestamp_unavailable';
    if (!missing || sealing.whenTsaDown !== 'wait') throw error;
    throw new WaitsForTimestamp('no time-stamp server answers', { cause: error });
  }
}
