import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import mongoose from 'mongoose';
import { startEmbeddedMongodb } from '../../../../app/embedded-mongodb/start.ts';

// agenda-worker.ts <dataDir> <name>: runs the jobs named "work" and notes who ran what.

const [dataDir = '', name = ''] = process.argv.slice(2);
const store = await startEmbeddedMongodb({ dataDir, durability: 'off' });
await mongoose.connect(store.uri);
const runs = mongoose.connection.collection('runs');
const agenda = new Agenda({
  backend: new MongoBackend({ mongo: mongoose.connection.db! }),
  processEvery: 50,
  maxConcurrency: 4,
});
agenda.define(
  'work',
  async (job) => {
    await runs.insertOne({ by: name, number: (job.attrs.data as { number: number }).number });
    await new Promise((resolve) => setTimeout(resolve, 10)); // work that leaves jobs for the other
  },
  { concurrency: 4, lockLimit: 4 },
);
process.once('message', () => {
  void (async () => {
    await agenda.stop();
    await mongoose.disconnect();
    await store.close();
    process.disconnect();
  })();
});
await agenda.start();
process.send!({ type: 'ready', owner: store.isOwner() });
