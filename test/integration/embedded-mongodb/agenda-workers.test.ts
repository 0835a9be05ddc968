import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongodb, type EmbeddedMongodb } from '../../../app/embedded-mongodb/start.ts';
import { removeStoreFiles } from '../../contract/store/store-under-test.ts';
import { spawnChild, until, type Child } from './children/spawn-child.ts';

const count = 60;

describe('embedded store: agenda in two processes', () => {
  let dataDir: string;
  let store: EmbeddedMongodb;
  let client: MongoClient;
  let workers: Child[] = [];
  before(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'cs-jobs-'));
    store = await startEmbeddedMongodb({ dataDir, durability: 'off' });
    client = await MongoClient.connect(store.uri);
  });
  after(async () => {
    for (const worker of workers) await worker.kill();
    await client.close();
    await store.close();
    removeStoreFiles(dataDir, store.uri);
  });

  it('when both compete for the same jobs, each job runs once and both get some', async () => {
    const queue = new Agenda({ backend: new MongoBackend({ mongo: client.db() }) });
    workers = ['first', 'second'].map((name) => spawnChild('agenda-worker.ts', [dataDir, name]));
    await Promise.all(workers.map((worker) => worker.message('ready')));
    queue.define('work', async () => undefined);
    await queue.ready;
    await Promise.all(Array.from({ length: count }, (_, number) => queue.now('work', { number })));
    const runs = client.db().collection('runs');
    await until(async () => (await runs.countDocuments()) >= count);
    await until(
      async () =>
        (await client
          .db()
          .collection('agendaJobs')
          .countDocuments({ lockedAt: { $ne: null } })) === 0,
    );
    const all = await runs.find().toArray();
    expect(all.map(({ number }) => number as number).sort((a, b) => a - b)).to.deep.equal(
      Array.from({ length: count }, (_, number) => number),
    );
    expect(new Set(all.map(({ by }) => by as string)).size).to.equal(2);
    for (const worker of workers) worker.send('stop');
  });
});
