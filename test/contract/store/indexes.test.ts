import { expect } from 'chai';
import { MongoClient, type Collection, type Document } from 'mongodb';
import { openStoreUnderTest, type StoreUnderTest } from './store-under-test.ts';

describe('store contract: indexes', () => {
  let store: StoreUnderTest;
  let client: MongoClient;
  let collection: Collection<Document>;
  before(async () => {
    store = await openStoreUnderTest();
    client = await MongoClient.connect(store.uri);
  });
  after(async () => {
    await client.close();
    await store.cleanUp();
  });
  let made = 0;
  beforeEach(() => {
    collection = client.db().collection(`docs${++made}`);
  });

  const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'no error',
      (error: { code?: unknown }) => error.code,
    );
  const planOf = async (filter: Document, sort: Document = {}): Promise<string> =>
    JSON.stringify(await collection.find(filter).sort(sort).explain('queryPlanner'));

  it('when unique, equal numbers of other types and a second missing value are refused', async () => {
    await collection.createIndex({ u: 1 }, { unique: true });
    await collection.insertMany([{ u: 1 }, { u: '1' }, {}]);
    expect(await codeOf(collection.insertOne({ u: 1.0 }))).to.equal(11000);
    expect(await codeOf(collection.insertOne({ u: null }))).to.equal(11000);
    expect(await codeOf(collection.updateOne({ u: '1' }, { $set: { u: 1 } }))).to.equal(11000);
    expect(await collection.countDocuments()).to.equal(3);
  });

  it('when unique and sparse, missing values do not conflict', async () => {
    await collection.createIndex({ u: 1 }, { unique: true, sparse: true });
    await collection.insertMany([{}, {}, { u: 1 }]);
    expect(await codeOf(collection.insertOne({ u: 1 }))).to.equal(11000);
  });

  it('when unique and partial, only the documents inside conflict, and they may come and go', async () => {
    await collection.createIndex({ u: 1 }, { unique: true, partialFilterExpression: { live: true } });
    await collection.insertMany([{ u: 1 }, { u: 1 }, { u: 1, live: true }]);
    expect(await codeOf(collection.insertOne({ u: 1, live: true }))).to.equal(11000);
    expect(
      await codeOf(collection.updateOne({ live: { $exists: false } }, { $set: { live: true } })),
    ).to.equal(11000);
    await collection.updateOne({ live: true }, { $unset: { live: 1 } });
    expect(await codeOf(collection.insertOne({ u: 1, live: true }))).to.equal('no error');
  });

  it('when unique over array elements, one document may repeat but two may not share', async () => {
    await collection.createIndex({ 'l.a': 1, 'l.b': 1 }, { unique: true });
    await collection.insertOne({
      l: [
        { a: 1, b: 1 },
        { a: 1, b: 1 },
        { a: 2, b: 2 },
      ],
    });
    expect(await codeOf(collection.insertOne({ l: [{ a: 1, b: 2 }] }))).to.equal('no error');
    expect(await codeOf(collection.insertOne({ l: [{ a: 2, b: 2 }] }))).to.equal(11000);
  });

  it('when two array fields are indexed together, the document is refused', async () => {
    await collection.createIndex({ a: 1, b: 1 });
    expect(await codeOf(collection.insertOne({ a: [1], b: [2] }))).to.equal(171);
    expect(await collection.countDocuments()).to.equal(0);
  });

  it('when duplicates exist, a unique index is not built', async () => {
    await collection.insertMany([{ u: 1 }, { u: 1 }]);
    expect(await codeOf(collection.createIndex({ u: 1 }, { unique: true }))).to.equal(11000);
    expect((await collection.indexes()).map(({ name }) => name)).to.deep.equal(['_id_']);
  });

  it('when declared again, the same is fine and another under the same name is an error', async () => {
    await collection.createIndex({ a: 1 }, { name: 'n' });
    await collection.createIndex({ a: 1 }, { name: 'n' });
    expect(await codeOf(collection.createIndex({ b: 1 }, { name: 'n' }))).to.equal(86);
    expect(await codeOf(collection.createIndex({ a: 1 }, { name: 'n', unique: true }))).to.be.oneOf([85, 86]);
  });

  it('when two elements of an array meet two conditions, the index finds the document too', async () => {
    await collection.createIndex({ 'l.a': 1, 'l.b': 1 });
    await collection.insertOne({
      l: [
        { a: 1, b: 2 },
        { a: 2, b: 1 },
      ],
    });
    expect(await collection.countDocuments({ 'l.a': 1, 'l.b': 1 })).to.equal(1);
    expect(await collection.countDocuments({ l: { $elemMatch: { a: 1, b: 1 } } })).to.equal(0);
  });

  it('when two elements of an array meet the two ends of a range, the index finds the document too', async () => {
    await collection.createIndex({ a: 1 });
    await collection.insertOne({ a: [1, 9] });
    expect(await planOf({ a: { $gt: 5, $lt: 3 } })).to.include('IXSCAN');
    expect(await collection.countDocuments({ a: { $gt: 5, $lt: 3 } })).to.equal(1);
  });

  it('when dropped, it is gone and the data stays', async () => {
    await collection.createIndex({ a: 1 }, { unique: true });
    await collection.insertOne({ a: 1 });
    await collection.dropIndex('a_1');
    await collection.insertOne({ a: 1 });
    expect(await codeOf(collection.dropIndex('a_1'))).to.equal(27);
    expect(await collection.countDocuments()).to.equal(2);
  });

  it('when a query matches prefix, range and sort of an index, explain shows the index and no sort', async () => {
    await collection.createIndex({ portal: 1, status: 1, at: -1 }, { name: 'list' });
    await collection.insertOne({ portal: 'p', status: 's', at: 1 });
    const plan = await planOf({ portal: 'p', status: 's', at: { $gt: 0 } }, { at: -1 });
    expect(plan).to.include('"indexName":"list"');
    expect(plan).to.not.include('"stage":"SORT"');
    expect(await planOf({ status: 's' })).to.include('COLLSCAN');
    expect(await planOf({ portal: 'p' }, { other: 1 })).to.include('"stage":"SORT"');
  });

  it('when an index is partial, only a query that implies its filter uses it', async () => {
    await collection.createIndex({ a: 1 }, { name: 'part', partialFilterExpression: { live: true } });
    await collection.insertMany([{ a: 1, live: true }, { a: 1 }]);
    expect(await planOf({ a: 1, live: true })).to.include('"indexName":"part"');
    expect(await planOf({ a: 1 })).to.include('COLLSCAN');
    expect(await collection.countDocuments({ a: 1 })).to.equal(2);
  });

  it('when a TTL is declared, it is listed', async () => {
    await collection.createIndex({ at: 1 }, { expireAfterSeconds: 3600 });
    expect((await collection.indexes()).at(-1)).to.include({ expireAfterSeconds: 3600 });
  });
});
