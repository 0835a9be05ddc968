import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readConfig } from '../../app/config.ts';
import { createLogger } from '../../app/logger.ts';
import { startApp } from '../../app/start-app.ts';
import type { RunningApp } from '../../app/start-app.ts';
import { startStandInPortal } from '../portal/start.ts';
import type { StandInPortal } from '../portal/types.ts';
import { appEnv, freePort, registerOn } from '../support/run-app.ts';
import { serveOutbox } from './outbox-page.ts';

export const DATA_DIR = resolve('data/demo');
const LOG_FILE_LEVEL = process.env.LOG_LEVEL ?? 'warn';

export interface DemoStage {
  readonly portal: StandInPortal;
  readonly app: RunningApp;
  readonly appUrl: string;
  readonly outboxUrl: string;
  readonly outboxFolder: string;
  close(): Promise<void>;
}

/** `preferred` when nobody listens there, so that the demo's addresses are the same each time. */
async function portNear(preferred: number): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => void freePort().then(done));
    probe.listen(preferred, '127.0.0.1', () => probe.close(() => done(preferred)));
  });
}

/** App, stand-in portal and outbox, each on a port of its own, on an empty embedded store. */
export async function openDemo(lang: 'ru' | 'en'): Promise<DemoStage> {
  await rm(DATA_DIR, { recursive: true, force: true });
  await mkdir(DATA_DIR, { recursive: true });
  const portal = await startStandInPortal({
    port: await portNear(3100),
    oauthPort: await portNear(3101),
    lang,
    pdfDelay: { polls: 2 },
  });
  const port = await portNear(3000);
  const env = {
    ...appEnv(portal, port, DATA_DIR),
    APP_SECRET: '',
    MONGODB_URI: '',
    LOG_LEVEL: LOG_FILE_LEVEL,
  };
  const appUrl = `http://127.0.0.1:${port}`;
  registerOn(portal, appUrl);
  const config = readConfig(env);
  const app = await startApp(config, createLogger(config.logLevel));
  const outboxFolder = `${DATA_DIR}/outbox`;
  const outbox = await serveOutbox(outboxFolder, await portNear(3200));
  return {
    portal,
    app,
    appUrl,
    outboxUrl: outbox.url,
    outboxFolder,
    async close() {
      await outbox.close();
      await app.close();
      await portal.close();
    },
  };
}
