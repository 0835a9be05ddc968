import { expect } from 'chai';
import { Refusal } from '../../../app/domain/refusal.ts';
import { markSent } from '../../../app/domain/transitions/send.ts';
import { failSigning } from '../../../app/domain/transitions/end-signing.ts';
import { PortalError } from '../../../app/ports/portal.ts';
import type { RobotRun } from '../../../app/ports/robot-run-store.ts';
import { createWorld } from './support/world.ts';

const bundle = { fileId: 'b', name: 'b.pdf', sha256: 'ab', size: 1, pages: 3 };

describe('send_for_signing', () => {
  it('when the document is in an open signing, expected 160 naming it in text and signing_id', async () => {
    const world = createWorld();
    const first = await world.send();
    const values = world.answerOf(await world.send({ document_id: ['301', '300'] }))!;
    expect(values).to.include({
      response_code: 160,
      error: 'ALREADY_IN_SIGNING',
      signing_id: first.signingId,
    });
    expect(values['response_text']).to.contain(first.signingId).and.to.contain('“Contract”');
    expect(values['source_document_ids']).to.deep.equal(['301', '300']);
    expect(world.balance.state).to.include({ available: 18, reserved: 2 });
  });

  it('when another run takes the document between check and write, expected 160 and the reservation back', async () => {
    const world = createWorld();
    const first = await world.send();
    world.deps.signings.findByDocument = async () => undefined;
    const values = world.answerOf(await world.send())!;
    expect(values).to.include({ response_code: 160, signing_id: first.signingId });
    expect(world.balance.state).to.deep.equal({ available: 18, reserved: 2, spent: 0 });
  });

  it('when two runs want the last signatures, expected one signing and 110', async () => {
    const world = createWorld({ credits: 2 });
    await world.send();
    const values = world.answerOf(await world.send({ document_id: '301' }))!;
    expect(values).to.include({ response_code: 110 });
    expect(values['response_text']).to.match(/none is left/);
  });

  it('when everything is right, expected one signing, the balance held and the run waiting', async () => {
    const world = createWorld();
    const run = await world.send({
      subject: 'Please',
      expires_in_days: '30',
      responsible: '15',
      order: 'parallel',
    });
    expect(run).to.include({ state: 'waiting', returnWhen: 'final', knownStatus: 20, note: '' });
    const signing = world.signings.all.get(run.signingId!)!;
    expect(signing).to.deep.include({
      status: 'created',
      title: 'Contract',
      subject: 'Please',
      entity: { type: 'deal', id: '77', title: 'Supply' },
      initiator: { userId: '15', name: 'Dmitry Lawyer', email: 'user15@company.test' },
      expiresAt: new Date('2026-04-01T10:00:00Z'),
    });
    expect(run.waitUntil).to.deep.equal(new Date('2026-04-02T10:00:00Z'));
    expect(
      signing.signers.map(({ id, party, step, name, method }) => ({ id, party, step, name, method })),
    ).to.deep.equal([
      { id: 's1', party: 'company', step: 1, name: 'Ivan Director', method: 'mandate' },
      { id: 's2', party: 'counterparty', step: 1, name: 'Anna Petrova', method: 'link' },
    ]);
    expect(signing.documents[0]!.file).to.deep.include({
      name: 'Contract.pdf',
      pages: 3,
      fileId: `${run.id}-source-1`,
    });
    expect(signing.journal[0]!.actor).to.deep.equal({ kind: 'robot', id: '1', name: 'Anna Admin' });
    expect(world.balance.state).to.deep.equal({ available: 18, reserved: 2, spent: 0 });
    expect(world.portal.state).to.include({ reads: 1 });
    expect(world.calls).to.include('jobs.wakeSigning');
  });

  it('when nothing is said of the responsible, expected the deal’s assigned person as initiator', async () => {
    const world = createWorld();
    const run = await world.send();
    expect(world.signings.all.get(run.signingId!)!.initiator).to.include({
      userId: '12',
      name: 'Maria Manager',
    });
    expect(world.portal.state.reads).to.equal(1);
  });

  it('when there are several documents, expected each downloaded once and stored under an id of its own', async () => {
    const world = createWorld();
    const run = await world.send({ document_id: '301,300' });
    expect(world.portal.state.downloads).to.deep.equal(['301', '300']);
    expect([...world.files.all.keys()]).to.deep.equal([`${run.id}-source-1`, `${run.id}-source-2`]);
    expect(world.signings.all.get(run.id)!.documents.map(({ ref }) => ref)).to.deep.equal(['301', '300']);
  });

  it('when the mandate is withdrawn or over, expected an invitation by link and a word of it in the answer', async () => {
    for (const mandate of [undefined, { revokedAt: new Date(0) }, { validUntil: new Date(0) }]) {
      const world = createWorld();
      const employee = world.employee('7', 'Ivan Director');
      world.employees.all.set('7', {
        ...employee,
        mandate: mandate && { ...employee.mandate!, ...mandate },
      });
      const run = await world.send({ return_when: 'accepted' });
      expect(world.signings.all.get(run.id)!.signers[0]).to.include({ method: 'link' });
      await world.move(run.id, (signing, now) => markSent(signing, { bundle }, now));
      const values = world.answerOf(run)!;
      expect(values).to.include({ response_code: 0, status_code: 20 });
      expect(values['response_text']).to.match(/no valid mandate and was invited by link/);
    }
  });

  it('when the company signs by hand, expected a link without a stored signature and without a note', async () => {
    const world = createWorld();
    world.employees.all.set('7', { ...world.employee('7', 'Ivan Director'), signature: undefined! });
    const run = await world.send({ company_signature: 'manual' });
    expect(run.note).to.equal('');
    expect(world.signings.all.get(run.id)!.signers[0]).to.include({ method: 'link' });
  });

  it('when signer 1 is a department, expected the employee whose signature can be applied', async () => {
    const world = createWorld();
    world.employees.all.set('15', world.employee('15', 'Dmitry Lawyer', { mandate: undefined! }));
    const run = await world.send({ signer_1: 'group_hr5' });
    expect(world.signings.all.get(run.id)!.signers[0]!.person).to.deep.equal({ kind: 'employee', id: '7' });
  });

  it('when a counterparty is an employee, a company or has only a phone, expected them as signers', async () => {
    const world = createWorld();
    const run = await world.send({ signer_2: ['user_12', 'CO_3', '56'] });
    const signers = world.signings.all.get(run.id)!.signers.slice(1);
    expect(
      signers.map(({ name, email, phone, company, method }) => [name, email, phone, company, method]),
    ).to.deep.equal([
      ['Maria Manager', 'user12@company.test', '', '', 'link'],
      ['Anna Petrova', 'contact55@client.test', '', 'Client Ltd', 'link'],
      ['Oleg Phone', '', '+375 29 123-45-67', '', 'link'],
    ]);
  });

  it('when the PDF is being made, expected growing pauses, then the signing as soon as it is there', async () => {
    const world = createWorld();
    let run = await world.send({ document_id: '303' });
    const pauses: number[] = [];
    for (let tries = 0; tries < 5; tries++) {
      expect(run.state).to.equal('received');
      pauses.push((run.dueAt.getTime() - world.now.getTime()) / 1000);
      world.pass(pauses.at(-1)!);
      if (tries === 4)
        world.portal.has.documents.set('303', { ...world.portal.has.documents.get('303')!, pdf: 'ready' });
      await world.processRun(run.id);
      run = world.runs.all.get(run.id)!;
    }
    expect(pauses).to.deep.equal([2, 4, 8, 16, 32]);
    expect(run.state).to.equal('waiting');
  });

  it('when the PDF does not come in ten minutes, expected 131, retryable, and nothing held', async () => {
    const world = createWorld();
    world.portal.has.bytes.set('300', 'ERROR document_not_ready');
    let run = await world.send();
    const started = world.now.getTime();
    while (run.state === 'received') {
      world.pass((run.dueAt.getTime() - world.now.getTime()) / 1000);
      await world.processRun(run.id);
      run = world.runs.all.get(run.id)!;
    }
    expect(world.answerOf(run)).to.include({
      response_code: 131,
      error: 'DOCUMENT_NOT_READY',
      retryable: 'Y',
    });
    expect((world.now.getTime() - started) / 60_000).to.be.within(10, 11.1);
    expect(world.balance.state).to.include({ available: 20, reserved: 0 });
  });

  it('when the service refuses or does not answer, expected 300 and 301', async () => {
    for (const [key, code, retryable] of [
      ['PROVIDER_REJECTED', 300, 'N'],
      ['PROVIDER_UNAVAILABLE', 301, 'Y'],
    ] as const) {
      const world = createWorld();
      world.deps.signings.create = () => Promise.reject(new Refusal(key));
      expect(world.answerOf(await world.send())).to.include({ response_code: code, error: key, retryable });
      expect(world.balance.state).to.include({ available: 20, reserved: 0 });
    }
  });

  it('when the portal forbids the app to read, expected 500 with a reference that the log has', async () => {
    const world = createWorld({ language: 'ru' });
    world.deps.portal.readFacts = () => Promise.reject(new PortalError('insufficient_scope', 'no', false));
    const run = await world.send();
    const values = world.answerOf(run)!;
    expect(values).to.include({ response_code: 500, error: 'INTERNAL_ERROR' });
    const [, reference] = /поддержки: ([\w-]+)\./.exec(String(values['response_text'])) ?? [];
    expect(world.logged.find(({ level }) => level === 'error')!.fields['reference']).to.equal(reference);
  });

  it('when the signing stops with an error, expected 500 with its reference and status 90', async () => {
    const world = createWorld();
    const run = await world.send();
    await world.move(run.id, (signing, now) =>
      failSigning(signing, { text: 'seal', reference: 'abc123' }, now),
    );
    const values = world.answerOf(run)!;
    expect(values).to.include({ response_code: 500, status_code: 90, signing_id: run.id });
    expect(values['response_text']).to.contain('abc123');
  });

  it('when inputs are hostile, expected an answer and no fault', async () => {
    const long = 'x'.repeat(100_000);
    for (const properties of [
      { document_id: { $gt: '' }, signer_1: { a: { b: 1 } }, signer_2: [[['55']]] },
      { document_id: long, signer_1: long, signer_2: long, subject: long },
      { __proto__: { document_id: '1' }, DOCUMENT_ID: ['300'], constructor: 'x' },
      { document_id: null, signer_1: 5, signer_2: true },
    ]) {
      const world = createWorld();
      const run: RobotRun = await world.start('send_for_signing', properties);
      expect(world.answerOf(run)!['response_code']).to.be.oneOf([101, 102]);
      expect(world.logged.filter(({ level }) => level === 'error')).to.deep.equal([]);
    }
  });
});
