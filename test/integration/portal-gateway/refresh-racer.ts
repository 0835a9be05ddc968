/** A process of the app that calls a portal at a given moment; run by refresh-race.test.ts. */
import { createLogger } from '../../../app/logger.ts';
import { createPortalGateway } from '../../../app/portal/create-portal-gateway.ts';
import { createPortalHttp } from '../../../app/portal/create-portal-http.ts';
import { connectStore } from '../../../app/storage/connect-store.ts';
import { createPortalStore } from '../../../app/storage/create-portal-store.ts';
import { createRateLimiter } from '../../../app/storage/create-rate-limiter.ts';
import { createRestLog } from '../../../app/storage/create-rest-log.ts';
import { createSecrets } from '../../../app/storage/create-secrets.ts';

export interface RacerInput {
  readonly uri: string;
  readonly portalId: string;
  readonly calls: number;
  readonly bitrix: Parameters<typeof createPortalGateway>[0]['bitrix'];
}

const input = JSON.parse(process.argv[2] ?? '{}') as RacerInput;
const clock = { now: () => new Date() };
const log = createLogger('silent');
const store = await connectStore({ uri: input.uri, log });
const { connection } = store;
const gateway = createPortalGateway({
  portals: createPortalStore({
    connection,
    secrets: createSecrets({ secret: 'a secret for tests only' }),
    clock,
    log,
  }),
  bitrix: input.bitrix,
  http: createPortalHttp({ allowLoopback: true, privateHosts: [] }),
  restLog: createRestLog({ connection, clock }),
  rateLimiter: createRateLimiter({ connection, clock }),
  clock,
  log,
});

process.send?.('ready');
await new Promise<void>((resolve) => process.once('message', () => resolve()));
const outcomes = await Promise.allSettled(
  Array.from({ length: input.calls }, () => gateway.call(input.portalId, 'profile')),
);
process.send?.(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'ok' : String(outcome.reason))));
await store.close();
process.disconnect();
