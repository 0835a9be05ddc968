import { expect } from 'chai';
import { SYSTEM } from '../../../../app/domain/journal.ts';
import { cancelSigning } from '../../../../app/domain/transitions/end-signing.ts';
import { markSent } from '../../../../app/domain/transitions/send.ts';
import { signerSigned } from '../../../../app/domain/transitions/signer-actions.ts';
import type { Signing } from '../../../../app/domain/signing.ts';
import { PortalError } from '../../../../app/ports/portal.ts';
import { RunNotWaitingYet } from '../../../../app/signing/runs/answer-waiting-runs.ts';
import { createWorld } from '../../robots/support/world.ts';

const bundle = { fileId: 'b', name: 'b.pdf', sha256: 'ab', size: 1, pages: 3 };
const sent = (signing: Signing, now: Date) => markSent(signing, { bundle }, now);
const down = (code = 'QUERY_LIMIT_EXCEEDED', retryable = true) => new PortalError(code, 'down', retryable);

describe('handing values back', () => {
  it('when the portal is down for days, expected tries with pauses up to an hour and one answer', async () => {
    const world = createWorld();
    const run = await world.send({ return_when: 'accepted' });
    world.portal.state.down = down();
    const error: unknown = await world.move(run.id, sent).catch((each: unknown) => each);
    expect(error).to.be.instanceOf(PortalError);
    const started = world.now.getTime();
    await world.untilAnswered(run.id, 100);
    expect((world.now.getTime() - started) / 86_400_000).to.be.above(3);
    world.portal.state.down = undefined;
    await world.untilAnswered(run.id, 1);
    expect(world.answerOf(run)).to.include({ response_code: 0, status_code: 20 });
    expect(world.runs.all.get(run.id)!.state).to.equal('answered');
  });

  it('when the portal never takes them, expected an end after ten days and a line in the log for a person', async () => {
    const world = createWorld();
    world.deps.portal.returnToProcess = () => Promise.reject(down('ACCESS_DENIED', false));
    const run = await world.start('check_status', {});
    const started = world.now.getTime();
    await world.untilAnswered(run.id, 400);
    expect((world.now.getTime() - started) / 86_400_000).to.be.within(9, 12);
    expect(world.runs.all.get(run.id)!.state).to.equal('answered');
    expect(world.logged.at(-1)).to.include({ level: 'error' });
  });

  it('when the portal is uninstalled at the end, expected the values kept until it is back', async () => {
    const world = createWorld();
    const run = await world.send({ return_when: 'accepted' });
    world.installation.current.state = 'uninstalled';
    await world.move(run.id, sent);
    await world.untilAnswered(run.id, 300);
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
