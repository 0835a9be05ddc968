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
