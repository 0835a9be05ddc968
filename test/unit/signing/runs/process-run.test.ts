import { expect } from 'chai';
import { markSent } from '../../../../app/domain/transitions/send.ts';
import type { Signing } from '../../../../app/domain/signing.ts';
import { PortalError } from '../../../../app/ports/portal.ts';
import { createWorld } from '../../robots/support/world.ts';

const bundle = { fileId: 'b', name: 'b.pdf', sha256: 'ab', size: 1, pages: 3 };
const sent = (signing: Signing, now: Date) => markSent(signing, { bundle }, now);
const down = (code = 'QUERY_LIMIT_EXCEEDED', retryable = true) => new PortalError(code, 'down', retryable);

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
    expect(await world.untilAnswered(run.id, 100)).to.be.within(15, 25);
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
      await world.untilAnswered(run.id, 50);
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
