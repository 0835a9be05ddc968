import { expect } from 'chai';
import type { RobotRun } from '../../../app/ports/robot-run-store.ts';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';
import { NOW, minutes, rejection, times } from './build-signing.ts';

const buildRun = (id: string, fields: Partial<RobotRun> = {}): RobotRun => ({
  id,
  portalId: 'portal-a',
  robot: 'send_for_signing',
  state: 'received',
  receivedAt: NOW,
  request: {
    workflowId: 'wf',
    documentId: ['crm', 'CCrmDocumentDeal', 'DEAL_77'],
    properties: { document_id: ['300', '301'], signer_1: 'user_12', subject: '' },
    userId: '1',
  },
  eventToken: `event-token-of-${id}`,
  attempts: 0,
  dueAt: NOW,
  ...fields,
});

const wait = {
  signingId: 'sig',
  returnWhen: 'final',
  waitUntil: minutes(60),
  knownStatus: 10,
  note: '',
} as const;
const answer = { values: { response_code: 0, done: true, source_document_ids: ['300'] }, logMessage: 'ok' };

describe('robot run store', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await openTestStore();
  });
  afterEach(() => store.close());

  it('when a run is delivered many times, expected true once and the first one kept', async () => {
    const added = await times(10, (index) => store.runs.add(buildRun('r', { attempts: index })));
    expect(added.filter(Boolean)).to.have.length(1);
    expect(await store.runs.add(buildRun('r', { robot: 'other' }))).to.equal(false);
    const attempts = added.indexOf(true);
    expect(await store.runs.get('r')).to.deep.equal(buildRun('r', { attempts }));
    expect(await store.runs.get('nothing')).to.equal(undefined);
  });

  it('when the event token is stored, expected it unreadable in the collection', async () => {
    await store.runs.add(buildRun('r'));
    const raw = JSON.stringify(await store.db.collection('robot_runs').find().toArray());
    expect(raw)
      .to.match(/DEAL_77/)
      .and.not.match(/event-token-of/);
  });

  it('when a token is copied to another run, expected it not to open', async () => {
    await store.runs.add(buildRun('r'));
    await store.runs.add(buildRun('thief'));
    const raw = store.db.collection<{ _id: string; sealedEventToken: string }>('robot_runs');
    const victim = await raw.findOne({ _id: 'r' });
    await raw.updateOne({ _id: 'thief' }, { $set: { sealedEventToken: victim!.sealedEventToken } });
    expect(String(await rejection(store.runs.get('thief')))).to.match(/cannot open/);
  });

  it('when a form has hostile names, expected them stored as they came', async () => {
    const properties = JSON.parse(
      '{"a.b":"1","$where":"2","":"3","__proto__":"4","постав.":["5"]}',
    ) as Record<string, string>;
    await store.runs.add(buildRun('r', { request: { ...buildRun('r').request, properties } }));
    const read = await store.runs.get('r');
    expect(Object.entries(read!.request.properties)).to.deep.equal(Object.entries(properties));
  });

  it('when a received run waits, expected its wait stored; a second time false', async () => {
    await store.runs.add(buildRun('r'));
    expect(await store.runs.wait('r', wait)).to.equal(true);
    expect(await store.runs.wait('r', { ...wait, signingId: 'other' })).to.equal(false);
    expect(await store.runs.get('r')).to.deep.equal(buildRun('r', { state: 'waiting', ...wait }));
    expect(await store.runs.wait('nothing', wait)).to.equal(false);
  });

  it('when many answer at once, expected one winner and its values', async () => {
    await store.runs.add(buildRun('r'));
    await store.runs.wait('r', wait);
    const won = await times(10, (index) =>
      store.runs.answer('r', { values: { ...answer.values, response_code: index }, logMessage: '' }),
    );
    expect(won.filter(Boolean)).to.have.length(1);
    const read = await store.runs.get('r');
    expect(read).to.have.property('state', 'answering');
    expect(read!.answer!.values).to.deep.equal({ ...answer.values, response_code: won.indexOf(true) });
    expect(await store.runs.wait('r', wait)).to.equal(false);
  });

  it('when an answer went out, expected it answered for good', async () => {
    await store.runs.add(buildRun('r'));
    await store.runs.answered('r', minutes(1));
    expect(await store.runs.get('r')).to.have.property('state', 'received');
    await store.runs.answer('r', answer);
    await store.runs.answered('r', minutes(2));
    await store.runs.answered('r', minutes(3));
    expect(await store.runs.get('r')).to.deep.include({ state: 'answered', answeredAt: minutes(2), answer });
    expect(await store.runs.answer('r', answer)).to.equal(false);
    expect(await store.runs.due(minutes(9999), 10)).to.deep.equal([]);
  });

  it('when runs are due, expected received, answering and overdue ones, oldest first', async () => {
    await store.runs.add(buildRun('received', { dueAt: minutes(2) }));
    await store.runs.add(buildRun('answering', { dueAt: minutes(1) }));
    await store.runs.answer('answering', answer);
    await store.runs.add(buildRun('overdue'));
    await store.runs.wait('overdue', { ...wait, waitUntil: minutes(3) });
    await store.runs.add(buildRun('waiting'));
    await store.runs.wait('waiting', wait);
    await store.runs.add(buildRun('later', { dueAt: minutes(4) }));
    expect(await store.runs.due(minutes(3), 10)).to.deep.equal(['answering', 'received', 'overdue']);
    expect(await store.runs.due(minutes(3), 2)).to.deep.equal(['answering', 'received']);
    await store.runs.defer('answering', 3, minutes(30));
    expect(await store.runs.due(minutes(3), 10)).to.deep.equal(['received', 'overdue']);
    expect(await store.runs.get('answering')).to.deep.include({ attempts: 3, dueAt: minutes(30) });
  });

  it('when runs wait for a signing, expected those that wait or whose answer is not out yet', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await store.runs.add(buildRun(id));
    await store.runs.wait('a', wait);
    await store.runs.wait('b', { ...wait, signingId: 'other' });
    await store.runs.wait('c', wait);
    await store.runs.answer('c', answer);
    await store.runs.wait('d', wait);
    await store.runs.answer('d', answer);
    await store.runs.answered('d', minutes(1));
    const waiting = await store.runs.waitingFor('sig');
    expect(waiting.map(({ id }) => id).sort()).to.deep.equal(['a', 'c']);
  });

  it('when a portal is purged, expected only its runs gone', async () => {
    await store.runs.add(buildRun('a'));
    await store.runs.add(buildRun('b', { portalId: 'portal-b' }));
    expect(await store.runs.purgePortal('portal-a')).to.equal(1);
    expect(await store.runs.get('a')).to.equal(undefined);
    expect(await store.runs.get('b')).to.have.property('id', 'b');
  });
});
