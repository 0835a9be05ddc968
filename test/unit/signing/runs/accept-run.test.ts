import { expect } from 'chai';
import { markSent } from '../../../../app/domain/transitions/send.ts';
import type { Signing } from '../../../../app/domain/signing.ts';
import { UnreadableRun } from '../../../../app/signing/runs/accept-run.ts';
import { PORTAL_ID, createWorld } from '../../robots/support/world.ts';

const bundle = { fileId: 'b', name: 'b.pdf', sha256: 'ab', size: 1, pages: 3 };
const sent = (signing: Signing, now: Date) => markSent(signing, { bundle }, now);

describe('accepting a run', () => {
  it('when the same run is delivered twice, expected one run, one signing, one answer', async () => {
    const world = createWorld();
    const properties = {
      document_id: ['300'],
      signer_1: 'user_7',
      signer_2: ['55'],
      return_when: 'accepted',
    };
    const form = { event_token: 'same' };
    const first = await world.accept('send_for_signing', properties, form);
    const second = await world.accept('send_for_signing', { ...properties, document_id: ['301'] }, form);
    expect(second).to.equal(first);
    await Promise.all([world.processRun(first), world.processRun(first)]);
    await world.processRun(first);
    await world.move(first, sent);
    expect(world.signings.all.size).to.equal(1);
    expect(world.portal.answers).to.have.length(1);
    expect(world.balance.state).to.deep.equal({ available: 18, reserved: 2, spent: 0 });
  });

  it('when two portals have the same event token, expected two runs', async () => {
    const world = createWorld();
    const one = await world.acceptRun('a', 'check_status', { event_token: 't' });
    expect(await world.acceptRun('b', 'check_status', { event_token: 't' })).to.not.equal(one);
    expect(one)
      .to.match(/^[0-9a-f]{32}$/)
      .and.not.contain('t|');
  });

  it('when the form is stored, expected its properties and user and none of its secrets', async () => {
    const world = createWorld();
    const id = await world.acceptRun(PORTAL_ID, 'check_status', {
      workflow_id: 'w1',
      event_token: 'w1|A1|secret.sig',
      document_id: { 0: 'crm', 1: 'CCrmDocumentDeal', 2: 'DEAL_77' },
      properties: { Signing: 'abc', list: { 0: 'a', 2: 'b' }, 'bad name': 'x', deep: { 0: { x: 1 } }, n: 5 },
      auth: { access_token: 'AT', refresh_token: 'RT', application_token: 'APP', user_id: '7' },
    });
    const run = world.runs.all.get(id)!;
    expect(run.request).to.deep.equal({
      workflowId: 'w1',
      documentId: ['crm', 'CCrmDocumentDeal', 'DEAL_77'],
      properties: { signing: 'abc', list: ['a', 'b'], deep: [''], n: '5' },
      userId: '7',
    });
    expect(JSON.stringify({ ...run, eventToken: '' }) + JSON.stringify(world.logged)).to.not.match(
      /AT|RT|APP|secret/,
    );
  });

  it('when there is no event token, expected it refused', async () => {
    const world = createWorld();
    for (const event_token of [undefined, '', ['t'], { a: 1 }, 5, 'x'.repeat(70_000)]) {
      const error: unknown = await world
        .acceptRun(PORTAL_ID, 'check_status', { event_token })
        .catch((each: unknown) => each);
      expect(error).to.be.instanceOf(UnreadableRun);
    }
    expect(world.runs.all.size).to.equal(0);
  });

  it('when the queue is down, expected the run stored and due all the same', async () => {
    const world = createWorld();
    world.deps.jobs.wakeRun = () => Promise.reject(new Error('queue'));
    const id = await world.accept('check_status', {});
    expect(world.runs.all.get(id)).to.include({ state: 'received', dueAt: world.now });
  });
});
