import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';
import { rejection, times } from './build-signing.ts';

const about = { portalId: 'portal-a', name: 'договор.pdf', type: 'application/pdf' };

describe('file store', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await openTestStore();
  });
  afterEach(() => store.close());

  const gridFiles = () => store.db.collection('files.files').countDocuments();
  const chunks = () => store.db.collection('files.chunks').countDocuments();

  for (const size of [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_500_000]) {
    it(`when ${size} bytes are stored, expected the same bytes`, async () => {
      // A view into a larger buffer, as Node's pooled buffers are.
      const bytes = new Uint8Array(randomBytes(size + 20).buffer, 10, size);
      await store.files.put('f/1', bytes, about);
      const read = await store.files.get('f/1');
      expect(Buffer.compare(read, bytes)).to.equal(0);
      expect(read.buffer.byteLength).to.equal(size);
      expect(await store.files.has('f/1')).to.equal(true);
    });
  }

  it('when a part is asked for, expected those bytes and nothing behind the end', async () => {
    const bytes = new Uint8Array(randomBytes(2_500_000));
    await store.files.put('f', bytes, about);
    const mebibyte = 1 << 20;
    const parts = [
      [0, 0],
      [0, 1],
      [0, mebibyte],
      [mebibyte - 1, mebibyte + 1],
      [mebibyte, 2 * mebibyte],
      [5, 2_499_999],
      [2_499_999, 9_000_000],
      [2_500_000, 2_500_001],
      [9_000_000, 9_000_001],
    ] as const;
    for (const [start, end] of parts) {
      const part = await store.files.getRange('f', start, end);
      expect(Buffer.compare(part, bytes.subarray(start, end)), `${start}–${end}`).to.equal(0);
    }
  });

  it('when facts come with a file, expected those of the bytes that stayed', async () => {
    const facts = { pages: 2, level: 'B-T', timestampAt: new Date('2026-11-22T09:00:00Z') };
    await store.files.put('f', Buffer.from('first'), { ...about, facts: { ...facts, more: undefined } });
    await store.files.put('f', Buffer.from('second'), { ...about, facts: { pages: 3 } });
    await store.files.put('plain', Buffer.from('x'), about);
    expect(await store.files.factsOf('f')).to.deep.equal(facts);
    expect(await store.files.factsOf('plain')).to.equal(undefined);
    expect(await store.files.factsOf('nothing')).to.equal(undefined);
  });

  it('when the id is stored again, expected the first bytes and no remains of the second', async () => {
    await store.files.put('f', Buffer.from('first'), about);
    await store.files.put('f', Buffer.from('second'), about);
    expect(Buffer.from(await store.files.get('f')).toString()).to.equal('first');
    expect([await gridFiles(), await chunks()]).to.deep.equal([1, 1]);
  });

  it('when ten put one id at once, expected one of them whole and no remains of the others', async () => {
    await times(10, (index) => store.files.put('f', Buffer.alloc(1_500_000, index), about));
    const read = await store.files.get('f');
    expect(read.length).to.equal(1_500_000);
    expect(new Set(read).size).to.equal(1);
    expect([await gridFiles(), await chunks()]).to.deep.equal([1, 2]);
  });

  it('when there is no such file, expected FILE_NOT_FOUND', async () => {
    expect(await rejection(store.files.get('nothing'))).to.include({
      code: 'FILE_NOT_FOUND',
      retryable: false,
    });
    expect(await rejection(store.files.getRange('nothing', 0, 1))).to.include({ code: 'FILE_NOT_FOUND' });
    expect(await store.files.has('nothing')).to.equal(false);
    await store.files.remove('nothing');
  });

  it('when a file is removed, expected it gone with its bytes and its id free', async () => {
    await store.files.put('f', Buffer.from('first'), about);
    await store.files.remove('f');
    await store.files.remove('f');
    expect([await store.files.has('f'), await gridFiles(), await chunks()]).to.deep.equal([false, 0, 0]);
    await store.files.put('f', Buffer.from('second'), about);
    expect(Buffer.from(await store.files.get('f')).toString()).to.equal('second');
  });

  it('when a portal is purged, expected its files gone, broken-off uploads too, and others kept', async () => {
    await store.files.put('a', Buffer.from('a'), about);
    await store.files.put('b', Buffer.from('b'), about);
    await store.files.put('theirs', Buffer.from('t'), { ...about, portalId: 'portal-b' });
    await store.db.collection<{ _id: string }>('stored_files').deleteOne({ _id: 'b' });
    expect(await store.files.purgePortal('portal-a')).to.equal(1);
    expect([await gridFiles(), await chunks()]).to.deep.equal([1, 1]);
    expect(Buffer.from(await store.files.get('theirs')).toString()).to.equal('t');
  });
});
