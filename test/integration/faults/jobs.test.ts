import { expect } from 'chai';
import { createJobs } from '../../../app/jobs/create-jobs.ts';
import type { Jobs, Work } from '../../../app/jobs/create-jobs.ts';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';
import { waitFor } from '../../support/wait-for.ts';

const nothing = async () => undefined;
const QUIET: Work = {
  runSigning: nothing,
  runRobot: nothing,
  handleEvent: nothing,
  sweep: nothing,
  track: nothing,
  keepAlive: nothing,
};

describe('jobs', () => {
  let store: TestStore;
  let jobs: Jobs;

  beforeEach(async () => {
    store = await openTestStore();
    jobs = await createJobs({ db: store.db, trackIntervalS: 60, log: store.log });
  });
  afterEach(() => store.close());

  it('when nobody can be woken, expected the caller to go on: the sweep will find it', async () => {
    await store.connection.close();
    await jobs.wakeSigning('a');
    await jobs.wakeRun('b', new Date());
  });

  it('when a sweep comes by again and again, expected one job for what waits in the queue', async () => {
    for (let times = 0; times < 3; times++) {
      await jobs.unlessQueued.wakeSigning('a');
      await jobs.unlessQueued.wakeRun('b');
    }
    await jobs.wakeSigning('c');
    await jobs.wakeSigning('c');
    const queued = await store.db.collection('agendaJobs').find({}).toArray();
    const waiting = queued.map(({ name, data }) => `${name}:${Object.values(data as object).join()}`).sort();
    expect(waiting).to.deep.equal([
      'robot-run:b',
      'signing-effects:a',
      'signing-effects:c',
      'signing-effects:c',
    ]);
  });

  it('when a dead process holds the job or it is to start later, expected the sweep to wake somebody all the same', async () => {
    const all = store.db.collection('agendaJobs');
    await jobs.wakeSigning('held');
    await all.updateMany({}, { $set: { lockedAt: new Date() } });
    await jobs.wakeSigning('later', new Date(Date.now() + 600_000));
    for (const id of ['held', 'later']) await jobs.unlessQueued.wakeSigning(id);
    expect(await all.countDocuments({ 'data.signingId': 'held' })).to.equal(2);
    expect(await all.countDocuments({ 'data.signingId': 'later' })).to.equal(2);
  });

  it('when the work of a signing fails, expected nothing of the job to be kept', async () => {
    let tries = 0;
    await jobs.start({
      ...QUIET,
      runSigning: async () => {
        tries += 1;
        throw new Error('no');
      },
    });
    await jobs.wakeSigning('a');
    const left = () => store.db.collection('agendaJobs').countDocuments({ name: 'signing-effects' });
    await waitFor('the job to be gone', async () => tries === 1 && (await left()) === 0);
    await jobs.stop();
  });

  it('when a process died just before it swept, expected the next sweep within half a minute', async () => {
    let sweeps = 0;
    await jobs.start({ ...QUIET, sweep: async () => void (sweeps += 1) });
    await waitFor('a first sweep', () => sweeps > 0);
    const all = store.db.collection('agendaJobs');
    const lockedAt = new Date(Date.now() - 30_500);
    await all.updateOne({ name: 'sweep' }, { $set: { lockedAt, nextRunAt: lockedAt } });
    sweeps = 0;
    await waitFor('another sweep', () => sweeps > 0);
    await jobs.stop();
    expect(sweeps).to.be.greaterThan(0);
  });
});
