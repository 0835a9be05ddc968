import { expect } from 'chai';
import { cancelSigning, failSigning } from '../../../app/domain/transitions/end-signing.ts';
import { markSent } from '../../../app/domain/transitions/send.ts';
import { SYSTEM } from '../../../app/domain/journal.ts';
import { createWorld } from './support/world.ts';

const bundle = { fileId: 'b', name: 'b.pdf', sha256: 'ab', size: 1, pages: 3 };

describe('check_status', () => {
  it('when asked by document or by signing, expected what is known now, at once', async () => {
    const world = createWorld({ language: 'ru' });
    const sent = await world.send();
    for (const inputs of [{ document_id: '300' }, { signing: sent.signingId }]) {
      const run = await world.start('check_status', inputs);
      expect(world.answerOf(run)).to.deep.include({
        response_code: 0,
        signing_id: sent.signingId,
        status_code: 10,
        status_text: 'Создано',
        source_document_ids: ['300'],
        error: '',
      });
      expect(run.state).to.equal('answered');
    }
  });

  it('when nothing is known, expected 200 naming the id', async () => {
    const world = createWorld();
    const bySigning = world.answerOf(await world.start('check_status', { signing: 'nope' }))!;
    expect(bySigning).to.include({ response_code: 200, error: 'SIGNING_NOT_FOUND', status_code: 0 });
    expect(bySigning['response_text']).to.contain('nope');
    const byDocument = world.answerOf(await world.start('check_status', { document_id: '300' }))!;
    expect(byDocument['response_text']).to.contain('300');
  });

  it('when the signing is another portal’s, expected 200', async () => {
    const world = createWorld();
    const sent = await world.send();
    const id = await world.acceptRun('portal2', 'check_status', {
      event_token: 'other',
      properties: { signing: sent.signingId },
    });
    await world.processRun(id);
    expect(world.answerOf(world.runs.all.get(id)!)).to.include({ response_code: 200, signing_id: '' });
  });

  it('when neither id is given or the robot is off, expected 101 and 170', async () => {
    const world = createWorld();
    expect(world.answerOf(await world.start('check_status', {}))).to.include({ response_code: 101 });
    world.settings.current = { ...world.settings.current, robots: { check_status: false } };
    expect(world.answerOf(await world.start('check_status', {}))).to.include({ response_code: 170 });
  });

  it('when waiting for the next change, expected nothing at the same status and an answer at the next', async () => {
    const world = createWorld();
    const sent = await world.send();
    const run = await world.start('check_status', { signing: sent.signingId, return_when: 'next_change' });
    await world.answerWaitingRuns(world.signings.all.get(sent.id)!);
    expect(world.answerOf(run)).to.equal(undefined);
    await world.move(sent.id, (signing, now) => markSent(signing, { bundle }, now));
    expect(world.answerOf(run)).to.include({ response_code: 0, status_code: 20 });
    expect(world.answerOf(sent)).to.equal(undefined);
  });

  it('when waiting for the end, expected the answer at a final state, also one that is reached already', async () => {
    const world = createWorld();
    const sent = await world.send();
    const early = await world.start('check_status', { document_id: '300', return_when: 'final' });
    await world.move(sent.id, (signing, now) => cancelSigning(signing, SYSTEM, 'by test', now));
    const late = await world.start('check_status', { document_id: '300', return_when: 'final' });
    for (const run of [early, late]) {
      expect(world.answerOf(run)).to.include({ response_code: 0, status_code: 70, status_text: 'Cancelled' });
    }
  });

  it('when the signing stands still for an error, expected 500 however it is asked', async () => {
    const world = createWorld();
    const sent = await world.send();
    await world.move(sent.id, (signing, now) => failSigning(signing, { text: 'x', reference: 'ref1' }, now));
    for (const return_when of ['now', 'next_change', 'final']) {
      const run = await world.start('check_status', { document_id: '300', return_when });
      expect(world.answerOf(run)).to.include({ response_code: 500, status_code: 90 });
    }
  });

  it('when max_wait_hours is over, expected 210 with the current status', async () => {
    const world = createWorld();
    const sent = await world.send();
    const run = await world.start('check_status', {
      signing: sent.id,
      return_when: 'final',
      max_wait_hours: '2',
    });
    world.pass(2 * 3600 - 1);
    await world.processRun(run.id);
    expect(world.answerOf(run)).to.equal(undefined);
    world.pass(1);
    await world.processRun(run.id);
    expect(world.answerOf(run)).to.include({ response_code: 210, error: 'WAIT_ENDED', status_code: 10 });
  });
});
