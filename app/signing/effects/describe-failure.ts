import { randomUUID } from 'node:crypto';
import type { Effect, EffectFailure } from '../../domain/effect.ts';

/** An error that does not say whether it may pass is tried this often. */
const TRIES_OF_UNKNOWN = 4;

/** Errors that end when a person or another service does something, with nothing wrong here. */
const WAITS = new Set(['needs_reauth', 'signing_stopped', 'waits_for_timestamp']);

/** The portal is gone with the app's installation: there is nothing to show anything in. */
const GONE = new Set(['uninstalled', 'unknown_portal']);

const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
};

export const isPortalGone = (error: unknown): boolean => GONE.has(codeOf(error));

/** An error as it is kept with the effect. The reference is what the log has too. */
export function describeFailure(error: unknown, effect: Pick<Effect, 'attempts'>): EffectFailure {
  const { retryable, retryAfterS } = (error ?? {}) as { retryable?: unknown; retryAfterS?: unknown };
  const code = codeOf(error);
  return {
    text: code || (error instanceof Error ? error.name : 'unknown'),
    reference: randomUUID().slice(0, 8),
    retryable: typeof retryable === 'boolean' ? retryable : effect.attempts + 1 < TRIES_OF_UNKNOWN,
    waits: WAITS.has(code),
    ...(typeof retryAfterS === 'number' ? { retryAfterS } : {}),
  };
}
