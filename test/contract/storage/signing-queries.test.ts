import { expect } from 'chai';
import type { Signing } from '../../../app/domain/signing.ts';
import type { SigningFilter } from '../../../app/ports/signing-store.ts';
import { cancelSigning, expireSigning } from '../../../app/domain/transitions/end-signing.ts';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';
import { NOW, buildSigning, minutes } from './build-signing.ts';

const person = { kind: 'user', id: '1' } as const;
const idsOf = (signings: readonly Signing[]): string[] => signings.map((signing) => signing.id);
const withDue = (signing: Signing, ...dueAt: Date[]): Signing => ({
  ...signing,
  effects: dueAt.map((at, index) => ({
    ...signing.effects[0]!,
    id: `e${index}`,
    lane: `l${index}`,
    dueAt: at,
  })),
});

describe('signing store queries', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await openTestStore();
  });
  afterEach(() => store.close());

  const create = (fields: Parameters<typeof buildSigning>[0]): Promise<Signing> =>
    store.signings.create(buildSigning(fields));
  const cancelled = async (fields: Parameters<typeof buildSigning>[0]): Promise<Signing> =>
    store.signings.save(cancelSigning(await create(fields), person, '', minutes(60)));
  const list = async (filter: SigningFilter, portalId = 'portal-a'): Promise<string[]> =>
    idsOf((await store.signings.list(portalId, filter, { limit: 50 })).signings);

  describe('list', () => {
    it('when there are open and finished ones, expected open first, then newest first', async () => {
      await create({ id: 'old-open', at: minutes(1) });
      await cancelled({ id: 'old-done', at: minutes(2) });
      await create({ id: 'new-open', at: minutes(3) });
      await cancelled({ id: 'new-done', at: minutes(4) });
      await create({ id: 'theirs', portalId: 'portal-b' });
      expect(await list({})).to.deep.equal(['new-open', 'old-open', 'new-done', 'old-done']);
      expect(await list({}, 'portal-c')).to.deep.equal([]);
    });

    it('when paged, expected every one exactly once, ties of time included', async () => {
      const ids = Array.from({ length: 11 }, (_, index) => `s${String(index).padStart(2, '0')}`);
      for (const id of ids.slice(0, 6)) await create({ id, at: NOW });
      for (const id of ids.slice(6)) await cancelled({ id, at: NOW });
      const seen: string[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await store.signings.list('portal-a', {}, { limit: 4, ...(cursor && { cursor }) });
        expect(page.total).to.equal(11);
        seen.push(...idsOf(page.signings));
        cursor = page.next;
        pages += 1;
      } while (cursor);
      expect(pages).to.equal(3);
      expect(seen).to.deep.equal([...ids.slice(0, 6).reverse(), ...ids.slice(6).reverse()]);
    });

    it('when the page is exactly full, expected no next page', async () => {
      await create({ id: 'a' });
      await create({ id: 'b' });
      expect(await store.signings.list('portal-a', {}, { limit: 2 })).to.not.have.property('next');
    });

    it('when filtered by deal and state, expected those and their number', async () => {
      await create({ id: 'a', entity: { type: 'deal', id: '5', title: 'x' } });
      await cancelled({ id: 'b', entity: { type: 'deal', id: '5', title: 'x' } });
      await create({ id: 'c' });
      expect(await list({ dealId: '5' })).to.deep.equal(['a', 'b']);
      expect(await list({ status: 'cancelled' })).to.deep.equal(['b']);
      expect(await list({ dealId: '5', status: 'created' })).to.deep.equal(['a']);
      expect((await store.signings.list('portal-a', { dealId: '5' }, { limit: 1 })).total).to.equal(2);
    });

    it('when searched, expected beginnings of words of title, deal and signers, letter case ignored', async () => {
      await create({ id: 'a', title: 'Акт сверки' });
      await create({ id: 'b', title: 'Lease', entity: { type: 'deal', id: '9', title: 'Офис (Центр)' } });
      for (const [search, ids] of [
        ['АКТ', ['a']],
        ['свер акт', ['a']],
        ['центр', ['b']],
        ['ИВАНОВ lease', ['b']],
        ['s2@example.com', ['b', 'a']],
        ['верки', []],
        ['акт.*', ['a']],
        ['.*', ['b', 'a']],
        ['  ', ['b', 'a']],
        ['$where', []],
      ] as const) {
        expect(await list({ search }), search).to.deep.equal(ids);
      }
    });

    it('when a search is paged, expected total and pages to agree', async () => {
      for (const id of ['a', 'b', 'c']) await create({ id, title: 'Акт' });
      await create({ id: 'other', title: 'Счёт' });
      const first = await store.signings.list('portal-a', { search: 'акт' }, { limit: 2 });
      const second = await store.signings.list(
        'portal-a',
        { search: 'акт' },
        { limit: 2, cursor: first.next! },
      );
      expect([first.total, ...idsOf(first.signings), ...idsOf(second.signings)]).to.deep.equal([
        3,
        'c',
        'b',
        'a',
      ]);
    });
  });

  it('when a document was in several signings, expected the newest, of this portal', async () => {
    await cancelled({ id: 'first', refs: ['300'], at: minutes(1) });
    await cancelled({ id: 'second', refs: ['300', '301'], at: minutes(2) });
    await create({ id: 'theirs', refs: ['300'], portalId: 'portal-b', at: minutes(3) });
    expect(await store.signings.findByDocument('portal-a', '300')).to.have.property('id', 'second');
    expect(await store.signings.findByDocument('portal-a', '999')).to.equal(undefined);
  });

  it('when effects are due, expected those signings, the oldest first, and no others', async () => {
    await store.signings.create(withDue(buildSigning({ id: 'later' }), minutes(10)));
    await store.signings.create(withDue(buildSigning({ id: 'second' }), minutes(9), minutes(2)));
    await store.signings.create(withDue(buildSigning({ id: 'first' }), minutes(1)));
    await store.signings.create(withDue(buildSigning({ id: 'idle' })));
    expect(await store.signings.dueForEffects(minutes(2), 10)).to.deep.equal(['first', 'second']);
    expect(await store.signings.dueForEffects(minutes(2), 1)).to.deep.equal(['first']);
    const first = (await store.signings.get('first'))!;
    await store.signings.save({ ...first, effects: [] });
    expect(await store.signings.dueForEffects(minutes(2), 10)).to.deep.equal(['second']);
  });

  it('when deadlines have passed, expected the open signings only', async () => {
    await create({ id: 'a', expiresAt: minutes(5) });
    await create({ id: 'b', expiresAt: minutes(4) });
    await create({ id: 'later', expiresAt: minutes(6) });
    await cancelled({ id: 'done', expiresAt: minutes(1) });
    expect(await store.signings.dueForExpiry(minutes(5), 10)).to.deep.equal(['b', 'a']);
    await store.signings.save(expireSigning((await store.signings.get('b'))!, minutes(5)));
    expect(await store.signings.dueForExpiry(minutes(5), 10)).to.deep.equal(['a']);
  });

  it('when everybody has signed but the sealing is late, expected no expiry, not even in an error', async () => {
    const signing = buildSigning({ id: 'a', expiresAt: minutes(1) });
    const signers = signing.signers.map((signer) => ({ ...signer, status: 'signed' as const }));
    const stored = await store.signings.create({ ...signing, signers, status: 'signed' });
    expect(await store.signings.dueForExpiry(minutes(5), 10)).to.deep.equal([]);
    await store.signings.save({ ...stored, status: 'error', statusBeforeError: 'signed' });
    expect(await store.signings.dueForExpiry(minutes(5), 10)).to.deep.equal([]);
  });

  it('when a deal or a portal goes, expected its open signings', async () => {
    await create({ id: 'a' });
    await create({ id: 'other-deal', entity: { type: 'deal', id: '8', title: '' } });
    await cancelled({ id: 'done' });
    await create({ id: 'theirs', portalId: 'portal-b' });
    expect(await store.signings.openOfDeal('portal-a', '77')).to.deep.equal(['a']);
    expect(await store.signings.openOfPortal('portal-a', 10)).to.have.members(['a', 'other-deal']);
    expect(await store.signings.openOfPortal('portal-a', 1)).to.have.length(1);
  });

  it('when a portal is purged, expected only its signings gone and their number', async () => {
    await create({ id: 'a' });
    await cancelled({ id: 'b' });
    await create({ id: 'theirs', portalId: 'portal-b' });
    expect(await store.signings.purgePortal('portal-a')).to.equal(2);
    expect(await store.signings.get('a')).to.equal(undefined);
    expect(await store.signings.get('theirs')).to.have.property('id', 'theirs');
  });
});
