import { createPortal } from '../../../app/portal/create-portal.ts';
import { createPortalGateway } from '../../../app/portal/create-portal-gateway.ts';
import { createPortalHttp } from '../../../app/portal/create-portal-http.ts';
import { createRateLimiter } from '../../../app/storage/create-rate-limiter.ts';
import type { PortalInstallation } from '../../../app/ports/portal-store.ts';
import { startStandInPortal } from '../../portal/start.ts';
import type { StandInPortal, StandInPortalOptions } from '../../portal/types.ts';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';

export const CLIENT = { clientId: 'app.countersign', clientSecret: 'client secret for tests' };
export const APP_CODE = 'acme.countersign';

export const bitrixOf = (portal: StandInPortal) => ({
  ...CLIENT,
  authServers: [portal.oauthUrl],
  appCode: APP_CODE,
  allowLoopback: true,
});

export interface GatewayOptions {
  readonly timeoutMs?: number;
  /** Real waiting is left out: pauses are recorded. */
  readonly pauses?: number[];
}

/** A gateway on a store, as a process of the app has it. */
export function gatewayOn(
  portal: StandInPortal,
  store: TestStore,
  { timeoutMs, pauses = [] }: GatewayOptions = {},
) {
  const bitrix = bitrixOf(portal);
  const http = createPortalHttp({ allowLoopback: true, privateHosts: [], timeoutMs });
  const wait = async (ms: number): Promise<void> => void pauses.push(ms);
  const rateLimiter = createRateLimiter({ connection: store.connection, clock: store.clock });
  const { portals, restLog, clock, log } = store;
  const gateway = createPortalGateway({ portals, bitrix, http, restLog, rateLimiter, clock, log, wait });
  return { bitrix, http, rateLimiter, gateway, portal: createPortal({ gateway, log }) };
}

/** The installation as the installer leaves it, without running it. */
export function installationOf(portal: StandInPortal, now: Date): PortalInstallation {
  const pair = portal.issueToken({ userId: 1 });
  return {
    id: portal.memberId,
    domain: portal.domain,
    clientEndpoint: portal.clientEndpoint,
    serverEndpoint: portal.serverEndpoint,
    applicationToken: 'application token',
    state: 'active',
    language: 'ru',
    version: '1',
    scope: 'crm,bizproc,placement,im,user_basic',
    features: { robots: true, activities: true },
    tokens: {
      userId: '1',
      accessToken: pair.accessToken,
      refreshToken: pair.refreshToken,
      expiresAt: new Date(pair.expires * 1000),
    },
    installedAt: now,
    updatedAt: now,
  };
}

/** A stand-in portal with our app on it, a store, and a gateway between them. */
export async function openPortal(options: StandInPortalOptions & GatewayOptions = {}) {
  const store = await openTestStore();
  const standIn = await startStandInPortal({
    rateLimit: false,
    appCode: APP_CODE,
    ...CLIENT,
    appUrl: 'http://127.0.0.1:9/app',
    ...options,
  });
  await standIn.installApp({ open: false });
  await standIn.finishInstall();
  await store.portals.save(installationOf(standIn, store.clock.now()));
  return {
    store,
    standIn,
    id: standIn.memberId,
    ...gatewayOn(standIn, store, options),
    async close() {
      await standIn.close();
      await store.close();
    },
  };
}

export type OpenedPortal = Awaited<ReturnType<typeof openPortal>>;

/** The error of a promise that must fail. */
export async function failureOf<T = Error & { code: string; retryable: boolean }>(
  promise: Promise<unknown>,
): Promise<T> {
  try {
    await promise;
  } catch (error) {
    return error as T;
  }
  throw new Error('expected a failure');
}
