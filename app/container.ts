import { readFile } from 'node:fs/promises';
import type { Config } from './config.ts';
import { createJobs } from './jobs/create-jobs.ts';
import type { Logger } from './logger.ts';
import { createPdfEngine } from './pdf/create-pdf-engine.ts';
import { loadSealCertificate } from './pdf/certificate/load-seal-certificate.ts';
import { readAnchors } from './pdf/certificate/read-anchors.ts';
import { createPortal } from './portal/create-portal.ts';
import { createPortalGateway } from './portal/create-portal-gateway.ts';
import { createPortalHttp } from './portal/create-portal-http.ts';
import type { Clock } from './ports/clock.ts';
import { createFetchValidationData } from './tsa/fetch-validation-data.ts';
import { createPostTimestampQuery } from './tsa/post-timestamp-query.ts';
import { createPurgePortal, openStores } from './wiring/open-stores.ts';
import type { Stores } from './wiring/open-stores.ts';
import { wireSigning } from './wiring/wire-signing.ts';

export type Container = Awaited<ReturnType<typeof createContainer>>;

const systemClock: Clock = { now: () => new Date() };

/**
 * The composition root: the one place where the app's parts are made and given to each other. Nothing runs yet; see
 * `start-app.ts` for HTTP and jobs.
 */
export async function createContainer(config: Config, log: Logger, clock: Clock = systemClock) {
  const stores = await openStores(config, log, clock);
  try {
    return await build(config, log, clock, stores);
  } catch (error) {
    // A store that stays open would keep the process alive: it would look up and serve nothing.
    await stores.close();
    throw error;
  }
}

async function build(config: Config, log: Logger, clock: Clock, stores: Stores) {
  const certificate = await loadSealCertificate({
    ...(config.sealP12 ? { p12: await readFile(config.sealP12), password: config.sealP12Password } : {}),
    dataDir: config.dataDir,
  });
  const trustAnchors = config.trustAnchors ? readAnchors(await readFile(config.trustAnchors, 'utf8')) : [];
  const postTimestampQuery = createPostTimestampQuery({ clock });
  const pdf = createPdfEngine({
    certificate,
    certificateOf: (portalId) => stores.certificates.sealCertificate(portalId),
    log,
    postTimestampQuery,
    fetchValidationData: createFetchValidationData({ privateHosts: config.privateHosts, clock }),
  });

  const http = createPortalHttp({
    allowLoopback: config.bitrix.allowLoopback,
    privateHosts: config.privateHosts,
  });
  const { portals, rateLimiter, restLog } = stores;
  const tools = { bitrix: config.bitrix, http, rateLimiter, restLog, clock, log };
  const gateway = createPortalGateway({ ...tools, portals });
  const portal = createPortal({ gateway, log });

  const jobs = await createJobs({ db: stores.store.db, trackIntervalS: config.trackIntervalS, log });
  const signing = wireSigning({ config, log, clock, stores, jobs, pdf, portal });

  return {
    ...stores,
    ...signing,
    config,
    log,
    clock,
    certificate,
    trustAnchors,
    postTimestampQuery,
    pdf,
    tools,
    gateway,
    portal,
    jobs,
    purgePortal: createPurgePortal(stores),
    async close() {
      await pdf.close();
      await stores.close();
    },
  };
}
