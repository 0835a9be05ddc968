import type { Request } from 'express';
import type { Clock } from '../ports/clock.ts';
import type { RateCounter } from '../ports/rate-counter.ts';
import { HttpError } from './http-error.ts';
import { addressKey, hash } from './rate-limit.ts';

/**
 * Posts whose truth only the portal or the OAuth server can tell (frames, installations, first events). Asking costs the
 * named portal a part of its two requests a second, so whoever invents posts must not be able to use them up.
 */
export interface UnprovenPosts {
  /**
   * Before anybody is asked about a post.
   * @param portalId as the post claims it
   * @throws HttpError 429
   */
  admit(req: Request, portalId: string): Promise<void>;
  /** The post was invented. */
  refused(req: Request): Promise<void>;
}

const WINDOW_S = 60;
/** Portals do not send forgeries by mistake: so many, and the address is not listened to for the rest of the window. */
const REFUSED = { max: 30, windowS: 600 };
const MAX_SHUT_OUT = 10_000;

/**
 * The counts are shared by all processes; who is shut out each of them learns by one more refusal.
 * @param name keeps the kinds of posts apart: an address of Bitrix24's cloud speaks for many portals
 * @param perMinute how often one address may have us ask about one portal
 */
export function createUnprovenPosts(
  name: string,
  perMinute: number,
  { counter, clock }: { counter: RateCounter; clock: Clock },
): UnprovenPosts {
  const shutOutUntil = new Map<string, number>();

  return {
    async admit(req, portalId) {
      const address = addressKey(req);
      if ((shutOutUntil.get(address) ?? 0) > clock.now().getTime()) throw new HttpError(429, 'too_many');
      const asked = await counter.hit(`${name}:${address}:${hash(portalId)}`, WINDOW_S);
      if (asked > perMinute) throw new HttpError(429, 'too_many');
    },
    async refused(req) {
      const address = addressKey(req);
      if ((await counter.hit(`${name}-refused:${address}`, REFUSED.windowS)) < REFUSED.max) return;
      shutOutUntil.delete(address);
      shutOutUntil.set(address, clock.now().getTime() + REFUSED.windowS * 1000);
      const oldest = shutOutUntil.keys().next();
      if (shutOutUntil.size > MAX_SHUT_OUT && !oldest.done) shutOutUntil.delete(oldest.value);
    },
  };
}
