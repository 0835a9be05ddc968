import { isIP } from 'node:net';
import axios from 'axios';
import { createGuardedAgents } from '../net/guarded-agents.ts';
import type { Lookup } from '../net/guarded-agents.ts';
import { isPrivateAddress } from '../net/private-address.ts';
import type { Clock } from '../ports/clock.ts';
import type { FetchValidationData } from '../ports/pdf-engine.ts';
import { createAnswerCache } from './answer-cache.ts';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 10 * 2 ** 20;

/**
 * Asks certificate authorities for OCSP answers, revocation lists and certificates. Over http too: that is how they are
 * published, and what comes is signed (RFC 5280, 8). The addresses come from certificates, which may be anybody's: only
 * public ones are connected to, redirects are not followed, and what an error says of a host is its name.
 * @param privateHosts names that may be on a private network (an authority inside the company)
 */
export function createFetchValidationData(options: {
  privateHosts: readonly string[];
  clock: Clock;
  lookup?: Lookup;
}): FetchValidationData {
  const privateHosts = new Set(options.privateHosts.map((host) => host.toLowerCase()));
  const mayConnect = (hostname: string, address: string): boolean =>
    !isPrivateAddress(address) || privateHosts.has(hostname.toLowerCase());
  const agents = createGuardedAgents(mayConnect, options.lookup);
  const cache = createAnswerCache(options.clock);

  const assertAllowed = (text: string): void => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
      throw new Error('not an address that is asked');
    }
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && !mayConnect(host, host)) throw new Error(`${host}: not a public address`);
  };

  return async (url, query) => {
    assertAllowed(url);
    const known = query ? undefined : cache.get(url);
    if (known) return known;
    const answer = await axios.request<ArrayBuffer>({
      url,
      ...agents,
      method: query ? 'POST' : 'GET',
      data: query && Buffer.from(query),
      headers: query && { 'Content-Type': 'application/ocsp-request', Accept: 'application/ocsp-response' },
      responseType: 'arraybuffer',
      timeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      maxContentLength: MAX_ANSWER_BYTES,
      maxRedirects: 0,
      proxy: false,
    });
    const bytes = new Uint8Array(answer.data);
    if (!query) cache.put(url, bytes, answer.headers);
    return bytes;
  };
}
