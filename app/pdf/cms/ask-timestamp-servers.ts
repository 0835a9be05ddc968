import { PdfEngineFailure } from '../../ports/pdf-engine.ts';
import type { PostTimestampQuery, TimestampPolicy } from '../../ports/pdf-engine.ts';
import { requestTimestamp } from './request-timestamp.ts';

/**
 * Asks the servers in turn until one gives a token that holds.
 * @param policy whose `urls` are tried in their order
 * @param taken is told the time in the token that was taken
 * @returns gives a token (DER) for an imprint (SHA-256); rejects with PdfEngineFailure `timestamp_unavailable`, naming the
 *   servers and what was wrong with each, when none has a usable one
 */
export function timestampFrom(
  policy: Pick<TimestampPolicy, 'urls'>,
  post: PostTimestampQuery,
  taken: (time: Date) => void,
): (imprint: Uint8Array) => Promise<Uint8Array> {
  return async (imprint) => {
    const failures: string[] = [];
    for (const url of policy.urls) {
      try {
        const { token, time } = await requestTimestamp(imprint, (query) => post(url, query));
        taken(time);
        return token;
      } catch (error) {
        failures.push(`${hostOf(url)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    throw new PdfEngineFailure('timestamp_unavailable', `no time-stamp: ${failures.join('; ')}`);
  };
}

/** Whether what failed was asking for a time-stamp: the one failure that `whenDown: 'go_on'` gets over. */
export const isTimestampUnavailable = (error: unknown): error is PdfEngineFailure =>
  error instanceof PdfEngineFailure && error.code === 'timestamp_unavailable';

/** A server's address may carry an account's key: only its host goes into a message. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'not an address');
