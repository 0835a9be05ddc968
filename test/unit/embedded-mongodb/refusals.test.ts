import { Decimal128, Long } from 'bson';
import { expect } from 'chai';
import type { Doc } from '../../../app/embedded-mongodb/bson/codec.ts';
import { openStoreFixture, type StoreFixture } from './store-fixture.ts';

const find = (filter: Doc): Doc => ({ find: 'c', filter });
const aggregate = (...pipeline: Doc[]): Doc => ({ aggregate: 'c', pipeline, cursor: {} });
const update = (u: unknown, more: Doc = {}): Doc => ({ update: 'c', updates: [{ q: {}, u, ...more }] });
const index = (key: Doc, more: Doc = {}): Doc => ({
  createIndexes: 'c',
  indexes: [{ key, name: 'n', ...more }],
});

const refused: [string, Doc, number][] = [
  ['an unknown command', { mapReduce: 'c' }, 59],
  ['renaming a collection', { renameCollection: 'test.c' }, 59],
  [
    'the start of a transaction',
    { find: 'c', txnNumber: Long.ONE, startTransaction: true, autocommit: false },
    20,
  ],
  ['committing a transaction', { commitTransaction: 1 }, 59],
  ['a retryable write', { insert: 'c', documents: [{}], txnNumber: Long.ONE }, 20],
  ['an unknown command option', { find: 'c', tailable: true }, 40415],
  ['collation', { find: 'c', collation: { locale: 'ru' } }, 40415],
  ['an unknown statement option', { delete: 'c', deletes: [{ q: {}, limit: 0, collation: {} }] }, 40415],
  ['a capped collection', { create: 'd', capped: true }, 40415],
  ['a view', { create: 'd', viewOn: 'c', pipeline: [] }, 40415],
  ['a validator', { create: 'd', validator: {} }, 40415],
  ['$near', find({ at: { $near: [0, 0] } }), 2],
  ['$where', find({ $where: '1' }), 2],
  ['$text', find({ $text: { $search: 'x' } }), 2],
  ['$jsonSchema', find({ $jsonSchema: {} }), 2],
  ['an unknown operator deep inside', find({ $or: [{ a: { $not: { $foo: 1 } } }] }), 2],
  ['a regex option JavaScript lacks', find({ a: { $regex: 'x', $options: 'x' } }), 2],
  ['$meta in a sort', { find: 'c', sort: { s: { $meta: 'textScore' } } }, 2],
  ['$meta in a projection', { find: 'c', projection: { s: { $meta: 'textScore' } } }, 2],
  ['a mixed projection', { find: 'c', projection: { a: 1, b: 0 } }, 31254],
  ['a hint to no index', { find: 'c', hint: 'nothing' }, 2],
  ['a change stream', aggregate({ $changeStream: {} }), 40324],
  ['$out', aggregate({ $out: 'd' }), 40324],
  ['$geoNear', aggregate({ $geoNear: {} }), 40324],
  ['$bucket, which mingo computes wrongly', aggregate({ $bucket: {} }), 40324],
  ['an unknown stage inside $facet', aggregate({ $facet: { f: [{ $wat: 1 }] } }), 40324],
  [
    'an unknown stage inside $lookup',
    aggregate({ $lookup: { from: 'd', as: 'x', pipeline: [{ $wat: 1 }] } }),
    40324,
  ],
  ['an unknown expression', aggregate({ $project: { x: { $foo: 1 } } }), 2],
  ['$function', aggregate({ $project: { x: { $function: {} } } }), 2],
  ['an unknown accumulator', aggregate({ $group: { _id: null, x: { $foo: 1 } } }), 2],
  ['a Long beyond 2^53 in a pipeline', aggregate({ $project: { x: Long.MAX_VALUE } }), 2],
  ['a text index', index({ a: 'text' }), 67],
  ['a 2dsphere index', index({ a: '2dsphere' }), 67],
  ['a hashed index', index({ a: 'hashed' }), 67],
  ['a wildcard index', index({ '$**': 1 }), 67],
  ['an unknown index option', index({ a: 1 }, { hidden: true }), 72],
  ['a collation on an index', index({ a: 1 }, { collation: { locale: 'ru' } }), 72],
  [
    'a partial filter that cannot be planned',
    index({ a: 1 }, { partialFilterExpression: { a: { $ne: 1 } } }),
    67,
  ],
  ['a TTL on two fields', index({ a: 1, b: 1 }, { expireAfterSeconds: 1 }), 67],
];
/** Errors of one statement come inside the answer, with the place in the list. */
const refusedStatements: [string, Doc, number][] = [
  ['an unknown update operator', update({ $foo: { a: 1 } }), 9],
  ['$bit', update({ $bit: { a: { and: 1 } } }), 9],
  ['an unknown clause of $push', update({ $push: { a: { $each: [], $foo: 1 } } }), 2],
  ['a stage that is no update stage', update([{ $group: { _id: null } }]), 72],
  ['replacing many', update({ a: 1 }, { multi: true }), 9],
  ['an array filter nobody uses', update({ $set: { a: 1 } }, { arrayFilters: [{ x: 1 }] }), 9],
  ['Decimal128 arithmetic', update({ $inc: { a: Decimal128.fromString('1') } }), 14],
];

describe('embedded store: what it does not do is an error', () => {
  let store: StoreFixture;
  before(() => {
    store = openStoreFixture();
    store.run({ insert: 'c', documents: [{ _id: 1, a: 1 }] });
  });
  after(() => store.close());

  for (const [what, command, code] of refused) {
    it(`when asked for ${what}, the answer is error ${code} with a text`, () => {
      const reply = store.run(command);
      expect(reply).to.include({ ok: 0, code });
      expect(reply.errmsg).to.be.a('string').with.length.above(10);
      expect(reply.codeName).to.be.a('string');
    });
  }
  for (const [what, command, code] of refusedStatements) {
    it(`when a statement has ${what}, its error is ${code} and the document stays`, () => {
      const { writeErrors } = store.run(command) as { writeErrors: Doc[] };
      expect(writeErrors[0]).to.include({ index: 0, code });
      expect(store.rows(find({}))).to.deep.equal([{ _id: 1, a: 1 }]);
    });
  }

  it('when a query runs out of its maxTimeMS, error 50 ends it', () => {
    const documents = Array.from({ length: 1500 }, (_, i) => ({ i, s: 'x'.repeat(2000) }));
    store.run({ insert: 'slow', documents });
    const command = { find: 'slow', filter: { $expr: { $eq: ['$i', -1] } }, maxTimeMS: 1 };
    const ticking = setInterval(() => undefined, 1);
    const { now } = store.clock;
    Object.defineProperty(store.clock, 'now', { configurable: true, get: () => Date.now() });
    const reply = store.run(command);
    Object.defineProperty(store.clock, 'now', { configurable: true, writable: true, value: now });
    clearInterval(ticking);
    expect(reply).to.include({ ok: 0, code: 50 });
  });
});
