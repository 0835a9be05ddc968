import { expect } from 'chai';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongodb, type EmbeddedMongodb } from '../../../app/embedded-mongodb/start.ts';
import { removeStoreFiles } from '../../contract/store/store-under-test.ts';
import { spawnChild, until, type Child } from './children/spawn-child.ts';

describe('embedded store: several processes on one data folder', () => {
  let dataDir: string;
  let stores: EmbeddedMongodb[];
  let children: Child[];
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'cs-own-'));
    stores = [];
    children = [];
  });
  afterEach(async () => {
    for (const child of children) await child.kill();
    for (const store of stores) await store.close();
    if (stores[0]) removeStoreFiles(dataDir, stores[0].uri);
  });
  const start = async (): Promise<EmbeddedMongodb> => {
    const store = await startEmbeddedMongodb({ dataDir, durability: 'off' });
    stores.push(store);
    return store;
  };

  it('when a second one starts, it joins the first by the same connection string', async () => {
    const [first, second] = [await start(), await start()];
    expect([first.isOwner(), second.isOwner()]).to.deep.equal([true, false]);
    expect(second.uri).to.equal(first.uri);
    const socket = readFileSync(join(dataDir, 'mongodb.socket'), 'utf8').trim();
    expect(statSync(dirname(socket)).mode & 0o777).to.equal(0o700);
    expect(socket.length).to.be.below(100);
  });

  it('when the owner closes, a joined one takes over and connected drivers go on', async () => {
    const [first, second] = [await start(), await start()];
    const client = await MongoClient.connect(second.uri);
    await client.db().collection('c').insertOne({ n: 1 });
    await first.close();
    await until(() => second.isOwner(), 2000);
    expect(await client.db().collection('c').countDocuments()).to.equal(1);
    await client.close();
  });

  it('when started again, the connection string and the data are the same', async () => {
    const first = await start();
    const client = await MongoClient.connect(first.uri);
    await client.db().collection('c').insertOne({ n: 1 });
    await client.close();
    await first.close();
    const second = await start();
    expect(second.uri).to.equal(first.uri);
    const again = await MongoClient.connect(second.uri);
    expect(await again.db().collection('c').countDocuments()).to.equal(1);
    await again.close();
  });

  it('when the socket folder is open to others, the next owner makes another', async () => {
    const first = await start();
    await first.close();
    const socket = join(dataDir, 'mongodb.socket');
    const open = mkdtempSync(join(tmpdir(), 'cs-open-'));
    writeFileSync(socket, join(open, 's.sock'));
    chmodSync(open, 0o755);
    await start();
    expect(dirname(readFileSync(socket, 'utf8'))).to.not.equal(open);
    rmSync(open, { recursive: true });
    removeStoreFiles(join(dataDir, 'none'), stores[1]!.uri);
  });

  it('when the owner is killed, another takes over at the same socket within seconds and writes go on', async () => {
    const ackFile = join(dataDir, 'acks');
    writeFileSync(ackFile, '');
    const acks = () => readFileSync(ackFile, 'utf8').split('\n').slice(0, -1);
    const owner = spawnChild('writer.ts', [dataDir, ackFile, 'owner']);
    children.push(owner);
    expect(await owner.message('ready')).to.include({ owner: true });
    const other = spawnChild('writer.ts', [dataDir, ackFile, 'other']);
    children.push(other);
    expect(await other.message('ready')).to.include({ owner: false });
    const joined = await start();
    expect(joined.isOwner()).to.equal(false);
    await until(() => acks().some((line) => line.includes('other-')));

    await owner.kill();
    const before = acks();
    const killedAt = Date.now();
    await until(() => acks().length > before.length + 20, 5000);
    const gap = Date.now() - killedAt;
    expect(
      acks()
        .slice(before.length)
        .every((line) => line.includes('other-')),
    ).to.equal(true);
    expect(gap, 'milliseconds without an owner').to.be.below(4000);

    const client = await MongoClient.connect(joined.uri);
    const keys = new Set(await client.db().collection('writes').distinct('key'));
    for (const line of before) expect(keys.has(line.split(' ')[1]), line).to.equal(true);
    await client.close();
  });
});
