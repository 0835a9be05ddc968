import { Long } from 'bson';
import { expect } from 'chai';
import { idleTimeoutMs } from '../../../app/embedded-mongodb/commands/cursors.ts';
import { createCursors } from '../../../app/embedded-mongodb/commands/cursors.ts';
import { sweepExpired } from '../../../app/embedded-mongodb/storage/sweep-expired.ts';
import { openStoreFixture, type StoreFixture } from './store-fixture.ts';

describe('embedded store: TTL, cursors and reopening', () => {
  let store: StoreFixture;
  beforeEach(() => {
    store = openStoreFixture();
  });
  afterEach(() => store.close());

  it('when one document of a multi-update breaks a unique index, those before it are not changed either', () => {
    store.run({ createIndexes: 'c', indexes: [{ key: { u: 1 }, name: 'u', unique: true }] });
    store.run({ insert: 'c', documents: [{ u: 10 }, { u: 2 }, { u: 3 }] });
    const updates = [{ q: { u: { $ne: 3 } }, u: { $inc: { u: 1 } }, multi: true, hint: { $natural: 1 } }];
    expect(store.run({ update: 'c', updates }).writeErrors).to.have.length(1);
    expect(store.run({ distinct: 'c', key: 'u' }).values).to.deep.equal([2, 3, 10]);
  });

  it('when the TTL sweep runs, exactly the expired dates go', () => {
    store.run({ createIndexes: 'c', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 60 }] });
    const now = Date.now();
    const at = (secondsAgo: number) => new Date(now - secondsAgo * 1000);
    const documents = [
      { _id: 1, at: at(61) },
      { _id: 2, at: at(59) },
      { _id: 3, at: [at(10), at(100)] },
      { _id: 4, at: 'never' },
      { _id: 5 },
      { _id: 6, at: null },
    ];
    store.run({ insert: 'c', documents });
    expect(sweepExpired(store.sqlite, store.catalog, new Date(now))).to.equal(2);
    expect(store.rows({ find: 'c', projection: { _id: 1 } }).map(({ _id }) => _id)).to.deep.equal([
      2, 4, 5, 6,
    ]);
  });

  it('when a TTL index is partial, only the documents in it expire', () => {
    const ttl = {
      key: { at: 1 },
      name: 'ttl',
      expireAfterSeconds: 0,
      partialFilterExpression: { done: true },
    };
    store.run({ createIndexes: 'c', indexes: [ttl] });
    store.run({
      insert: 'c',
      documents: [
        { _id: 1, at: new Date(0), done: true },
        { _id: 2, at: new Date(0) },
      ],
    });
    expect(sweepExpired(store.sqlite, store.catalog, new Date())).to.equal(1);
    expect(store.rows({ find: 'c' })[0]).to.include({ _id: 2 });
  });

  it('when a cursor is idle for longer than ten minutes, it is forgotten', () => {
    let now = 0;
    const cursors = createCursors({ now: () => now });
    const documents = [Buffer.from('a'), Buffer.from('b')];
    const { cursor } = cursors.open('db.c', documents, { batchSize: 1 });
    const kept = cursors.open('db.c', documents, { batchSize: 1, noTimeout: true }).cursor;
    now = idleTimeoutMs + 1;
    cursors.sweepIdle();
    expect(() => cursors.next(cursor.id, 'db.c', 1)).to.throw('not found');
    expect(cursors.next(kept.id, 'db.c', 1).cursor).to.deep.include({
      id: 0n,
      documents: [Buffer.from('b')],
    });
  });

  it('when a collection is dropped while a cursor reads it, the next batch is error 175', () => {
    store.run({ insert: 'c', documents: Array.from({ length: 1000 }, (_, _id) => ({ _id })) });
    const first = store.run({ find: 'c', batchSize: 10 }) as unknown as { cursor: { id: bigint } };
    store.run({ drop: 'c' });
    store.run({ insert: 'c', documents: [{ _id: 1 }] });
    const getMore = { getMore: Long.fromBigInt(first.cursor.id), collection: 'c' };
    expect(store.run(getMore)).to.include({ ok: 0, code: 175 });
    expect(store.run(getMore)).to.include({ ok: 0, code: 43 });
  });

  it('when the file is opened again, documents, indexes and the multikey mark are there', () => {
    store.run({ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a', unique: true }] });
    store.run({ insert: 'c', documents: [{ _id: 1, a: 0 }] });
    // the first array comes in a statement that fails, the second in one that works
    store.run({ insert: 'c', documents: [{ _id: 2, a: [5, 0] }] });
    store.run({ insert: 'c', documents: [{ _id: 3, a: [3, 9] }] });
    store.reopen();
    expect(store.catalog.find('test.c')!.indexes[1]).to.include({ name: 'a', multikey: true });
    expect(store.rows({ find: 'c', filter: { a: { $gt: 5, $lt: 5 } } })).to.deep.equal([
      { _id: 3, a: [3, 9] },
    ]);
    expect(store.run({ insert: 'c', documents: [{ a: 9 }] }).writeErrors).to.have.length(1);
  });
});
