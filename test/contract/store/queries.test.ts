import { expect } from 'chai';
import { Long, MongoClient, ObjectId, type Collection, type Filter } from 'mongodb';
import { openStoreUnderTest, type StoreUnderTest } from './store-under-test.ts';

interface Row {
  _id: number;
  [field: string]: unknown;
}

const oid = new ObjectId('65a000000000000000000001');
const rows: Row[] = [
  { _id: 1, a: 1, s: 'apple', at: new Date(1000), tags: ['x', 'y'] },
  { _id: 2, a: 2.5, s: 'Banana', at: new Date(2000), tags: [], ref: oid },
  {
    _id: 3,
    a: Long.fromNumber(3),
    s: null,
    sub: { x: 1, y: 'q' },
    list: [
      { k: 'a', v: 1 },
      { k: 'b', v: 5 },
    ],
  },
  { _id: 4, a: 'text', s: 'apricot', list: [{ k: 'a', v: 5 }], sub: { y: 'q', x: 1 } },
  { _id: 5, a: [1, 9], flag: true },
];

const filters: [string, Filter<Row>, number[]][] = [
  ['equality reaches into arrays', { a: 1 }, [1, 5]],
  ['numbers compare across types', { a: { $gte: 2.5, $lte: 3, $ne: 9 } }, [2, 3]],
  ['a range keeps to the type of its bound', { a: { $gt: 'a' } }, [4]],
  ['null finds null and missing', { s: null }, [3, 5]],
  ['$ne null finds neither', { s: { $ne: null } }, [1, 2, 4]],
  ['$exists tells them apart', { s: { $exists: true } }, [1, 2, 3, 4]],
  ['$in and $nin', { a: { $in: [1, 'text'], $nin: ['text'] } }, [1, 5]],
  ['$or with $and', { $or: [{ flag: true }, { $and: [{ a: 1 }, { s: 'apple' }] }] }, [1, 5]],
  ['$nor', { $nor: [{ a: { $type: 'number' } }, { flag: true }] }, [4]],
  ['regex literal', { s: /^ap/ }, [1, 4]],
  ['$regex with $options', { s: { $regex: '^b', $options: 'i' } }, [2]],
  ['$not', { s: { $not: /^ap/ } }, [2, 3, 5]],
  ['dates', { at: { $gt: new Date(1000) } }, [2]],
  ['ObjectId', { ref: oid }, [2]],
  ['$size', { tags: { $size: 0 } }, [2]],
  ['$all', { tags: { $all: ['y', 'x'] } }, [1]],
  ['dotted path through an array', { 'list.v': 5 }, [3, 4]],
  ['array position', { 'list.1.k': 'b' }, [3]],
  ['$elemMatch wants one element for all', { list: { $elemMatch: { k: 'a', v: 5 } } }, [4]],
  ['two conditions may be met by two elements', { 'list.k': 'a', 'list.v': 5 }, [3, 4]],
  ['an embedded document is equal in field order', { sub: { x: 1, y: 'q' } }, [3]],
  ['a whole array', { tags: ['x', 'y'] }, [1]],
  ['$mod', { a: { $mod: [2, 1] } }, [1, 3, 5]],
  ['$expr', { $expr: { $eq: ['$sub.y', 'q'] } }, [3, 4]],
  ['two bounds on an array may be met by two elements', { a: { $gt: 5, $lt: 2 } }, [5]],
];

describe('store contract: queries', () => {
  let store: StoreUnderTest;
  let client: MongoClient;
  let collection: Collection<Row>;
  before(async () => {
    store = await openStoreUnderTest();
    client = await MongoClient.connect(store.uri);
    collection = client.db().collection<Row>('rows');
    await collection.insertMany(rows);
  });
  after(async () => {
    await client.close();
    await store.cleanUp();
  });

  for (const [what, filter, expected] of filters) {
    it(`when filtered: ${what}`, async () => {
      const found = await collection.find(filter).sort({ _id: 1 }).toArray();
      expect(found.map(({ _id }) => _id)).to.deep.equal(expected);
      expect(await collection.countDocuments(filter)).to.equal(expected.length);
    });
  }

  it('when sorted by a field of mixed types, the BSON order decides and arrays go by their extreme', async () => {
    const ids = async (direction: 1 | -1) =>
      (await collection.find().sort({ a: direction, _id: 1 }).toArray()).map(({ _id }) => _id);
    expect(await ids(1)).to.deep.equal([1, 5, 2, 3, 4]);
    expect(await ids(-1)).to.deep.equal([4, 5, 3, 2, 1]);
  });

  it('when skipped and limited, the page is cut after sorting', async () => {
    const found = await collection.find().sort({ _id: -1 }).skip(1).limit(2).toArray();
    expect(found.map(({ _id }) => _id)).to.deep.equal([4, 3]);
  });

  it('when projected, only the wanted parts come back', async () => {
    const one = (projection: object) => collection.findOne({ _id: 3 }, { projection });
    expect(await one({ 'sub.x': 1 })).to.deep.equal({ _id: 3, sub: { x: 1 } });
    expect(await one({ list: 0, a: 0, 'sub.y': 0 })).to.deep.equal({ _id: 3, s: null, sub: { x: 1 } });
    expect(await one({ _id: 0, list: { $elemMatch: { k: 'b' } } })).to.deep.equal({
      list: [{ k: 'b', v: 5 }],
    });
    expect(await one({ _id: 0, 'list.k': 1 })).to.deep.equal({ list: [{ k: 'a' }, { k: 'b' }] });
    expect((await one({ list: { $slice: -1 } }))?.list).to.deep.equal([{ k: 'b', v: 5 }]);
    const matched = await collection.findOne({ 'list.v': 5 }, { projection: { _id: 0, 'list.$': 1 } });
    expect(matched).to.deep.equal({ list: [{ k: 'b', v: 5 }] });
  });

  it('when distinct values are asked for, array elements count one by one', async () => {
    expect(await collection.distinct('a')).to.deep.equal([1, 2.5, 3, 9, 'text']);
    expect(await collection.distinct('list.k', { _id: 3 })).to.deep.equal(['a', 'b']);
  });

  it('when a collection does not exist, it is empty', async () => {
    const nothing = client.db().collection('nothing');
    expect(await nothing.find().toArray()).to.deep.equal([]);
    expect(await nothing.countDocuments()).to.equal(0);
    expect(await nothing.estimatedDocumentCount()).to.equal(0);
    expect((await nothing.deleteMany({})).deletedCount).to.equal(0);
  });
});
