import { expect } from 'chai';
import { Int32, Long, MongoClient, type Collection, type Document } from 'mongodb';
import { openStoreUnderTest, type StoreUnderTest } from './store-under-test.ts';

interface Case {
  before: Document;
  update: Document | Document[];
  after: Document;
  filter?: Document;
  arrayFilters?: Document[];
}

const cases: Record<string, Case> = {
  '$set makes the path': { before: { a: 1 }, update: { $set: { 'b.c': 2 } }, after: { a: 1, b: { c: 2 } } },
  '$unset removes the field': { before: { a: 1, b: 2 }, update: { $unset: { a: '' } }, after: { b: 2 } },
  '$inc and $mul': {
    before: { a: 1, b: 3 },
    update: { $inc: { a: 2, n: 5 }, $mul: { b: 2 } },
    after: { a: 3, b: 6, n: 5 },
  },
  '$min and $max': {
    before: { a: 5, b: 5 },
    update: { $min: { a: 3 }, $max: { b: 3, c: 1 } },
    after: { a: 3, b: 5, c: 1 },
  },
  $rename: { before: { a: 1 }, update: { $rename: { a: 'b.c' } }, after: { b: { c: 1 } } },
  '$push with all modifiers': {
    before: { l: [3, 1] },
    update: { $push: { l: { $each: [2, 9], $position: 0, $sort: 1, $slice: 3 } } },
    after: { l: [1, 2, 3] },
  },
  '$push sorts documents and keeps the last': {
    before: { l: [{ n: 2 }] },
    update: { $push: { l: { $each: [{ n: 1 }], $sort: { n: 1 }, $slice: -1 } } },
    after: { l: [{ n: 2 }] },
  },
  '$addToSet adds what is not there': {
    before: { l: [1, { a: 1 }] },
    update: { $addToSet: { l: { $each: [1, 2, { a: 1 }] } } },
    after: { l: [1, { a: 1 }, 2] },
  },
  '$pull by condition on documents': {
    before: {
      l: [
        { k: 'a', v: 1 },
        { k: 'b', v: 9 },
      ],
    },
    update: { $pull: { l: { k: 'b', v: { $gt: 5 } } } },
    after: { l: [{ k: 'a', v: 1 }] },
  },
  '$pull by operator on values': {
    before: { l: [1, 5, 9] },
    update: { $pull: { l: { $gte: 5 } } },
    after: { l: [1] },
  },
  '$pullAll and $pop': {
    before: { l: [1, 2, 1], m: [1, 2] },
    update: { $pullAll: { l: [1] }, $pop: { m: -1 } },
    after: { l: [2], m: [2] },
  },
  'positional $': {
    before: { l: [{ k: 'a' }, { k: 'b' }] },
    filter: { 'l.k': 'b' },
    update: { $set: { 'l.$.done': true } },
    after: { l: [{ k: 'a' }, { k: 'b', done: true }] },
  },
  'positional $ after $elemMatch': {
    before: {
      l: [
        { k: 'a', v: 1 },
        { k: 'a', v: 2 },
      ],
    },
    filter: { l: { $elemMatch: { k: 'a', v: 2 } } },
    update: { $inc: { 'l.$.v': 10 } },
    after: {
      l: [
        { k: 'a', v: 1 },
        { k: 'a', v: 12 },
      ],
    },
  },
  '$[] reaches every element': {
    before: { l: [{ v: 1 }, { v: 2 }] },
    update: { $inc: { 'l.$[].v': 1 } },
    after: { l: [{ v: 2 }, { v: 3 }] },
  },
  '$[name] reaches the filtered ones': {
    before: {
      l: [
        { k: 'a', m: [1, 2] },
        { k: 'b', m: [2] },
      ],
    },
    update: { $set: { 'l.$[e].m.$[n]': 0 } },
    arrayFilters: [{ 'e.k': 'a' }, { n: { $gte: 2 } }],
    after: {
      l: [
        { k: 'a', m: [1, 0] },
        { k: 'b', m: [2] },
      ],
    },
  },
  'a pipeline computes from the document': {
    before: { a: 2, b: 3 },
    update: [{ $set: { sum: { $add: ['$a', '$b'] } } }, { $unset: 'a' }],
    after: { b: 3, sum: 5 },
  },
};

const refused: [string, Document, Document, number][] = [
  ['changing _id', { a: 1 }, { $set: { _id: 2 } }, 66],
  ['two operators on one path', { a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  ['a path inside another', { a: {} }, { $set: { a: 1, 'a.b': 1 } }, 40],
  ['$inc of a string', { a: 'x' }, { $inc: { a: 1 } }, 14],
  ['a field inside a scalar', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
  ['$push to a scalar', { a: 1 }, { $push: { a: 1 } }, 2],
  ['an unknown operator', { a: 1 }, { $foo: { a: 1 } }, 9],
];

describe('store contract: updates', () => {
  let store: StoreUnderTest;
  let client: MongoClient;
  let collection: Collection<Document>;
  before(async () => {
    store = await openStoreUnderTest();
    client = await MongoClient.connect(store.uri);
    collection = client.db().collection('docs');
  });
  after(async () => {
    await client.close();
    await store.cleanUp();
  });
  beforeEach(() => collection.deleteMany({}));

  for (const [what, { before, update, after, filter = {}, arrayFilters }] of Object.entries(cases)) {
    it(`when updated: ${what}`, async () => {
      await collection.insertOne({ _id: 1 as never, ...before });
      const options = arrayFilters ? { arrayFilters } : {};
      const result = await collection.updateOne({ _id: 1 as never, ...filter }, update, options);
      expect(result.matchedCount).to.equal(1);
      const { _id, ...found } = (await collection.findOne())!;
      expect(found).to.deep.equal(after);
    });
  }

  for (const [what, before, update, code] of refused) {
    it(`when an update is wrong (${what}), error ${code} and nothing changes`, async () => {
      await collection.insertOne({ _id: 1 as never, ...before });
      const error: unknown = await collection.updateOne({}, update).catch((e: unknown) => e);
      expect(error).to.have.property('code', code);
      expect(await collection.findOne()).to.deep.equal({ _id: 1, ...before });
    });
  }

  it('when nothing matches, an upsert starts from the equalities of the filter', async () => {
    const filter = { k: 'x', 'sub.a': { $eq: 1 }, n: { $gt: 5 }, $and: [{ m: { $in: [7] } }] };
    const update = { $set: { s: 1 }, $setOnInsert: { made: true }, $inc: { c: 1 } };
    const { upsertedId } = await collection.updateOne(filter, update, { upsert: true });
    const expected = { _id: upsertedId, k: 'x', sub: { a: 1 }, m: 7, s: 1, made: true, c: 1 };
    expect(await collection.findOne()).to.deep.equal(expected);
    await collection.updateOne(filter, update, { upsert: true });
    expect(await collection.countDocuments({ made: true })).to.equal(2); // n was not seeded, so it never matches
  });

  it('when a document is replaced, it keeps its _id and nothing else', async () => {
    await collection.insertOne({ _id: 1 as never, a: 1 });
    await collection.replaceOne({ a: 1 }, { b: 2 });
    expect(await collection.findOne()).to.deep.equal({ _id: 1, b: 2 });
  });

  it('when an update changes nothing, it matches without modifying', async () => {
    await collection.insertOne({ a: 1 });
    const { matchedCount, modifiedCount } = await collection.updateMany({}, { $set: { a: 1 } });
    expect({ matchedCount, modifiedCount }).to.deep.equal({ matchedCount: 1, modifiedCount: 0 });
  });

  it('when one document of a multi-update breaks a unique index, none is changed', async () => {
    await collection.createIndex({ u: 1 }, { unique: true });
    await collection.insertMany([{ u: 1 }, { u: 2 }, { u: 3 }]);
    const error: unknown = await collection
      .updateMany({ u: { $lt: 3 } }, { $inc: { u: 1 } })
      .catch((e: unknown) => e);
    expect(error).to.have.property('code', 11000);
    expect(await collection.distinct('u')).to.deep.equal([1, 2, 3]);
    await collection.dropIndexes();
  });

  it('when the type of a number matters, an update keeps it', async () => {
    await collection.insertOne({ small: new Int32(1), big: Long.fromString('9007199254740993') });
    await collection.updateOne({}, { $inc: { small: 1, big: 1 }, $set: { other: 1 } });
    const found = await collection.findOne({}, { promoteValues: false });
    expect(found!.small).to.be.instanceOf(Int32);
    expect(String(found!.big)).to.equal('9007199254740994');
  });

  it('when found and modified, the document before or after comes back, the first by sort', async () => {
    await collection.insertMany([{ n: 1 }, { n: 2 }]);
    const before = await collection.findOneAndUpdate(
      {},
      { $set: { x: 1 } },
      { sort: { n: -1 }, projection: { _id: 0 } },
    );
    expect(before).to.deep.equal({ n: 2 });
    const after = await collection.findOneAndUpdate(
      { n: 2 },
      { $inc: { x: 1 } },
      { returnDocument: 'after' },
    );
    expect(after).to.include({ n: 2, x: 2 });
    expect(await collection.findOneAndDelete({ n: 1 })).to.include({ n: 1 });
    expect(await collection.findOneAndUpdate({ n: 1 }, { $set: { x: 1 } })).to.equal(null);
  });

  it('when $currentDate is applied, the server sets its own time', async () => {
    await collection.insertOne({});
    await collection.updateOne({}, { $currentDate: { at: true } });
    expect((await collection.findOne())!.at).to.be.instanceOf(Date);
  });
});
