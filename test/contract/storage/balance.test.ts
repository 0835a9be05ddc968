import { expect } from 'chai';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';
import { rejection, times } from './build-signing.ts';

describe('balance', () => {
  let store: TestStore;
  before(async () => {
    store = await openTestStore();
  });
  after(() => store.close());

  let portals = 0;
  const account = async (credits: number): Promise<string> => {
    portals += 1;
    const portalId = `portal-${portals}`;
    await store.balance.open(portalId, credits);
    return portalId;
  };

  it('when an account is opened twice, expected the start credits once', async () => {
    const portalId = await account(20);
    await store.balance.reserve(portalId, 'sig', 2);
    await times(5, () => store.balance.open(portalId, 20));
    expect(await store.balance.show(portalId)).to.deep.equal({ available: 18, reserved: 2, spent: 0 });
  });

  it('when many processes open the same account at once, expected one account', async () => {
    await times(10, () => store.balance.open('raced', 7));
    expect(await store.balance.show('raced')).to.deep.equal({ available: 7, reserved: 0, spent: 0 });
  });

  it('when nothing was opened, expected zeros and no reservation', async () => {
    expect(await store.balance.show('nobody')).to.deep.equal({ available: 0, reserved: 0, spent: 0 });
    expect(await store.balance.reserve('nobody', 'sig', 1)).to.equal(false);
    expect(String(await rejection(store.balance.grant('nobody', 5, 'g1')))).to.match(/has no balance/);
  });

  it('when a grant is repeated, also at once, expected it to count once', async () => {
    const portalId = await account(1);
    await times(8, () => store.balance.grant(portalId, 10, 'invoice-1'));
    expect((await store.balance.grant(portalId, 5, 'invoice-2')).available).to.equal(16);
  });

  it('when a grant is no whole positive number, expected a refusal', async () => {
    const portalId = await account(1);
    for (const amount of [0, -1, 1.5, NaN]) {
      expect(String(await rejection(store.balance.grant(portalId, amount, 'g')))).to.match(
        /not a number of signatures/,
      );
    }
  });

  it('when 600 grants were made, expected the newest to be remembered and the document bounded', async () => {
    const portalId = await account(0);
    for (let index = 0; index < 600; index += 1) await store.balance.grant(portalId, 1, `g${index}`);
    expect((await store.balance.grant(portalId, 1, 'g599')).available).to.equal(600);
    expect((await store.balance.grant(portalId, 1, 'g101')).available).to.equal(600);
    const raw = await store.db
      .collection<{ _id: string; grants: string[] }>('balances')
      .findOne({ _id: portalId });
    expect(raw?.grants).to.have.length(500);
  });

  it('when 20 signings reserve at once, expected never more than there is', async () => {
    const portalId = await account(10);
    const held = await times(20, (index) => store.balance.reserve(portalId, `sig-${index}`, 3));
    expect(held.filter(Boolean)).to.have.length(3);
    expect(await store.balance.show(portalId)).to.deep.equal({ available: 1, reserved: 9, spent: 0 });
  });

  it('when one signing reserves many times at once, expected one reservation and true each time', async () => {
    for (const credits of [4, 100]) {
      const portalId = await account(credits);
      const held = await times(20, () => store.balance.reserve(portalId, 'sig', 3));
      expect(held.every(Boolean)).to.equal(true);
      expect(await store.balance.reserve(portalId, 'sig', 4)).to.equal(true);
      expect(await store.balance.show(portalId)).to.deep.equal({
        available: credits - 3,
        reserved: 3,
        spent: 0,
      });
    }
  });

  it('when a signer is settled many times at once, expected one signature spent', async () => {
    const portalId = await account(5);
    await store.balance.reserve(portalId, 'sig', 2);
    await times(10, () => store.balance.settle(portalId, 'sig', 's1'));
    expect(await store.balance.show(portalId)).to.deep.equal({ available: 3, reserved: 1, spent: 1 });
  });

  it('when more signers are settled than were reserved, expected no signature out of nothing', async () => {
    const portalId = await account(5);
    await store.balance.reserve(portalId, 'sig', 2);
    await times(6, (index) => store.balance.settle(portalId, 'sig', `s${index}`));
    expect(await store.balance.show(portalId)).to.deep.equal({ available: 3, reserved: 0, spent: 2 });
  });

  it('when what is left is released many times at once, expected it back once', async () => {
    const portalId = await account(5);
    await store.balance.reserve(portalId, 'sig', 3);
    await store.balance.settle(portalId, 'sig', 's1');
    await times(10, () => store.balance.release(portalId, 'sig'));
    expect(await store.balance.show(portalId)).to.deep.equal({ available: 4, reserved: 0, spent: 1 });
  });

  it('when a signer is settled after the release, expected nothing to change', async () => {
    const portalId = await account(5);
    await store.balance.reserve(portalId, 'sig', 2);
    await store.balance.release(portalId, 'sig');
    await store.balance.settle(portalId, 'sig', 's1');
    expect(await store.balance.show(portalId)).to.deep.equal({ available: 5, reserved: 0, spent: 0 });
  });

  it('when a released signing reserves anew, expected a new reservation', async () => {
    const portalId = await account(5);
    await store.balance.reserve(portalId, 'sig', 2);
    await store.balance.release(portalId, 'sig');
    expect(await store.balance.reserve(portalId, 'sig', 1)).to.equal(true);
    expect(await store.balance.show(portalId)).to.deep.equal({ available: 4, reserved: 1, spent: 0 });
  });

  it('when everything happens at once and twice, expected the sum to stay what was granted', async () => {
    const portalId = await account(30);
    const signings = Array.from({ length: 12 }, (_, index) => `sig-${index}`);
    const held = await Promise.all(signings.map((id) => store.balance.reserve(portalId, id, 3)));
    const work = signings.flatMap((id) => [
      () => store.balance.settle(portalId, id, 's1'),
      () => store.balance.settle(portalId, id, 's1'),
      () => store.balance.settle(portalId, id, 's2'),
      () => store.balance.release(portalId, id),
      () => store.balance.settle(portalId, id, 's3'),
      () => store.balance.release(portalId, id),
      () => store.balance.reserve(portalId, `${id}-again`, 1),
    ]);
    await Promise.all(work.map((each) => each()));
    const { available, reserved, spent } = await store.balance.show(portalId);
    expect(held.filter(Boolean)).to.have.length(10);
    expect(available + reserved + spent).to.equal(30);
    expect(Math.min(available, reserved, spent)).to.be.at.least(0);
    expect(reserved).to.be.at.most(12);
  });

  it('when signing ids hold dots and dollars, expected them kept apart', async () => {
    const portalId = await account(5);
    await store.balance.reserve(portalId, 'a.b', 1);
    await store.balance.reserve(portalId, '$a', 1);
    await store.balance.settle(portalId, 'a.b', 's.1');
    expect(await store.balance.show(portalId)).to.deep.equal({ available: 3, reserved: 1, spent: 1 });
  });

  it('when everything is released, expected what is held back, what is spent spent, others as they were', async () => {
    const [portalId, other] = [await account(9), await account(3)];
    for (const [id, held] of [portalId, portalId, other].entries())
      await store.balance.reserve(held, `s${id}`, 2);
    await store.balance.settle(portalId, 's0', 'a');
    await store.balance.releaseAll(portalId);
    await store.balance.releaseAll(portalId);
    expect(await store.balance.show(portalId)).to.deep.equal({ available: 8, reserved: 0, spent: 1 });
    expect(await store.balance.show(other)).to.include({ reserved: 2 });
  });

  it('when a portal is purged, expected its account gone and others as they were', async () => {
    const [gone, kept] = [await account(5), await account(6)];
    await store.balance.purgePortal(gone);
    expect((await store.balance.show(gone)).available).to.equal(0);
    expect((await store.balance.show(kept)).available).to.equal(6);
  });
});
