import axios from 'axios';
import type { PostTimestampQuery } from '../ports/pdf-engine.ts';

const TIMEOUT_MS = 10_000;
/** A token with a long chain is a few kilobytes. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** Asks a time-stamp server over HTTP (RFC 3161, 3.4). Only the operator's own servers are asked, never one named in a file. */
export function createPostTimestampQuery(): PostTimestampQuery {
  return async (url, query) => {
    const answer = await axios.post<ArrayBuffer>(url, Buffer.from(query), {
      headers: { 'Content-Type': 'application/timestamp-query', Accept: 'application/timestamp-reply' },
      responseType: 'arraybuffer',
      timeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      maxContentLength: MAX_ANSWER_BYTES,
      maxRedirects: 0,
    });
    return new Uint8Array(answer.data);
  };
}
