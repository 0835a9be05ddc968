import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { GridFSBucket, MongoClient } from 'mongodb';
import { openStoreUnderTest, type StoreUnderTest } from './store-under-test.ts';

describe('store contract: GridFS', () => {
  let store: StoreUnderTest;
  let client: MongoClient;
  let bucket: GridFSBucket;
  before(async () => {
    store = await openStoreUnderTest();
    client = await MongoClient.connect(store.uri);
    bucket = new GridFSBucket(client.db(), { bucketName: 'files' });
  });
  after(async () => {
    await client.close();
    await store.cleanUp();
  });

  const upload = async (name: string, content: Buffer) => {
    const stream = bucket.openUploadStream(name, { metadata: { kind: 'pdf' } });
    await pipeline([content], stream);
    return stream.id;
  };
  const download = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part);
    return Buffer.concat(parts);
  };

  it('when a file of several chunks is uploaded, the same bytes come back, whole and in part', async () => {
    const content = randomBytes(3_000_000);
    const id = await upload('big.pdf', content);
    expect((await download(bucket.openDownloadStream(id))).equals(content)).to.equal(true);
    const part = await download(bucket.openDownloadStream(id, { start: 260_000, end: 270_000 }));
    expect(part.equals(content.subarray(260_000, 270_000))).to.equal(true);
    const [file] = await bucket.find({ 'metadata.kind': 'pdf' }).toArray();
    expect(file).to.include({ filename: 'big.pdf', length: content.length });
  });

  it('when a name is uploaded twice, the newest is read by name', async () => {
    await upload('twice', Buffer.from('old'));
    await upload('twice', Buffer.from('new'));
    expect(String(await download(bucket.openDownloadStreamByName('twice')))).to.equal('new');
  });

  it('when a file is deleted, no chunk is left and reading it fails', async () => {
    const id = await upload('gone', randomBytes(600_000));
    await bucket.delete(id);
    expect(await client.db().collection('files.chunks').countDocuments({ files_id: id })).to.equal(0);
    const error: unknown = await download(bucket.openDownloadStream(id)).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(Error);
  });

  it('when an upload is aborted, nothing of it stays', async () => {
    const stream = bucket.openUploadStream('aborted');
    await new Promise((resolve) => stream.write(randomBytes(300_000), resolve));
    await stream.abort();
    expect(await client.db().collection('files.chunks').countDocuments({ files_id: stream.id })).to.equal(0);
  });
});
