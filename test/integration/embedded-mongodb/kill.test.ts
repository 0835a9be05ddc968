import { expect } from 'chai';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongodb } from '../../../app/embedded-mongodb/start.ts';
import { removeStoreFiles } from '../../contract/store/store-under-test.ts';
import { spawnChild, until } from './children/spawn-child.ts';

describe('embedded store: kill -9 of the owner', () => {
  let dataDir: string;
  let uri = '';
  before(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'cs-kill-'));
  });
  after(() => removeStoreFiles(dataDir, uri));

  it('when the writing process is killed again and again, every acknowledged write is there', async () => {
    const ackFile = join(dataDir, 'acks');
    writeFileSync(ackFile, '');
    const acknowledged = () => readFileSync(ackFile, 'utf8').split('\n').slice(0, -1);
    for (const round of ['one', 'two']) {
      const before = acknowledged().length;
      const writer = spawnChild('writer.ts', [dataDir, ackFile, round]);
      await writer.message('ready');
      await until(() => acknowledged().length > before + 150);
      await writer.kill();
    }

    const store = await startEmbeddedMongodb({ dataDir });
    uri = store.uri;
    const client = await MongoClient.connect(store.uri);
    const collection = client.db().collection('writes');
    const stored = new Map((await collection.find().toArray()).map((doc) => [doc.key as string, doc]));
    for (const line of acknowledged()) {
      const [what, key] = line.split(' ') as [string, string];
      expect(stored.has(key), line).to.equal(true);
      if (what === 'update') expect(stored.get(key), line).to.include({ done: true });
    }
    // the multikey index agrees with the documents
    const byIndex = await collection.find({ tags: 'all' }).hint('tags_1_n_-1').toArray();
    expect(byIndex).to.have.length(stored.size);
    await client.close();
    await store.close();

    const sqlite = new DatabaseSync(join(dataDir, 'mongodb.sqlite'));
    expect({ ...sqlite.prepare('PRAGMA integrity_check').get() }).to.deep.equal({ integrity_check: 'ok' });
    sqlite.close();
  });
});
