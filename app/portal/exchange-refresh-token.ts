import axios from 'axios';
import { z } from 'zod';
import { PortalError } from '../ports/portal.ts';
import { isTrustedServer } from './bitrix-settings.ts';
import type { BitrixSettings } from './bitrix-settings.ts';
import type { PortalHttp } from './create-portal-http.ts';
import { readFailure } from './rest-error.ts';

/** What the OAuth server says about a token pair: the strongest proof there is of whose it is. */
export interface TokenGrant {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: Date;
  readonly memberId: string;
  readonly userId: string;
  readonly clientEndpoint: string;
  readonly serverEndpoint: string;
  readonly scope: string;
  /** App status letter (`F`, `L`, `S` …). */
  readonly status: string;
}

const answerSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires: z.coerce.number().int().positive().optional(),
  expires_in: z.coerce.number().int().positive().default(3600),
  member_id: z.string().min(1),
  user_id: z.coerce.string().default(''),
  client_endpoint: z.string().min(1),
  server_endpoint: z.string().default(''),
  scope: z.string().default(''),
  status: z.string().default(''),
});

/** The pair is dead or the app is not installed there: only a person of the portal can help. */
const DEAD = new Set(['invalid_grant', 'invalid_client', 'wrong_client']);
/** Long enough for a slow server: an answer that is given up on has used the pair up. */
const TIMEOUT_MS = 20_000;

/**
 * Exchanges a refresh token for the next pair. The old pair is used up, whether or not the answer arrives.
 * @throws PortalError `server_not_trusted`; `needs_reauth` (pair dead); `oauth_unavailable` (retryable); the server's code
 */
export async function exchangeRefreshToken(
  { bitrix, http, now }: { bitrix: BitrixSettings; http: PortalHttp; now: () => Date },
  { refreshToken, serverEndpoint }: { refreshToken: string; serverEndpoint: string },
): Promise<TokenGrant> {
  if (!isTrustedServer(bitrix, serverEndpoint)) {
    throw new PortalError('server_not_trusted', 'the OAuth server is not on the list', false);
  }
  const response = await axios
    .post<unknown>(
      new URL('/oauth/token/', serverEndpoint).href,
      new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: bitrix.clientId,
        client_secret: bitrix.clientSecret,
        refresh_token: refreshToken,
      }),
      {
        httpAgent: http.httpAgent,
        httpsAgent: http.httpsAgent,
        proxy: false,
        maxRedirects: 0,
        maxContentLength: 100_000,
        timeout: TIMEOUT_MS,
        validateStatus: () => true,
      },
    )
    .catch(() => {
      // Without its cause: axios errors carry the request with the client secret.
      throw new PortalError('oauth_unavailable', 'the OAuth server did not answer', true);
    });
  const answer = answerSchema.safeParse(response.data);
  if (response.status === 200 && answer.success) {
    const grant = answer.data;
    return {
      accessToken: grant.access_token,
      refreshToken: grant.refresh_token,
      expiresAt: new Date(grant.expires ? grant.expires * 1000 : now().getTime() + grant.expires_in * 1000),
      memberId: grant.member_id,
      userId: grant.user_id,
      // What the server answers is still checked: it decides where the tokens go.
      clientEndpoint: endpointWithSlash(http.assertAllowed(grant.client_endpoint).href),
      serverEndpoint: isTrustedServer(bitrix, grant.server_endpoint) ? grant.server_endpoint : serverEndpoint,
      scope: grant.scope,
      status: grant.status,
    };
  }
  const { code } = readFailure(response.status, response.data);
  if (DEAD.has(code)) throw new PortalError('needs_reauth', `token refresh: ${code}`, false);
  if (code && response.status < 500) throw new PortalError(code, `token refresh: ${code}`, false);
  throw new PortalError('oauth_unavailable', `token refresh: HTTP ${response.status}`, true);
}

const endpointWithSlash = (endpoint: string): string => (endpoint.endsWith('/') ? endpoint : `${endpoint}/`);
