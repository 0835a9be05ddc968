import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Request, RequestHandler } from 'express';
import type { RateCounter } from '../ports/rate-counter.ts';
import { HttpError } from './http-error.ts';

export interface RateLimit {
  /** What is limited; keeps counters apart. */
  readonly name: string;
  readonly max: number;
  readonly windowS: number;
}

/** Who is counted: the network address, or the link in the path (`:token`). Hashed, since the store keeps it. */
export type CountedBy = 'address' | 'link';

export const hash = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** One customer's IPv6 line is a /64 at least: counting single addresses would count nothing. */
function network(ip: string): string {
  if (!isIPv6(ip) || ip.startsWith('::ffff:')) return ip;
  const [head = '', tail] = ip.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail?.split(':').filter(Boolean) ?? [];
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}

export const addressKey = (req: Request): string => `ip:${hash(network(req.ip ?? ''))}`;

const keyOf = (req: Request, by: CountedBy): string =>
  by === 'link' ? `link:${hash(String(req.params['token'] ?? ''))}` : addressKey(req);

export interface RateLimiting {
  /** Refuses with 429 what goes beyond the limit. */
  limit(by: CountedBy, limit: RateLimit): RequestHandler;
  /** Counts one event now. @throws HttpError 429 when there were too many */
  count(req: Request, by: CountedBy, limit: RateLimit): Promise<void>;
}

/** Limits that all processes share, since the counter is in the store. */
export function createRateLimiting(deps: { counter: RateCounter }): RateLimiting {
  const count: RateLimiting['count'] = async (req, by, { name, max, windowS }) => {
    if ((await deps.counter.hit(`${name}:${keyOf(req, by)}`, windowS)) > max)
      throw new HttpError(429, 'too_many');
  };
  return {
    count,
    limit: (by, limit) => async (req, _res, next) => {
      await count(req, by, limit);
      next();
    },
  };
}
