import { randomBytes, randomInt } from 'node:crypto';
import type { CodeState } from '../../domain/signing.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { SignerRefusal } from './signer-refusal.ts';

export const CODE_DIGITS = 6;
export const CODE_TTL_S = 300;
export const CODE_TRIES = 5;
export const CODE_SENDS = 5;
/** Seconds between two codes. */
export const CODE_PAUSE_S = 30;
/** Seconds after the last code until the count of codes begins anew: the way out of having used them all. */
export const CODE_REST_S = 3600;

const PURPOSE = 'one-time-code';

/** Six digits, all equally likely. */
export const drawCode = (): string =>
  randomInt(10 ** CODE_DIGITS)
    .toString()
    .padStart(CODE_DIGITS, '0');
export const drawSalt = (): string => randomBytes(12).toString('base64url');

/** A code with the spaces and dashes that people and mail programs put into it taken out. */
export const normaliseCode = (typed: string): string => typed.replace(/[\s-]/g, '');

/**
 * When the next code may be asked for.
 * @returns seconds to wait; 0 when it may be now; `exhausted` when that is because all sends are used up
 */
export function waitForCode(
  previous: CodeState | undefined,
  now: Date,
): { waitS: number; exhausted: boolean } {
  if (!previous) return { waitS: 0, exhausted: false };
  const sinceS = (now.getTime() - previous.sentAt.getTime()) / 1000;
  const exhausted = previous.sends >= CODE_SENDS;
  return { waitS: Math.max(0, Math.ceil((exhausted ? CODE_REST_S : CODE_PAUSE_S) - sinceS)), exhausted };
}

export interface OneTimeCodes {
  /**
   * The state to store for a new code; the code before it is worth nothing any more.
   * @param who signing and signer id: a fingerprint is good for one signer only
   * @throws SignerRefusal `code_wait`, `code_exhausted`
   */
  issue(
    who: readonly [string, string],
    drawn: { code: string; salt: string },
    channel: CodeState['channel'],
    previous: CodeState | undefined,
    now: Date,
  ): CodeState;
  /**
   * Whether a typed code is the right one; constant time.
   * @throws SignerRefusal `code_missing`, `code_locked`, `code_expired`
   */
  check(who: readonly [string, string], typed: string, state: CodeState | undefined, now: Date): boolean;
}

export function createOneTimeCodes({ secrets }: { secrets: Secrets }): OneTimeCodes {
  return {
    issue(who, { code, salt }, channel, previous, now) {
      const { waitS, exhausted } = waitForCode(previous, now);
      if (waitS > 0 && exhausted)
        throw new SignerRefusal('code_exhausted', { minutes: Math.ceil(waitS / 60) });
      if (waitS > 0) throw new SignerRefusal('code_wait', { seconds: waitS });
      return {
        // Keyed: six digits could be tried out against a plain hash in a copied database.
        hash: `${salt}.${secrets.mac(PURPOSE, ...who, salt, code)}`,
        channel,
        sentAt: now,
        expiresAt: new Date(now.getTime() + CODE_TTL_S * 1000),
        triesLeft: CODE_TRIES,
        sends: previous && !exhausted ? previous.sends + 1 : 1,
      };
    },
    check(who, typed, state, now) {
      if (!state) throw new SignerRefusal('code_missing');
      if (state.triesLeft <= 0) throw new SignerRefusal('code_locked');
      if (state.expiresAt <= now) throw new SignerRefusal('code_expired');
      const [salt = '', mac = ''] = state.hash.split('.');
      // Fingerprinting what was typed keeps its length and content out of the comparison.
      return secrets.isMac(mac, PURPOSE, ...who, salt, normaliseCode(typed));
    },
  };
}
