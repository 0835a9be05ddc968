import type { Clock } from './types.ts';

/** A clock that follows `base` and can be moved forward. */
export interface MovableClock extends Clock {
  advance(ms: number): void;
}

export function createMovableClock(base: Clock = { now: () => Date.now() }): MovableClock {
  let offset = 0;
  return {
    now: () => base.now() + offset,
    advance(ms) {
      offset += ms;
    },
  };
}

/** ISO 8601 with the portal's offset, as REST answers carry dates. */
export function isoDate(ms: number): string {
  return new Date(ms + 3 * 3600_000).toISOString().replace(/\.\d+Z$/, '+03:00');
}

/** The portal's site format, as robot properties carry dates. */
export function siteDate(ms: number): string {
  const iso = isoDate(ms);
  return `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}
