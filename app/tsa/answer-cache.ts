import type { Clock } from '../ports/clock.ts';

const HOUR_MS = 3600_000;
/** For servers that say nothing about how long their answer is good. */
const DEFAULT_MS = 10 * 60_000;
const MAX_ENTRIES = 100;
const MAX_BYTES = 32 * 2 ** 20;

/** HTTP headers by lower-case name. */
type Headers = Readonly<Record<string, unknown>>;

/** How long an answer may be used again: what its server says (RFC 9111), an hour at most. */
function freshFor(headers: Headers, now: Date): number {
  const control = textOf(headers['cache-control']);
  if (/\bno-(store|cache)\b/i.test(control)) return 0;
  const age = /\bmax-age=(\d+)/i.exec(control)?.[1];
  if (age !== undefined) return Math.min(HOUR_MS, Number(age) * 1000);
  const expires = Date.parse(textOf(headers['expires']));
  return Number.isNaN(expires) ? DEFAULT_MS : Math.min(HOUR_MS, Math.max(0, expires - now.getTime()));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Keeps what authorities publish, by address: a busy hour of signing asks for the same revocation list a hundred times.
 * Bounded in number and in bytes; the oldest go first.
 */
export function createAnswerCache(clock: Clock) {
  const kept = new Map<string, { bytes: Uint8Array; until: number }>();
  let total = 0;
  const drop = (url: string): void => {
    total -= kept.get(url)?.bytes.length ?? 0;
    kept.delete(url);
  };
  return {
    get(url: string): Uint8Array | undefined {
      const entry = kept.get(url);
      if (entry && entry.until > clock.now().getTime()) return entry.bytes;
      drop(url);
      return undefined;
    },
    put(url: string, bytes: Uint8Array, headers: Headers): void {
      drop(url);
      const now = clock.now();
      const fresh = freshFor(headers, now);
      if (fresh <= 0 || bytes.length > MAX_BYTES / 4) return;
      kept.set(url, { bytes, until: now.getTime() + fresh });
      total += bytes.length;
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_ENTRIES && total <= MAX_BYTES) break;
        drop(oldest);
      }
    },
  };
}
