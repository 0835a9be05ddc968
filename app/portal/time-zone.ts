import type { BatchCommand, BatchOutcomes } from './batch.ts';
import { readText } from './read-values.ts';

/** Asks for the portal's time, whose offset is the zone its people live in (docs: common/system/server-time). */
export const TIME_COMMAND: BatchCommand = { key: 'time', method: 'server.time', params: {} };

/** The offset of the portal's time (`+03:00`); empty when it did not say. */
export function timeZoneIn(outcomes: BatchOutcomes): string {
  const outcome = outcomes.get(TIME_COMMAND.key);
  return outcome?.ok ? (/[+-]\d{2}:\d{2}$/.exec(readText(outcome.result))?.[0] ?? '') : '';
}
