import { expect } from 'chai';
import sinon from 'sinon';
import type { Signing } from '../../../app/domain/signing.ts';
import { PortalError } from '../../../app/ports/portal.ts';
import { createChangeSigning } from '../../../app/signing/change-signing.ts';
import type { ChangeSigning } from '../../../app/signing/change-signing.ts';
import type { EffectHandlers } from '../../../app/signing/effects/effect-handler.ts';
import { holdLease } from '../../../app/signing/effects/hold-lease.ts';
import { createRunSigningEffects } from '../../../app/signing/effects/run-signing-effects.ts';
import { createStopSignings } from '../../../app/signing/stop-signings.ts';
import { buildSigning, sentSigning } from '../../support/signing-builder.ts';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';
import { waitFor } from '../../support/wait-for.ts';

const jobs = { wakeSigning: async () => undefined, wakeRun: async () => undefined };
const nothing = async () => undefined;
/** Every kind of a signing that has just been sent; projections go through a function of their own. */
const QUIET: EffectHandlers = { submit: nothing, invite: nothing, return: nothing, trigger: nothing };

describe('the runner of effects', () => {
  let store: TestStore;
  let now: Date;
  const clock = { now: () => now };

  before(async () => {
    store = await openTestStore();
  });
  after(() => store.close());
  beforeEach(async () => {
    now = new Date(sentSigning().createdAt.getTime() + 1000);
    await store.signings.purgePortal('portal-a');
  });
  afterEach(() => sinon.restore());

  const change = () => createChangeSigning({ signings: store.signings, clock, jobs });
  const runner = (handlers: EffectHandlers, fields: { changeSigning?: ChangeSigning; owner?: string } = {}) =>
    createRunSigningEffects({
      signings: store.signings,
      changeSigning: change(),
      handlers: { ...QUIET, ...handlers },
      projectEffects: async (_signing, effects) => effects.map((effect) => ({ effect })),
      clock,
      log: store.log,
      owner: 'test',
      ...fields,
    });
  const stored = async (): Promise<Signing> => (await store.signings.get(sentSigning().id))!;
  const kinds = async () => (await stored()).effects.map((effect) => effect.kind);

  it('when one lane cannot be written down, expected the others written and the lease kept until they end', async () => {
    const { id } = await store.signings.create(sentSigning());
    let finish: () => void = () => undefined;
    const inviting = new Promise<void>((resolve) => (finish = resolve));
    let down = false;
    const changeSigning: ChangeSigning = async (...args) => {
      if (down) throw new Error('store down');
      return change()(...args);
    };
    const started = sinon.fake();
    const running = runner(
      {
        invite: async () => {
          started();
          await inviting;
        },
        return: async () => void (down = true),
      },
      { changeSigning },
    )(id).catch((error: Error) => error.message);
    await waitFor('the store to fail', () => down && started.called);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await store.signings.lease(id, 'another', now, 15)).to.equal(false);
    down = false;
    finish();
    expect(await running).to.equal('store down');
    expect(await kinds()).not.to.include('invite');
    expect(await store.signings.lease(id, 'another', now, 15)).to.equal(true);
  });

  it('when the process stood still and another took over, expected no further round', async () => {
    const { id } = await store.signings.create(sentSigning());
    const trigger = sinon.fake.resolves(undefined);
    const run = runner({
      trigger,
      return: async () => {
        now = new Date(now.getTime() + 16_000);
        expect(await store.signings.lease(id, 'another', now, 15)).to.equal(true);
      },
    });
    await run(id);
    expect(trigger.called).to.equal(false);
    expect(await kinds()).to.deep.equal(['trigger']);
  });

  it('when a renewal is under way at the end, expected the lease free all the same', async () => {
    const { id } = await store.signings.create(sentSigning());
    const timers = sinon.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let arrive: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (arrive = resolve));
    let calls = 0;
    const lease: typeof store.signings.lease = async (...args) => {
      calls += 1;
      if (calls > 1) await slow;
      return store.signings.lease(...args);
    };
    const held = await holdLease({ signings: { ...store.signings, lease }, clock, log: store.log }, id, 'me');
    timers.tick(5000);
    const released = held!.release();
    arrive();
    await released;
    expect(await store.signings.lease(id, 'another', now, 15)).to.equal(true);
  });

  it('when the signing is cancelled between reading and starting, expected no invitation', async () => {
    const { id } = await store.signings.create(sentSigning());
    const invite = sinon.fake.resolves(undefined);
    let first = true;
    const changeSigning: ChangeSigning = async (...args) => {
      if (first) {
        first = false;
        await change()(id, (signing) => ({
          ...signing,
          effects: signing.effects.filter((effect) => effect.kind !== 'invite'),
        }));
      }
      return change()(...args);
    };
    await runner({ invite }, { changeSigning })(id);
    expect(invite.called).to.equal(false);
    expect(await kinds()).to.deep.equal([]);
  });

  it('when the app is gone from the portal, expected its effects to end without a word in the journal', async () => {
    const { id } = await store.signings.create(sentSigning());
    const before = (await stored()).journal.length;
    await runner({ trigger: () => Promise.reject(new PortalError('uninstalled', 'removed', false)) })(id);
    expect(await kinds()).to.deep.equal([]);
    expect((await stored()).journal).to.have.length(before);
  });

  it('when the portal has to be authorised again, expected its effects to wait and then to take place', async () => {
    const { id } = await store.signings.create(sentSigning());
    let dead = true;
    const trigger = sinon.fake(async () => {
      if (dead) throw new PortalError('needs_reauth', 'an administrator has to open the app', false);
    });
    for (let hours = 0; hours < 48; hours += 1) {
      await runner({ trigger })(id);
      now = new Date(now.getTime() + 3_600_000);
    }
    expect(await kinds()).to.deep.equal(['trigger']);
    dead = false;
    await runner({ trigger })(id);
    expect(await kinds()).to.deep.equal([]);
  });

  it('when fifty write at once, expected every change made', async () => {
    const { id } = await store.signings.create(sentSigning());
    const tick = (signing: Signing): Signing => ({ ...signing, message: `${signing.message}.` });
    await Promise.all(Array.from({ length: 50 }, () => change()(id, tick)));
    expect((await stored()).message).to.have.length(50);
  });

  it('when many signings of an uninstalled portal only wait to be sealed, expected the others stopped', async () => {
    const numbered = (index: number): Signing => {
      const signing = buildSigning({
        id: `signing-${String(index).padStart(4, '0')}`,
        documents: [{ ref: `d${index}`, title: 'D', file: sentSigning().documents[0]!.file }],
      });
      return index < 110 ? { ...signing, status: 'signed' } : signing;
    };
    const all = Array.from({ length: 112 }, (_, index) => numbered(index));
    for (const signing of all) await store.signings.create(signing);
    // The worst order that a store may give them in.
    const open = all.map((signing) => signing.id);
    const signings = {
      ...store.signings,
      openOfPortal: async (_: string, limit: number) => open.slice(0, limit),
    };
    await createStopSignings({ signings, changeSigning: change() }).ofPortal('portal-a');
    const { total } = await store.signings.list('portal-a', { status: 'cancelled' }, { limit: 1 });
    expect(total).to.equal(2);
  });
});
