import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.ts';
import { createContainer } from './container.ts';
import type { Container } from './container.ts';
import { createServer } from './http/create-server.ts';
import type { Logger } from './logger.ts';
import type { Clock } from './ports/clock.ts';
import { wireHttp } from './wiring/wire-http.ts';
import { wireWork } from './wiring/wire-work.ts';

export interface RunningApp {
  readonly container: Container;
  readonly port: number;
  /** Takes no new request, ends the running ones and the running jobs, closes the store. */
  close(): Promise<void>;
}

/** Slow clients are cut off: a body within 30 s, a request line and headers within 10 s. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** A request that has not ended by then does not hold up the stop. */
const DRAIN_MS = 10_000;

/** Starts what `ROLE` says: HTTP (`web`), jobs (`worker`), or both. */
export async function startApp(config: Config, log: Logger, clock?: Clock): Promise<RunningApp> {
  const container = await createContainer(config, log, clock);
  let server: Server | undefined;
  const close = async (): Promise<void> => {
    await stopListening(server);
    await container.jobs.stop();
    await container.close();
  };
  try {
    server = config.role === 'worker' ? undefined : await listen(container);
    if (config.role !== 'web') await container.jobs.start(wireWork(container));
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = (server?.address() ?? { port: 0 }) as AddressInfo;
  log.info({ port, role: config.role, publicUrl: config.publicUrl }, 'started');
  return {
    container,
    port,
    close: async () => {
      await close();
      log.info({}, 'stopped');
    },
  };
}

async function listen(container: Container): Promise<Server> {
  const { config, log } = container;
  const { mounts, render } = wireHttp(container);
  const https = config.publicUrl.startsWith('https:');
  if (https && config.trustProxy.length === 0) {
    log.warn({}, 'TRUST_PROXY is empty: behind a proxy everybody would share its address and its limits');
  }
  const app = createServer({ mounts, render, log, trustProxy: config.trustProxy, https });
  return new Promise((resolve, reject) => {
    const server: Server = app.listen(config.port, config.host, (error?: Error) =>
      error ? reject(error) : resolve(server),
    );
    server.headersTimeout = HEADERS_TIMEOUT_MS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
  });
}

async function stopListening(server: Server | undefined): Promise<void> {
  if (!server) return;
  await new Promise<void>((resolve) => {
    const impatient = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(impatient);
      resolve();
    });
    server.closeIdleConnections();
  });
}
