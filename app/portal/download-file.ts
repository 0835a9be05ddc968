import http from 'node:http';
import https from 'node:https';
import type { IncomingMessage } from 'node:http';
import { PortalError } from '../ports/portal.ts';
import type { ClientTools } from './build-client.ts';
import type { UsableInstallation } from './create-token-refresher.ts';
import { portalError } from './rest-error.ts';

/** Of a whole download: a slow or stalled one is given up and tried again by the job. */
const DEADLINE_MS = 60_000;

/**
 * Fetches a file from the portal's own host. No redirects; the size is counted while reading, whatever the header says.
 * @throws PortalError `host_not_allowed`, `stale_link`, `too_large`, `no_answer` …
 */
export async function downloadFile(
  tools: ClientTools,
  { installation, url, maxBytes }: { installation: UsableInstallation; url: string; maxBytes: number },
): Promise<Uint8Array> {
  const target = tools.http.assertAllowed(url);
  const home = new URL(installation.clientEndpoint);
  if (target.origin !== home.origin) {
    throw new PortalError('host_not_allowed', 'the file is not on the portal itself', false);
  }
  // The address is signed for the token that asked for it (b24 docs: crm/document-generator).
  const token = target.searchParams.get('auth');
  if (token !== null && token !== installation.tokens.accessToken) {
    throw new PortalError('stale_link', 'the address of the file belongs to an older token', true);
  }
  await tools.rateLimiter.take(installation.id, 1);
  const method = decodeURIComponent(target.pathname.split('/').at(-1) ?? '').replace(/\.json$/, '');
  const startedAt = performance.now();
  let status = 0;
  let code = '';
  try {
    const response = await open(tools, target);
    status = response.statusCode ?? 0;
    if (status !== 200) {
      response.destroy();
      if (status === 401)
        throw new PortalError('stale_link', 'the portal refuses the address of the file', true);
      throw portalError(method, { status, code: '', description: '' }, tools.clock.now());
    }
    return await readBody(response, maxBytes);
  } catch (error) {
    const failure =
      error instanceof PortalError
        ? error
        : portalError(method, { status: 0, code: '', description: '' }, tools.clock.now());
    code = failure.code;
    throw failure;
  } finally {
    const durationMs = Math.round(performance.now() - startedAt);
    const entry = {
      portalId: installation.id,
      method,
      status,
      code,
      durationMs,
      requestId: '',
      paramShape: 'file',
    };
    Promise.resolve()
      .then(() => tools.restLog.append(entry))
      .catch((err: unknown) =>
        tools.log.warn({ portalId: installation.id, err }, 'the request log was not written'),
      );
  }
}

function open(tools: ClientTools, target: URL): Promise<IncomingMessage> {
  const secure = target.protocol === 'https:';
  const options = {
    agent: secure ? tools.http.httpsAgent : tools.http.httpAgent,
    headers: { 'User-Agent': 'countersign', Accept: '*/*' },
    signal: AbortSignal.timeout(DEADLINE_MS),
    timeout: tools.http.timeoutMs,
  };
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).get(target, options, resolve);
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
  });
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new PortalError('too_large', `the file has more than ${maxBytes} bytes`, false);
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
    response.destroy();
    throw tooLarge();
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > maxBytes) {
      response.destroy();
      throw tooLarge();
    }
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts, size));
}
