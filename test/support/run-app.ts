import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../app/config.ts';
import { createLogger } from '../../app/logger.ts';
import type { Clock } from '../../app/ports/clock.ts';
import { startApp } from '../../app/start-app.ts';
import type { RunningApp } from '../../app/start-app.ts';
import { startStandInPortal } from '../portal/start.ts';
import type { StandInPortal } from '../portal/types.ts';
import { readOutbox } from './read-outbox.ts';
import { withDatabase } from './store.ts';
import type { OutboxMessage } from './read-outbox.ts';

export const APP_CODE = 'acme.countersign';
const CLIENT = { clientId: 'app.0123456789abcdef.01234567', clientSecret: 'a client secret for tests' };
export const SCOPE = 'crm,bizproc,placement,im,user_basic';

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Stage {
  readonly portal: StandInPortal;
  readonly app: RunningApp;
  readonly url: string;
  readonly dataDir: string;
  /** The environment the app was started with, for starting it again or in a process of its own. */
  readonly env: Record<string, string>;
  readonly outbox: () => Promise<OutboxMessage[]>;
  /** Stops and starts the app on the same data. */
  restart(env?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

/** On an outside server every stage gets a database of its own. */
const freshDatabase = (uri: string): string => withDatabase(uri, `stage_${randomUUID().replaceAll('-', '')}`);

/** Environment of an app beside a stand-in portal. */
export function appEnv(portal: StandInPortal, port: number, dataDir: string): Record<string, string> {
  return {
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATA_DIR: dataDir,
    B24_CLIENT_ID: CLIENT.clientId,
    B24_CLIENT_SECRET: CLIENT.clientSecret,
    B24_APP_CODE: APP_CODE,
    B24_AUTH_SERVERS: portal.oauthUrl,
    LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
    APP_SECRET: 'a secret of forty characters for the tests',
    ...(process.env.MONGODB_URI ? { MONGODB_URI: freshDatabase(process.env.MONGODB_URI) } : {}),
  };
}

export function registerOn(portal: StandInPortal, url: string): void {
  portal.registerApp({
    code: APP_CODE,
    ...CLIENT,
    name: 'Countersign',
    scope: SCOPE,
    installerUrl: `${url}/install`,
    appUrl: `${url}/app`,
  });
}

/**
 * The real app beside a stand-in portal, both on real HTTP, with an empty store.
 * @param options.install false: the app is known to the portal but not installed
 */
export async function openStage(
  options: {
    env?: Record<string, string>;
    portal?: Parameters<typeof startStandInPortal>[0];
    install?: boolean;
    clock?: Clock;
    /** Takes every line of the log, at the finest level, instead of the standard output. */
    logTo?: (line: string) => void;
  } = {},
): Promise<Stage> {
  const { install = true, clock, logTo } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'cs-app-'));
  const portal = await startStandInPortal({ rateLimit: false, pdfDelay: { ms: 0 }, ...options.portal });
  const port = await freePort();
  let env = { ...appEnv(portal, port, dataDir), ...options.env };
  const url = env['PUBLIC_URL']!;
  registerOn(portal, url);
  const start = () => {
    const config = readConfig(env);
    const log = logTo ? createLogger('trace', { write: logTo }) : createLogger(config.logLevel);
    return startApp(config, log, clock);
  };
  let app = await start();
  if (install) {
    await portal.installApp();
    await portal.finishInstall();
  }
  return {
    portal,
    get app() {
      return app;
    },
    url,
    dataDir,
    env,
    outbox: () => readOutbox(join(dataDir, 'outbox')),
    async restart(changes = {}) {
      await app.close();
      env = { ...env, ...changes };
      app = await start();
    },
    async close() {
      await app.close();
      await portal.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
