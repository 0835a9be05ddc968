import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Config } from '../config.ts';
import { startEmbeddedMongodb } from '../embedded-mongodb/start.ts';
import type { Logger } from '../logger.ts';
import { createPortalKeys } from '../pdf/certificate/create-portal-keys.ts';
import type { Clock } from '../ports/clock.ts';
import { connectStore } from '../storage/connect-store.ts';
import { createRateCounter } from '../storage/create-rate-counter.ts';
import { createRateLimiter } from '../storage/create-rate-limiter.ts';
import { createRepositories } from '../storage/create-repositories.ts';
import { createSecrets } from '../storage/create-secrets.ts';
import { loadAppSecret } from '../storage/load-app-secret.ts';

export type Stores = Awaited<ReturnType<typeof openStores>>;

/** Everything that remembers: MongoDB, or the embedded store where no `MONGODB_URI` is set. */
export async function openStores(config: Config, log: Logger, clock: Clock) {
  // Documents, keys and, without a mail server, links and codes: nobody else's on this machine.
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const secrets = createSecrets({ secret: await loadAppSecret(config), oldSecret: config.appSecretOld });
  const { store, close } = await connect(config, log);
  const { connection } = store;
  return {
    store,
    secrets,
    /** Names this process in leases. */
    owner: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    ...createRepositories({ connection, secrets, clock, log, keyFiles: createPortalKeys() }),
    rateLimiter: createRateLimiter({ connection, clock }),
    rateCounter: createRateCounter({ connection, clock }),
    close,
  };
}

async function connect(config: Config, log: Logger) {
  const embedded = config.mongodbUri
    ? undefined
    : await startEmbeddedMongodb({ dataDir: config.dataDir, log });
  if (embedded)
    log.info({ dataDir: config.dataDir }, 'using the embedded store: set MONGODB_URI for a MongoDB server');
  try {
    const store = await connectStore({ uri: config.mongodbUri || embedded!.uri, log });
    return {
      store,
      close: async () => {
        await store.close();
        await embedded?.close();
      },
    };
  } catch (error) {
    await embedded?.close();
    throw error;
  }
}

/**
 * Everything of a portal but its balance: that is the operator's account with the customer, and whoever could have it
 * deleted by uninstalling would get the start credits again and again.
 */
export function createPurgePortal(stores: Stores): (portalId: string) => Promise<void> {
  return async (portalId) => {
    await stores.runs.purgePortal(portalId);
    await stores.signings.purgePortal(portalId);
    await stores.balance.releaseAll(portalId);
    await stores.files.purgePortal(portalId);
    await stores.employees.purgePortal(portalId);
    await stores.settings.purgePortal(portalId);
    await stores.certificates.purgePortal(portalId);
    await stores.restLog.purgePortal(portalId);
    await stores.portals.purge(portalId);
  };
}
