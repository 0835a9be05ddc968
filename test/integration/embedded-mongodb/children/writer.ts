import { openSync, writeSync } from 'node:fs';
import mongoose from 'mongoose';
import { startEmbeddedMongodb } from '../../../../app/embedded-mongodb/start.ts';

// writer.ts <dataDir> <ackFile> <name>: writes until it is killed and notes every write the store has acknowledged.
// A write that fails because the owner died is tried again, as an application would.

const [dataDir = '', ackFile = '', name = ''] = process.argv.slice(2);
const store = await startEmbeddedMongodb({ dataDir });
await mongoose.connect(store.uri, { serverSelectionTimeoutMS: 10_000 });
const collection = mongoose.connection.collection('writes');
await collection.createIndex({ key: 1 }, { unique: true });
await collection.createIndex({ tags: 1, n: -1 });
const acks = openSync(ackFile, 'a');
let n = 0;

async function write(): Promise<void> {
  const key = `${name}-${++n}`;
  await collection.insertOne({ key, tags: [`t${n % 3}`, 'all'], n });
  writeSync(acks, `insert ${key}\n`);
  await collection.updateOne({ key }, { $set: { done: true }, $inc: { n: 1 } });
  writeSync(acks, `update ${key}\n`);
}

process.send!({ type: 'ready', owner: store.isOwner(), uri: store.uri });
await Promise.all(
  [1, 2, 3].map(async () => {
    for (;;) await write().catch(() => new Promise((resolve) => setTimeout(resolve, 20)));
  }),
);
