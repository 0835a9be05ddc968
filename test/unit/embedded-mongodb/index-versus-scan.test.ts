import { Long, ObjectId } from 'bson';
import { expect } from 'chai';
import type { Doc } from '../../../app/embedded-mongodb/bson/codec.ts';
import { planQuery } from '../../../app/embedded-mongodb/storage/plan-query.ts';
import { openStoreFixture, type StoreFixture } from './store-fixture.ts';

// The same random documents, writes and queries on a collection with indexes and on one without: an index may make a
// query faster, never change its answer. The seed is printed with a failure; STORE_SEED repeats it.
const seed = Number(process.env.STORE_SEED ?? 20261122);
const budgetMs = 1800;

const indexes: Doc[] = [
  { key: { a: 1 }, name: 'a' },
  { key: { b: 1, a: -1 }, name: 'b_a' },
  { key: { c: -1 }, name: 'c' },
  { key: { a: 1, c: 1, b: 1 }, name: 'a_c_b' },
  { key: { 'a.x': 1, 'a.y': 1 }, name: 'ax_ay' },
  { key: { 'b.y': 1, c: -1 }, name: 'by_c' },
  { key: { b: 1 }, name: 'sparse', sparse: true },
  { key: { a: -1 }, name: 'partial', partialFilterExpression: { c: { $gt: 0 } } },
  { key: { u: 1 }, name: 'unique', unique: true, sparse: true },
];

function randomSource(start: number) {
  let state = start >>> 0;
  const below = (n: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  return { below, pick: <T>(list: readonly T[]): T => list[below(list.length)]! };
}

describe('embedded store: index against scan', () => {
  let store: StoreFixture;
  before(() => {
    store = openStoreFixture();
  });
  after(() => store.close());

  it('when random queries run with and without indexes, the answers are the same', () => {
    const { below, pick } = randomSource(seed);
    const ids = [1, 2].map((n) => new ObjectId(String(n).padStart(24, '0')));
    const dates = [new Date(1000), new Date(2000)];
    const scalars = [
      null,
      0,
      1,
      2,
      -1,
      1.5,
      '',
      'a',
      'b',
      'ab',
      true,
      false,
      NaN,
      Long.fromNumber(2),
      ...ids,
      ...dates,
    ];
    const scalar = (): unknown => pick(scalars);
    const value = (depth = 0): unknown => {
      const kind = below(10);
      if (kind < 6 || depth > 1) return scalar();
      if (kind < 8) return Array.from({ length: below(4) }, () => value(depth + 1));
      return { x: value(depth + 1), y: scalar() };
    };
    const document = (_id: number): Doc => {
      const doc: Doc = { _id };
      for (const field of ['a', 'b', 'c']) if (below(5) > 0) doc[field] = value();
      if (below(3) === 0) doc.u = below(1000);
      return doc;
    };
    const condition = (): unknown => {
      const one = scalar();
      switch (below(12)) {
        case 0:
        case 1:
          return { [pick(['$gt', '$gte', '$lt', '$lte'])]: one };
        case 2:
          return { $in: [scalar(), scalar(), scalar()] };
        case 3:
          return { $ne: one };
        case 4:
          return below(2) ? { $gte: scalar(), $lt: scalar() } : { $gt: below(3), $lt: below(3) };
        case 5:
          return { $exists: below(2) === 0 };
        case 6:
          return { $nin: [one] };
        case 7:
          return { $regex: '^a' };
        case 8:
          return { $elemMatch: { $gt: scalar() } };
        case 9:
          return value();
        default:
          return { $eq: one };
      }
    };
    const paths = ['a', 'b', 'c', 'a.x', 'a.y', 'b.y', 'a.0', 'u'];
    const filter = (): Doc => {
      const parts: Doc = {};
      for (let n = below(3); n >= 0; n--) parts[pick(paths)] = condition();
      const kind = below(8);
      if (kind === 0) return { $or: [parts, { c: condition() }] };
      return kind === 1 ? { $and: [parts, { b: condition() }, { c: { $gt: 0 } }] } : parts;
    };

    store.run({ createIndexes: 'indexed', indexes });
    const both = (command: (name: string) => Doc): [Doc, Doc] => [
      store.run(command('indexed')),
      store.run(command('plain')),
    ];
    const agree = (command: (name: string) => Doc): void => {
      // what only the indexed collection refuses (parallel arrays, duplicates) is taken out of the other as well
      const [indexed] = both(command);
      if (!indexed.writeErrors) return;
      store.run({ delete: 'plain', deletes: [{ q: {}, limit: 0 }] });
      const all = store.rows({ find: 'indexed', batchSize: 100_000 });
      if (all.length > 0) store.run({ insert: 'plain', documents: all });
    };
    const insert = (id: number): void => {
      const documents = [document(id)];
      agree((name) => ({ insert: name, documents }));
    };
    for (let id = 0; id < 150; id++) insert(id);

    let queries = 0;
    let planned = 0;
    for (const end = Date.now() + budgetMs; Date.now() < end; queries++) {
      if (queries % 25 === 0) {
        const id = below(150);
        const update = { $set: { [pick(['a', 'b', 'c', 'u'])]: value() } };
        agree((name) => ({ update: name, updates: [{ q: { _id: id }, u: update }] }));
        const gone = below(150);
        agree((name) => ({ delete: name, deletes: [{ q: { _id: gone }, limit: 1 }] }));
        insert(gone);
      }
      const query = {
        filter: filter(),
        sort: below(2) ? { [pick(['a', 'b', 'c'])]: pick([1, -1]), _id: 1 } : { _id: 1 },
        skip: below(4) ? 0 : 2,
        limit: below(3) ? 0 : 5,
        batchSize: 1000,
      };
      if (planQuery(store.catalog.find('test.indexed')!, { filter: query.filter })) planned += 1;
      const idsOf = (name: string) => store.rows({ find: name, ...query }).map(({ _id }) => _id);
      const shown = `seed ${seed}, query ${queries}: ${JSON.stringify(query)}`;
      expect(idsOf('indexed'), shown).to.deep.equal(idsOf('plain'));
      const [indexed, plain] = both((name) => ({ count: name, query: query.filter }));
      expect(indexed.n, shown).to.equal(plain.n);
    }
    expect(queries).to.be.above(50);
    expect(planned / queries, 'share of queries with an index plan').to.be.above(0.4);
  });
});
