import { expect } from 'chai';
import { SYSTEM } from '../../../../app/domain/journal.ts';
import { cancelSigning } from '../../../../app/domain/transitions/end-signing.ts';
import { markSent } from '../../../../app/domain/transitions/send.ts';
import { signerSigned } from '../../../../app/domain/transitions/signer-actions.ts';
import type { Signing } from '../../../../app/domain/signing.ts';
import { PortalError } from '../../../../app/ports/portal.ts';
import { UnreadableRun } from '../../../../app/signing/runs/accept-run.ts';
import { RunNotWaitingYet } from '../../../../app/signing/runs/answer-waiting-runs.ts';
import { PORTAL_ID, createWorld } from '../../robots/support/world.ts';
import type { World } from '../../robots/support/world.ts';

const bundle = { fileId: 'b', name: 'b.pdf', sha256: 'ab', size: 1, pages: 3 };
const sent = (signing: Signing, now: Date) => markSent(signing, { bundle }, now);
const down = (code = 'QUERY_LIMIT_EXCEEDED', retryable = true) => new PortalError(code, 'down', retryable);

async function untilAnswered(world: World, id: string, tries: number): Promise<number> {
  for (let n = 1; n <= tries; n++) {
    const run = world.runs.all.get(id)!;
    if (run.state === 'answered') return n - 1;
    world.pass(Math.max(0, (run.dueAt.getTime() - world.now.getTime()) / 1000));
    await world.processRun(id);
  }
  return tries;
}

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

describe('processing a run', () => {
  it('when the portal fails for a while, expected pauses and then the signing', async () => {
    const world = createWorld();
    world.portal.state.down = down();
    const run = await world.send();
    expect(run).to.include({ state: 'received', attempts: 1 });
    world.portal.state.down = undefined;
    world.pass(10);
    await world.processRun(run.id);
    expect(world.runs.all.get(run.id)!.state).to.equal('waiting');
  });

  it('when the portal says how long to wait, expected that pause', async () => {
    const world = createWorld();
    world.portal.state.down = new PortalError('OPERATION_TIME_LIMIT', 'limit', true, 300);
    const run = await world.send();
    expect((run.dueAt.getTime() - world.now.getTime()) / 1000).to.equal(300);
  });

  it('when a fault stays, expected 500 after a bounded number of tries, about a quarter of an hour', async () => {
    const world = createWorld();
    world.deps.settings.get = () => Promise.reject(new Error('store down'));
    const run = await world.send();
    const started = world.now.getTime();
    expect(await untilAnswered(world, run.id, 100)).to.be.within(15, 25);
    expect((world.now.getTime() - started) / 60_000).to.be.within(10, 20);
    expect(world.answerOf(run)).to.include({ response_code: 500, error: 'INTERNAL_ERROR', retryable: 'N' });
  });

  it('when a try kills the process each time, expected the tries counted and 500 in the end', async () => {
    const world = createWorld();
    const id = await world.accept('check_status', { signing: 'x' });
    await world.deps.runs.defer(id, 20, world.now);
    await world.processRun(id);
    expect(world.answerOf(world.runs.all.get(id)!)).to.include({ response_code: 500 });
  });

  it('when a try runs, expected the run out of the sweep’s sight for two minutes', async () => {
    const world = createWorld();
    let dueAt: Date | undefined;
    const { get } = world.deps.settings;
    world.deps.settings.get = async () => {
      dueAt = [...world.runs.all.values()][0]!.dueAt;
      return get();
    };
    await world.send();
    expect(dueAt!.getTime() - world.now.getTime()).to.equal(120_000);
  });

  it('when the robot is unknown, expected 500', async () => {
    const world = createWorld();
    expect(world.answerOf(await world.start('no_such_robot', {}))).to.include({ response_code: 500 });
  });

  for (const state of ['needs_reauth', 'uninstalled'] as const) {
    it(`when the portal is ${state}, expected the run to stay uncounted and to go on afterwards`, async () => {
      const world = createWorld();
      world.installation.current.state = state;
      const run = await world.send();
      await untilAnswered(world, run.id, 50);
      expect(world.runs.all.get(run.id)).to.include({ state: 'received', attempts: 0 });
      world.installation.current.state = 'active';
      await world.processRun(run.id);
      expect(world.runs.all.get(run.id)!.state).to.equal('waiting');
    });
  }

  it('when the portal turns out to need authorisation in the middle, expected the try uncounted', async () => {
    const world = createWorld();
    world.deps.portal.readFacts = () => {
      world.installation.current.state = 'needs_reauth';
      return Promise.reject(down('needs_reauth', false));
    };
    const run = await world.send();
    expect(run).to.include({ state: 'received', attempts: 0 });
  });

  it('when the signing moves on before the run waits, expected the answer all the same', async () => {
    const world = createWorld();
    const wait = world.deps.runs.wait.bind(world.deps.runs);
    world.deps.runs.wait = async (id, fields) => {
      const signing = world.signings.all.get(fields.signingId)!;
      world.signings.all.set(signing.id, sent(signing, world.now));
      return wait(id, fields);
    };
    const run = await world.send({ return_when: 'accepted' });
    expect(world.answerOf(run)).to.include({ response_code: 0, status_code: 20 });
  });

  it('when the signing was made and the checks would refuse by now, expected the run to go on with its signing', async () => {
    const world = createWorld();
    const wait = world.deps.runs.wait.bind(world.deps.runs);
    world.deps.runs.wait = () => Promise.reject(new Error('crash'));
    const id = await world.accept('send_for_signing', { document_id: '300', signer_1: '7', signer_2: '55' });
    await world.processRun(id).catch(() => undefined);
    world.deps.runs.wait = wait;
    world.portal.has.contacts.clear();
    world.settings.current = { ...world.settings.current, robots: { send_for_signing: false } };
    await world.processRun(id);
    expect(world.runs.all.get(id)).to.include({ state: 'waiting', signingId: id });
    expect(world.portal.state.reads).to.equal(1);
  });

  it('when another try answered with a refusal meanwhile, expected our signing withdrawn', async () => {
    const world = createWorld();
    const create = world.deps.signings.create.bind(world.deps.signings);
    world.deps.signings.create = async (signing) => {
      await world.runs.store.answer(signing.id, { values: { response_code: 150 }, logMessage: 'x' });
      return create(signing);
    };
    const run = await world.send();
    expect(world.signings.all.get(run.id)!.status).to.equal('cancelled');
    expect(world.signings.all.get(run.id)!.effects.map(({ kind }) => kind)).to.include('release');
  });

  it('when the signing of a waiting run is gone, expected 200 when its time is over', async () => {
    const world = createWorld();
    const run = await world.send();
    world.signings.all.clear();
    await world.processRun(run.id);
    expect(world.answerOf(run)).to.include({ response_code: 200 });
  });
});

describe('handing values back', () => {
  it('when the portal is down for days, expected tries with pauses up to an hour and one answer', async () => {
    const world = createWorld();
    const run = await world.send({ return_when: 'accepted' });
    world.portal.state.down = down();
    const error: unknown = await world.move(run.id, sent).catch((each: unknown) => each);
    expect(error).to.be.instanceOf(PortalError);
    const started = world.now.getTime();
    await untilAnswered(world, run.id, 100);
    expect((world.now.getTime() - started) / 86_400_000).to.be.above(3);
    world.portal.state.down = undefined;
    await untilAnswered(world, run.id, 1);
    expect(world.answerOf(run)).to.include({ response_code: 0, status_code: 20 });
    expect(world.runs.all.get(run.id)!.state).to.equal('answered');
  });

  it('when the portal never takes them, expected an end after ten days and a line in the log for a person', async () => {
    const world = createWorld();
    world.deps.portal.returnToProcess = () => Promise.reject(down('ACCESS_DENIED', false));
    const run = await world.start('check_status', {});
    const started = world.now.getTime();
    await untilAnswered(world, run.id, 400);
    expect((world.now.getTime() - started) / 86_400_000).to.be.within(9, 12);
    expect(world.runs.all.get(run.id)!.state).to.equal('answered');
    expect(world.logged.at(-1)).to.include({ level: 'error' });
  });

  it('when the portal is uninstalled at the end, expected the values kept until it is back', async () => {
    const world = createWorld();
    const run = await world.send({ return_when: 'accepted' });
    world.installation.current.state = 'uninstalled';
    await world.move(run.id, sent);
    await untilAnswered(world, run.id, 300);
    expect(world.runs.all.get(run.id)).to.include({ state: 'answering', attempts: 0 });
    world.installation.current.state = 'active';
    await world.processRun(run.id);
    expect(world.answerOf(run)).to.include({ status_code: 20 });
  });

  it('when the values are not taken, expected the return effect to fail, so that the trigger waits, and then to deliver', async () => {
    const world = createWorld();
    const run = await world.send();
    world.portal.state.down = down();
    const cancel = (signing: Signing, now: Date) => cancelSigning(signing, SYSTEM, 'test', now);
    await world.move(run.id, cancel).catch(() => undefined);
    expect(world.runs.all.get(run.id)!.state).to.equal('answering');
    world.portal.state.down = undefined;
    await world.answerWaitingRuns(world.signings.all.get(run.id)!);
    expect(world.answerOf(run)).to.include({ response_code: 0, status_code: 70 });
  });

  it('when the run that made the signing has not written that it waits, expected the effect to come again', async () => {
    const world = createWorld();
    const id = await world.accept('send_for_signing', {
      document_id: ['300'],
      signer_1: '7',
      signer_2: '55',
      return_when: 'accepted',
    });
    const wait = world.deps.runs.wait.bind(world.deps.runs);
    world.deps.runs.wait = () => Promise.reject(new Error('crash'));
    await world.processRun(id).catch(() => undefined);
    const signing = sent(world.signings.all.get(id)!, world.now);
    world.signings.all.set(id, signing);
    const error: unknown = await world.answerWaitingRuns(signing).catch((each: unknown) => each);
    expect(error).to.be.instanceOf(RunNotWaitingYet).and.to.include({ retryable: true });
    world.deps.runs.wait = wait;
    await world.processRun(id);
    await world.answerWaitingRuns(signing);
    expect(world.portal.answers).to.have.length(1);
  });

  it('when a run waits for the next change, expected the answer at the first status after sent', async () => {
    const world = createWorld();
    const run = await world.send({ return_when: 'next_change' });
    await world.move(run.id, sent);
    expect(world.answerOf(run)).to.equal(undefined);
    await world.move(run.id, (signing, now) =>
      signerSigned(
        signing,
        's1',
        {
          at: now,
          method: 'mandate',
          address: '',
          ip: '',
          agent: '',
          consentVersion: '1',
          bundleSha256: 'ab',
          mark: { kind: 'typed', text: 'x' },
        },
        now,
      ),
    );
    const values = world.answerOf(run)!;
    expect(values).to.include({ response_code: 0, status_code: 40, status_text: 'Partly signed' });
    expect(values['signers_text']).to.match(
      /^Ivan Director \(company\) — signed, .*2026.*\nAnna Petrova \(counterparty\) — invited$/,
    );
  });
});
