import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongodb } from '../../../app/embedded-mongodb/start.ts';

export interface StoreUnderTest {
  /** Connection string on a database nobody else uses. */
  readonly uri: string;
  /** Drops the database. Disconnect first. */
  cleanUp(): Promise<void>;
}

let embedded: Promise<string> | undefined;

/** A fresh database on MONGODB_URI when that is set, else on one embedded store for the whole test run. */
export async function openStoreUnderTest(): Promise<StoreUnderTest> {
  const server = process.env.MONGODB_URI ?? (await (embedded ??= startForThisRun()));
  const uri = onDatabase(server, `cs_test_${randomBytes(6).toString('hex')}`);
  return {
    uri,
    async cleanUp() {
      const client = await MongoClient.connect(uri);
      await client.db().dropDatabase();
      await client.close();
    },
  };
}

async function startForThisRun(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cs-store-'));
  const { uri } = await startEmbeddedMongodb({ dataDir, durability: 'off' });
  process.once('exit', () => removeStoreFiles(dataDir, uri));
  return uri;
}

/** Removes the data folder and the folder of the socket that the connection string names. */
export function removeStoreFiles(dataDir: string, uri: string): void {
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(dirname(decodeURIComponent(/^mongodb:\/\/([^/]+)/.exec(uri)![1]!)), {
    recursive: true,
    force: true,
  });
}

function onDatabase(uri: string, name: string): string {
  const [location = '', options] = uri.split('?');
  const host = /^mongodb(?:\+srv)?:\/\/[^/]*/.exec(location)![0];
  return `${host}/${name}${options === undefined ? '' : `?${options}`}`;
}
