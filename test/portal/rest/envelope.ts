import { isoDate } from '../clock.ts';
import type { Clock } from '../types.ts';
import { RestError } from './rest-error.ts';

/** The `time` of an answer. */
export function timeOf(clock: Clock, startedAt: number): Record<string, unknown> {
  const now = clock.now();
  return {
    start: startedAt / 1000,
    finish: now / 1000 + 0.02,
    duration: 0.02,
    processing: 0.01,
    date_start: isoDate(startedAt),
    date_finish: isoDate(now),
    operating_reset_at: Math.floor(now / 1000) + 600,
    operating: 0.01,
  };
}

/** PHP knows one empty array: an empty map is written `[]`. */
export function asPhpJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asPhpJson);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  if (entries.length === 0) return [];
  return Object.fromEntries(entries.map(([key, inner]) => [key, asPhpJson(inner)]));
}

/** A map as PHP writes it: keys 0…n-1 in order make a list. */
export function phpArray(map: Record<string, unknown>): unknown {
  const keys = Object.keys(map);
  return keys.every((key, index) => key === String(index)) ? Object.values(map) : map;
}

export function errorBody(error: RestError): Record<string, unknown> {
  return { error: error.code, error_description: error.message, ...error.extra };
}
