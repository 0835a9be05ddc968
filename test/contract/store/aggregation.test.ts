import { expect } from 'chai';
import { MongoClient, type Db, type Document } from 'mongodb';
import { openStoreUnderTest, type StoreUnderTest } from './store-under-test.ts';

const cases: Record<string, [Document[], Document[]]> = {
  'groups and sums': [
    [
      { $match: { n: { $gt: 0 } } },
      { $group: { _id: '$status', total: { $sum: '$n' } } },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: 'open', total: 6 },
      { _id: 'shut', total: 4 },
    ],
  ],
  'sorts, skips and limits': [
    [{ $sort: { n: -1 } }, { $skip: 1 }, { $limit: 1 }, { $project: { _id: 1 } }],
    [{ _id: 3 }],
  ],
  'unwinds and counts': [[{ $unwind: '$tags' }, { $match: { tags: 'x' } }, { $count: 'n' }], [{ n: 2 }]],
  facets: [
    [
      {
        $facet: {
          all: [{ $count: 'n' }],
          top: [{ $sort: { n: -1 } }, { $limit: 1 }, { $project: { n: 1 } }],
        },
      },
    ],
    [{ all: [{ n: 4 }], top: [{ _id: 4, n: 4 }] }],
  ],
  'looks up by field': [
    [
      { $match: { _id: 1 } },
      { $lookup: { from: 'owners', localField: 'owner', foreignField: '_id', as: 'o' } },
      { $project: { o: 1 } },
    ],
    [{ _id: 1, o: [{ _id: 'u', name: 'Una' }] }],
  ],
  'looks up by pipeline': [
    [
      { $match: { _id: 1 } },
      {
        $lookup: {
          from: 'owners',
          let: { id: '$owner' },
          pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$id'] } } }, { $project: { _id: 0 } }],
          as: 'o',
        },
      },
      { $project: { o: 1 } },
    ],
    [{ _id: 1, o: [{ name: 'Una' }] }],
  ],
  'adds fields and replaces the root': [
    [
      { $match: { _id: 2 } },
      { $addFields: { twice: { $multiply: ['$n', 2] } } },
      { $replaceRoot: { newRoot: { v: '$twice' } } },
    ],
    [{ v: 4 }],
  ],
  'formats dates': [
    [{ $match: { _id: 1 } }, { $project: { day: { $dateToString: { date: '$at', format: '%Y-%m-%d' } } } }],
    [{ _id: 1, day: '2026-01-02' }],
  ],
};

describe('store contract: aggregation', () => {
  let store: StoreUnderTest;
  let client: MongoClient;
  let db: Db;
  before(async () => {
    store = await openStoreUnderTest();
    client = await MongoClient.connect(store.uri);
    db = client.db();
    await db.collection<Document>('docs').insertMany([
      {
        _id: 1 as never,
        n: 1,
        status: 'open',
        tags: ['x'],
        owner: 'u',
        at: new Date('2026-01-02T00:00:00Z'),
      },
      { _id: 2 as never, n: 2, status: 'open', tags: ['x', 'y'] },
      { _id: 3 as never, n: 3, status: 'open', tags: [] },
      { _id: 4 as never, n: 4, status: 'shut' },
    ]);
    await db.collection<Document>('owners').insertMany([{ _id: 'u' as never, name: 'Una' }]);
  });
  after(async () => {
    await client.close();
    await store.cleanUp();
  });

  for (const [what, [pipeline, expected]] of Object.entries(cases)) {
    it(`when aggregated: ${what}`, async () => {
      expect(await db.collection('docs').aggregate(pipeline).toArray()).to.deep.equal(expected);
    });
  }

  it('when a result is longer than a batch, all of it comes', async () => {
    const found = await db.collection('docs').aggregate([], { batchSize: 1 }).toArray();
    expect(found).to.have.length(4);
  });
});
