import { expect } from 'chai';
import { createRateLimiting } from '../../../app/http/rate-limit.ts';
import { createRateCounter } from '../../../app/storage/create-rate-counter.ts';
import type { Request } from 'express';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';

describe('rate limits', () => {
  let now = new Date('2026-11-22T09:00:00Z');
  const clock = { now: () => now };
  let store: TestStore;
  before(async () => {
    store = await openTestStore({ clock });
  });
  after(() => store.close());

  it('when many processes count at once, expected every hit to be counted once', async () => {
    const counters = [1, 2, 3].map(() => createRateCounter({ connection: store.connection, clock }));
    const hits = await Promise.all(
      Array.from({ length: 30 }, (_, index) => counters[index % 3]!.hit('all', 60)),
    );
    expect(hits.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it('when the window is over, expected to count from one again, and the old record to have an end', async () => {
    const counter = createRateCounter({ connection: store.connection, clock });
    expect([await counter.hit('w', 60), await counter.hit('w', 60)]).to.deep.equal([1, 2]);
    now = new Date(now.getTime() + 60_000);
    expect(await counter.hit('w', 60)).to.equal(1);
    const collection = store.db.collection('rate_counters');
    const indexes = await collection.indexes();
    expect(indexes.find((index) => 'expiresAt' in index.key)).to.include({ expireAfterSeconds: 0 });
    const records = await collection.find({}).toArray();
    expect(records.every((record) => record['expiresAt'] instanceof Date)).to.equal(true);
  });

  it('when one network asks, expected its IPv6 addresses counted together, others apart, none in clear', async () => {
    const keys: string[] = [];
    const hit = async (key: string) => keys.push(key);
    const limits = createRateLimiting({ counter: { hit: async (key) => (await hit(key), 1) } });
    const limit = { name: 'x', max: 1, windowS: 60 };
    const ask = (ip: string) => limits.count({ ip, params: {} } as unknown as Request, 'address', limit);
    for (const ip of [
      '2001:db8:1:2::1',
      '2001:db8:1:2:3:4:5:6',
      '2001:db8:1:3::1',
      '::1',
      '10.0.0.1',
      '10.0.0.2',
    ])
      await ask(ip);
    expect(keys[0]).to.equal(keys[1]);
    expect(new Set(keys).size).to.equal(5);
    expect(keys.join()).not.to.match(/2001|10\.0/);
  });
});
