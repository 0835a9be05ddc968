import { expect } from 'chai';
import type { WorkflowRun } from '../../portal/types.ts';
import { openApp, registerEmployee } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { signaturePng } from '../../support/signature-png.ts';
import { CREDITS, expectSound } from './expect-sound.ts';

describe('when values go back to a process', function () {
  this.timeout(60_000);
  let story: Story;

  before(async () => {
    story = await openStory({ env: { START_CREDITS: String(CREDITS) } });
    await registerEmployee(story.portal, 7, { signature: signaturePng() });
  });
  after(() => story.close());
  beforeEach(() => story.rest());
  afterEach(() => expectSound(story));

  async function sent(properties: Record<string, unknown> = {}) {
    const deal = story.deal();
    const document = await story.document(deal);
    const run = await story.send(deal, {
      document_id: [document],
      signer_2: [story.contact()],
      ...properties,
    });
    await story.reaches(run, 'sent');
    return { deal, document, run };
  }

  const values = (run: WorkflowRun) => ({
    state: run.state,
    status: run.returnValues['status_code'],
    response: run.returnValues['response_code'],
  });
  const done = (status: number) => ({ state: 'closed', status, response: 0 });
  const open = { state: 'waiting', status: undefined, response: undefined };

  async function cancel(run: WorkflowRun): Promise<void> {
    const office = await openApp(story.portal);
    const answer = await office.post(`/office/signings/${story.idOf(run)}/cancel`, { reason: 'test' });
    expect(answer.status).to.equal(200);
    await story.idle();
  }

  it('when return_when is accepted, expected them at state 20 while the signing goes on', async () => {
    const { run } = await sent({ return_when: 'accepted' });
    expect(values(run)).to.deep.equal(done(20));
    await story.sign(run, 's1');
    expect((await story.reaches(run, 'partly_signed')).status).to.equal('partly_signed');
    expect(values(run)).to.deep.equal(done(20));
  });

  it('when return_when is next_change, expected them at the first change after 20', async () => {
    const { run } = await sent({ return_when: 'next_change' });
    expect(values(run)).to.deep.equal(open);
    await (await story.signer(run, 's1')).open();
    await story.reaches(run, 'opened');
    expect(values(run)).to.deep.equal(done(30));
  });

  it('when return_when is final or left empty, expected them at the end only, with the files', async () => {
    const { deal, run } = await sent({ additional_agreement: 'Y' });
    await story.sign(run, 's1');
    await story.idle();
    expect(values(run)).to.deep.equal(open);
    await story.sign(run, 's2');
    await story.reaches(run, 'completed');
    expect(values(run)).to.deep.equal(done(50));
    const documents = story.portal.documents(deal);
    const titleOf = (key: string) =>
      documents.find((each) => String(each.id) === run.returnValues[key])?.title;
    expect(titleOf('signed_document_id')).to.equal('Contract (подписан)');
    expect(titleOf('agreement_document_id')).to.match(/^Соглашение .*: Contract$/);
    expect(titleOf('report_document_id')).to.equal('Отчёт о подписании: Contract');
    expect(run.returnValues['signers_text']).to.match(/компания\) — подписал,.*\n.*контрагент\) — подписал,/);
  });

  it('when the status is asked for now, expected what is known at once, by document and by signing', async () => {
    const { deal, document, run } = await sent();
    const byDocument = await story.check(deal, { document_id: String(document) });
    const bySigning = await story.check(deal, { signing: story.idOf(run), return_when: 'now' });
    for (const check of [byDocument, bySigning]) {
      await check.wait();
      expect(values(check)).to.deep.equal(done(20));
      expect(check.returnValues).to.include({ signing_id: story.idOf(run), error: '' });
      expect(check.returnValues['source_document_ids']).to.deep.equal([String(document)]);
    }
    await cancel(run);
    const after = await story.check(deal, { document_id: String(document) });
    await after.wait();
    expect(values(after)).to.deep.equal(done(70));
  });

  it('when changes are asked for, expected the next one for one process and the last one for another', async () => {
    const { deal, document, run } = await sent({ return_when: 'accepted' });
    const next = await story.check(deal, { document_id: String(document), return_when: 'next_change' });
    const final = await story.check(deal, { document_id: String(document), return_when: 'final' });
    await story.idle();
    expect([values(next), values(final)]).to.deep.equal([open, open]);
    await (await story.signer(run, 's1')).open();
    await story.reaches(run, 'opened');
    expect([values(next), values(final)]).to.deep.equal([done(30), open]);
    const second = await story.check(deal, { document_id: String(document), return_when: 'next_change' });
    await cancel(run);
    expect([values(second), values(final)]).to.deep.equal([done(70), done(70)]);
  });

  it('when a signing is over, expected every kind of question answered at once', async () => {
    const { deal, document, run } = await sent();
    await cancel(run);
    for (const when of ['now', 'next_change', 'final']) {
      const check = await story.check(deal, { document_id: String(document), return_when: when });
      await check.wait();
      expect(values(check), when).to.deep.equal(done(70));
    }
  });

  describe('and a trigger moves the deal, which ends what waits on it', () => {
    /** Positions of requests, so that two in one batch stand at the same one. */
    const calls = (deal: number) =>
      story.portal.calls
        .filter(({ method, params }) =>
          method === 'crm.automation.trigger.execute'
            ? String(params['OWNER_ID']) === String(deal)
            : method === 'bizproc.event.send',
        )
        .map(({ method, params, inBatch }) => ({
          what: method === 'bizproc.event.send' ? 'values' : String(params['CODE']),
          inBatch,
        }));

    before(() => {
      for (const code of ['signing_completed', 'signing_cancelled']) story.portal.moveOnTrigger(code, 'WON');
    });
    after(() => {
      // The stand-in keeps its rules; a stage that the deal is in already moves nothing.
      for (const code of ['signing_completed', 'signing_cancelled']) story.portal.moveOnTrigger(code, 'NEW');
    });

    it('when it is completed, expected the values in a request of their own before the trigger', async () => {
      const { deal, document, run } = await sent();
      const check = await story.check(deal, { document_id: String(document), return_when: 'final' });
      await story.sign(run, 's1');
      await story.sign(run, 's2');
      await story.reaches(run, 'completed');
      expect([values(run), values(check)]).to.deep.equal([done(50), done(50)]);
      expect(story.portal.crm.deal(deal)?.['stageId']).to.equal('WON');
      expect(calls(deal)).to.deep.equal(
        [
          'signing_sent',
          'signing_opened',
          'signing_partly_signed',
          'values',
          'values',
          'signing_completed',
        ].map((what) => ({ what, inBatch: false })),
      );
    });

    for (const kind of ['internal_error', 'reset', 'answer_lost'] as const) {
      it(`when the portal fails with ${kind} as the values come, expected them before the trigger all the same`, async () => {
        const { run } = await sent();
        // More often than one request is repeated by itself.
        story.portal.faults.add({ kind, method: 'bizproc.event.send', times: 4 });
        await cancel(run);
        await story.eventually('the values', () => run.state !== 'waiting');
        await story.later(61_000);
        expect(values(run)).to.deep.equal(done(70));
        story.portal.faults.clear();
        await story.reaches(run, 'cancelled');
        await story.eventually('the trigger', async () => (await story.signing(run)).effects.length === 0);
      });
    }
  });
});
