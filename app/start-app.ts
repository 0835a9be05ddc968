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

/** Starts what `ROLE` says: HTTP (`web`), jobs (`worker`), or both. */
export async function startApp(config: Config, log: Logger, clock?: Clock): Promise<RunningApp> {
  const container = await createContainer(config, log, clock);
  try {
    const server = config.role === 'worker' ? undefined : await listen(container);
    if (config.role !== 'web') await container.jobs.start(wireWork(container));
    const { port } = (server?.address() ?? { port: 0 }) as AddressInfo;
    log.info({ port, role: config.role, publicUrl: config.publicUrl }, 'started');
    return {
      container,
      port,
      async close() {
        await stopListening(server);
        await container.jobs.stop();
        await container.close();
        log.info({}, 'stopped');
      },
    };
  } catch (error) {
    await container.close();
    throw error;
  }
}

async function listen(container: Container): Promise<Server> {
  const { config, log } = container;
  const { mounts, render } = wireHttp(container);
  const https = config.publicUrl.startsWith('https:');
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
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
