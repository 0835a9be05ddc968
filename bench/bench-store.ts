import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongodb } from '../app/embedded-mongodb/start.ts';
import { createLogger } from '../app/logger.ts';
import { connectStore } from '../app/storage/connect-store.ts';
import { measure } from './measure.ts';
import type { Measurement } from './measure.ts';

/** The embedded store in its worker thread, as the app uses it, with 10,000 documents and one unique index. */
export async function benchStore(): Promise<Measurement[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cs-bench-'));
  const server = await startEmbeddedMongodb({ dataDir });
  const store = await connectStore({ uri: server.uri, log: createLogger('silent') });
  const items = store.db.collection<{ key: number; n: number; text: string }>('bench');
  await items.createIndex({ key: 1 }, { unique: true });
  await items.insertMany(Array.from({ length: 10_000 }, (_, key) => ({ key, n: 0, text: 'x'.repeat(300) })));
  try {
    return [
      await measure('store: insertOne', 1000, (i) =>
        items.insertOne({ key: 20_000 + i, n: 0, text: 'x'.repeat(300) }),
      ),
      await measure('store: findOne by unique index', 2000, (i) =>
        items.findOne({ key: Math.abs(i * 7) % 10_000 }),
      ),
      await measure('store: findOneAndUpdate by unique index', 1000, (i) =>
        items.findOneAndUpdate({ key: Math.abs(i * 7) % 10_000 }, { $inc: { n: 1 } }),
      ),
    ];
  } finally {
    await store.close();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
