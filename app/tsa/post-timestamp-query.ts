import axios from 'axios';
import type { Clock } from '../ports/clock.ts';
import type { PostTimestampQuery } from '../ports/pdf-engine.ts';

const TIMEOUT_MS = 10_000;
/** A server that did not answer is not asked again for so long: every job that waits for it holds a worker. */
const REST_MS = 30_000;
/** A token with a long chain is a few kilobytes. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** Asks a time-stamp server over HTTP (RFC 3161, 3.4). Only the operator's own servers are asked, never one named in a file. */
export function createPostTimestampQuery(options: {
  clock: Clock;
  /** Of one question, milliseconds. Default 10 s. */
  timeoutMs?: number;
}): PostTimestampQuery {
  const { clock, timeoutMs = TIMEOUT_MS } = options;
  const restUntil = new Map<string, number>();
  return async (url, query) => {
    const now = clock.now().getTime();
    if (now < (restUntil.get(url) ?? 0)) throw new Error('it did not answer a moment ago');
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await axios.post<ArrayBuffer>(url, Buffer.from(query), {
        headers: { 'Content-Type': 'application/timestamp-query', Accept: 'application/timestamp-reply' },
        responseType: 'arraybuffer',
        signal,
        maxContentLength: MAX_ANSWER_BYTES,
        maxRedirects: 0,
      });
      restUntil.delete(url);
      return new Uint8Array(answer.data);
    } catch (error) {
      if (signal.aborted) restUntil.set(url, clock.now().getTime() + REST_MS);
      throw error;
    }
  };
}
