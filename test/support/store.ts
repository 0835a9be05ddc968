import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedMongodb } from '../../app/embedded-mongodb/start.ts';
import { createLogger } from '../../app/logger.ts';
import { createPortalKeys } from '../../app/pdf/certificate/create-portal-keys.ts';
import type { Clock } from '../../app/ports/clock.ts';
import { connectStore } from '../../app/storage/connect-store.ts';
import { createRepositories } from '../../app/storage/create-repositories.ts';
import { createSecrets } from '../../app/storage/create-secrets.ts';

let embedded: Promise<string> | undefined;
let stopEmbedded = async (): Promise<void> => undefined;

/** One embedded server for the whole process; every test store is a database of its own on it. */
function embeddedUri(): Promise<string> {
  embedded ??= (async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'cs-store-'));
    const server = await startEmbeddedMongodb({ dataDir, durability: 'off' });
    stopEmbedded = async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    };
    return server.uri;
  })();
  return embedded;
}

/** Under mocha this happens by itself at the end; a program that uses this file calls it. */
export async function stopTestServer(): Promise<void> {
  await embedded;
  await stopEmbedded();
}

// A hook of mocha's root suite, whichever file imports this one first.
if (typeof after === 'function') {
  after('stop the embedded store', stopTestServer);
}

/** The same server with another database; who logs in there still does so where the address said. */
export function withDatabase(uri: string, database: string): string {
  const match = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(uri);
  if (!match?.[1]) throw new Error('not a mongodb:// address');
  const [, server, before, query] = match;
  const options = new URLSearchParams(query);
  if (server.includes('@') && !options.has('authSource')) options.set('authSource', before || 'admin');
  return `${server}/${database}?${options.toString()}`;
}

export interface TestStoreOptions {
  /** Default: the real time. */
  readonly clock?: Clock;
  /** Default `silent`. */
  readonly logLevel?: string;
}

/**
 * Every store of the app on a fresh, empty database: on `MONGODB_URI` when it is set, else on the embedded store. `close`
 * drops the database and ends the connection.
 */
export async function openTestStore({
  clock = { now: () => new Date() },
  logLevel = 'silent',
}: TestStoreOptions = {}) {
  const outside = process.env.MONGODB_URI;
  const uri = withDatabase(outside || (await embeddedUri()), `test_${randomUUID().replaceAll('-', '')}`);
  const log = createLogger(logLevel);
  const store = await connectStore({ uri, log });
  const { connection, db } = store;
  const secrets = createSecrets({ secret: 'a secret for tests only' });
  return {
    uri,
    connection,
    db,
    clock,
    log,
    secrets,
    ping: () => store.ping(),
    ...createRepositories({ connection, secrets, clock, log, keyFiles: createPortalKeys() }),
    close: async (): Promise<void> => {
      // The embedded store's folder is removed as a whole; a server that stays is left as it was found.
      if (outside) await connection.dropDatabase();
      await store.close();
    },
  };
}

export type TestStore = Awaited<ReturnType<typeof openTestStore>>;
