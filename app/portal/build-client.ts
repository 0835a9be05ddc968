import { ApiVersion, B24OAuth, EnumAppStatus } from '@bitrix24/b24jssdk';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { RestLog } from '../ports/rest-log.ts';
import type { BitrixSettings } from './bitrix-settings.ts';
import type { PortalHttp } from './create-portal-http.ts';
import { isRecord, readFailure } from './rest-error.ts';
import { shapeOf } from './shape-of.ts';

/** Whose client it is: one set of endpoints and one access token, never changed. */
export interface ClientIdentity {
  readonly portalId: string;
  readonly clientEndpoint: string;
  readonly serverEndpoint: string;
  readonly accessToken: string;
  readonly userId: string;
}

/** The pair a refused client goes on with. */
export interface RefreshedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly clientEndpoint: string;
  readonly serverEndpoint: string;
}

export interface ClientTools {
  readonly bitrix: BitrixSettings;
  readonly http: PortalHttp;
  readonly rateLimiter: RateLimiter;
  readonly restLog: Pick<RestLog, 'append'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Never reached: whether a token has expired is judged by our clock and by the portal, not by the SDK. */
const FAR_FUTURE_S = 32_503_680_000;
const MAX_ANSWER_BYTES = 50_000_000;

/**
 * A B24OAuth that keeps its hands off what we do ourselves: no retries (they would repeat adds), no rate of its own (the
 * portal's is shared by all processes), no redirects (axios would turn a POST into a GET).
 * @param refresh called when the portal refuses the token; the SDK then repeats the refused request once
 */
export function buildClient(
  identity: ClientIdentity,
  tools: ClientTools,
  refresh: () => Promise<RefreshedTokens>,
): B24OAuth {
  const { bitrix } = tools;
  const client = new B24OAuth(
    {
      applicationToken: '',
      userId: Number(identity.userId) || 0,
      memberId: identity.portalId,
      accessToken: identity.accessToken,
      refreshToken: 'unused',
      expires: FAR_FUTURE_S,
      expiresIn: 3600,
      scope: '',
      domain: new URL(identity.clientEndpoint).host,
      clientEndpoint: identity.clientEndpoint,
      serverEndpoint: identity.serverEndpoint,
      status: EnumAppStatus.Free,
    },
    { clientId: bitrix.clientId, clientSecret: bitrix.clientSecret },
    {
      restrictionParams: {
        maxRetries: 1,
        retryOnNetworkError: false,
        rateLimit: { burstLimit: 1_000_000, drainRate: 1_000_000, adaptiveEnabled: false },
        operatingLimit: { windowMs: 600_000, limitMs: 1_000_000_000, heavyPercent: 100 },
        adaptiveConfig: { enabled: false, thresholdPercent: 100, coefficient: 0.001, maxDelay: 1 },
      },
    },
  );
  client.setCustomRefreshAuth(async () => {
    const fresh = await refresh();
    return {
      access_token: fresh.accessToken,
      refresh_token: fresh.refreshToken,
      expires: String(FAR_FUTURE_S),
      expires_in: '3600',
      client_endpoint: fresh.clientEndpoint,
      server_endpoint: fresh.serverEndpoint,
      member_id: identity.portalId,
      scope: '',
      status: EnumAppStatus.Free,
      domain: new URL(fresh.clientEndpoint).host,
    };
  });
  watch(client, identity, tools);
  return client;
}

/** Every HTTP request of the client, the SDK's own repeat after a refresh included: budget before, log after. */
function watch(client: B24OAuth, { portalId }: ClientIdentity, tools: ClientTools): void {
  const { http, rateLimiter, restLog, log } = tools;
  const { interceptors } = client.getHttpClient(ApiVersion.v2).ajaxClient;
  const started = new WeakMap<object, number>();

  const record = (config: InternalAxiosRequestConfig, response: AxiosResponse | undefined): void => {
    const url = new URL(config.url ?? '', 'http://unknown');
    const method = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
    const status = response?.status ?? 0;
    const body: unknown = response?.data;
    const entry = {
      portalId,
      method,
      status,
      code: status === 200 ? batchCodes(body) : readFailure(status, body).code,
      durationMs: Math.round(performance.now() - (started.get(config) ?? performance.now())),
      requestId: url.searchParams.get('bx24_request_id') ?? '',
      paramShape: shapeOf(method, parameters(config.data)),
    };
    Promise.resolve()
      .then(() => restLog.append(entry))
      .catch((err: unknown) => log.warn({ portalId, err }, 'the request log was not written'));
  };

  interceptors.request.use(async (config) => {
    await rateLimiter.take(portalId, 1);
    started.set(config, performance.now());
    return Object.assign(config, {
      httpAgent: http.httpAgent,
      httpsAgent: http.httpsAgent,
      proxy: false,
      maxRedirects: 0,
      maxContentLength: MAX_ANSWER_BYTES,
      timeout: http.timeoutMs,
    });
  });
  interceptors.response.use(
    (response) => {
      record(response.config, response);
      return response;
    },
    (error: Error & { config?: InternalAxiosRequestConfig; response?: AxiosResponse }) => {
      if (error.config) record(error.config, error.response);
      throw error;
    },
  );
}

/** The error codes of a batch's commands, each once. */
function batchCodes(body: unknown): string {
  const outer = isRecord(body) ? body['result'] : undefined;
  const errors = isRecord(outer) ? outer['result_error'] : undefined;
  if (!isRecord(errors)) return '';
  return [
    ...new Set(Object.values(errors).map((error) => readFailure(400, error).code || 'bad_request')),
  ].join(',');
}

function parameters(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : data;
  } catch {
    return undefined;
  }
}
