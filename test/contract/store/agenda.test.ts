import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { openStoreUnderTest, type StoreUnderTest } from './store-under-test.ts';

describe('store contract: agenda', () => {
  let store: StoreUnderTest;
  let client: MongoClient;
  let agenda: Agenda;
  before(async () => {
    store = await openStoreUnderTest();
    client = await MongoClient.connect(store.uri);
    agenda = new Agenda({ backend: new MongoBackend({ mongo: client.db() }), processEvery: 50 });
    await agenda.start();
  });
  after(async () => {
    await agenda.stop();
    await client.close();
    await store.cleanUp();
  });
  const jobs = () => client.db().collection('agendaJobs');

  it('when a job is queued now, it runs with its data', async () => {
    const ran = new Promise((resolve) => {
      agenda.define('now', async (job) => resolve(job.attrs.data));
    });
    await agenda.now('now', { envelope: 7 });
    expect(await ran).to.deep.equal({ envelope: 7 });
  });

  it('when a job is scheduled, it does not run before its time', async () => {
    const ran = new Promise<number>((resolve) => {
      agenda.define('later', async () => resolve(Date.now()));
    });
    const due = new Date(Date.now() + 300);
    await agenda.schedule(due, 'later', {});
    expect(await ran).to.be.at.least(due.getTime());
  });

  it('when a job fails, the failure is kept on it', async () => {
    agenda.define('fails', async () => {
      throw new Error('no such template');
    });
    const failed = new Promise((resolve) => agenda.once('fail:fails', resolve));
    await agenda.now('fails', {});
    await failed;
    const { jobs: found } = await agenda.queryJobs({ name: 'fails' });
    expect(found).to.have.length(1);
  });

  it('when a repeating job is declared twice, it is stored once', async () => {
    agenda.define('tick', async () => undefined);
    await agenda.every('1 hour', 'tick');
    await agenda.every('1 hour', 'tick');
    expect(await jobs().countDocuments({ name: 'tick' })).to.equal(1);
  });

  it('when a unique job is saved twice, it is stored once', async () => {
    agenda.define('once', async () => undefined);
    const save = () =>
      agenda
        .create('once', { envelope: 1 })
        .unique({ 'data.envelope': 1 })
        .schedule(new Date(Date.now() + 60_000))
        .save();
    await save();
    await save();
    expect(await jobs().countDocuments({ name: 'once' })).to.equal(1);
    expect(await agenda.cancel({ name: 'once' })).to.equal(1);
  });
});
