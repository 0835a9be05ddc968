import { expect } from 'chai';
import type { FaultSpec, WorkflowRun } from '../../portal/types.ts';
import { registerEmployee } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { signaturePng } from '../../support/signature-png.ts';
import { CREDITS, expectSound, firedOn } from './expect-sound.ts';

const LOG = 'crm.timeline.logmessage.add';
const CARD = 'crm.activity.configurable.add';
const CARD_UPDATE = 'crm.activity.configurable.update';
const UPLOAD = 'crm.documentgenerator.document.upload';
const TRIGGER = 'crm.automation.trigger.execute';
const KINDS = [
  'query_limit',
  'internal_error',
  'operation_limit',
  'bad_gateway',
  'reset',
  'answer_lost',
] as const;

describe('a portal that fails in the middle of a signing', function () {
  this.timeout(60_000);
  let story: Story;

  before(async () => {
    story = await openStory({ env: { START_CREDITS: String(CREDITS) } });
    await registerEmployee(story.portal, 7, { signature: signaturePng(), mandate: true });
  });
  after(() => story.close());
  beforeEach(() => story.rest());
  afterEach(async () => {
    // A batch whose answer was lost is done: on the repeat nothing is left for a second fault of it to strike.
    const left = story.portal.faults.pending().filter((each) => each.kind !== 'answer_lost');
    story.portal.faults.clear();
    expect(left, 'faults that never struck').to.deep.equal([]);
    await expectSound(story);
  });

  /** The company by mandate, so that the signing needs one signer only. */
  async function start(): Promise<{ deal: number; run: WorkflowRun }> {
    const deal = story.deal();
    const run = await story.send(deal, {
      document_id: [await story.document(deal)],
      signer_2: [story.contact()],
      company_signature: 'auto',
    });
    return { deal, run };
  }

  const add = (...specs: FaultSpec[]) => specs.forEach((spec) => story.portal.faults.add(spec));

  /** Everything that a whole story leaves in the portal, each thing once. */
  async function expectWhole({ deal, run }: { deal: number; run: WorkflowRun }): Promise<void> {
    const { portal } = story;
    await story.eventually('the end of everything', async () => {
      const { status, effects } = await story.signing(run);
      return status === 'completed' && effects.length === 0 && run.state !== 'waiting';
    });
    expect(run.returnValues).to.include({ response_code: 0, status_code: 50 });
    const entries = portal.timeline(deal).filter((each) => each.kind === 'logmessage');
    const signing = await story.signing(run);
    const begins = (text = ''): string => text.replace(/[:;]/g, '').split(' ').slice(0, 2).join(' ');
    expect(entries.map((each) => begins(each.text))).to.deep.equal([
      'Подписание начато',
      'Документ зафиксирован',
      'Применена сохранённая',
      'Открыта страница',
      'Подписано Пётр',
      'Подписание завершено',
    ]);
    expect(portal.activities(deal)).to.have.lengthOf(1);
    expect(signing.cardId).to.equal(String(portal.activities(deal)[0]?.id));
    const mine = new Set([signing.resultDocuments?.signed, signing.resultDocuments?.report]);
    const documents = portal.documents(deal).map((each) => String(each.id));
    expect(documents).to.have.lengthOf(3);
    expect(documents.slice(1)).to.have.members([...mine]);
    expect(firedOn(story, deal).sort()).to.deep.equal([
      'signing_completed',
      'signing_partly_signed',
      'signing_sent',
    ]);
    expect(signing.journal.filter((each) => each.type === 'effect_failed')).to.deep.equal([]);
  }

  async function finish(run: WorkflowRun): Promise<void> {
    await story.eventually('the invitation', async () => (await story.letters(run, /invite-s2/)).length > 0);
    await story.sign(run, 's2');
    await story.idle();
  }

  for (const kind of KINDS) {
    it(`when every kind of write meets ${kind} once, expected each entry, card, document and trigger exactly once`, async () => {
      add({ kind, method: LOG }, { kind, method: CARD });
      const started = await start();
      await story.idle();
      await story.eventually('the first card', () => story.portal.activities(started.deal).length > 0);
      add({ kind, method: LOG }, { kind, method: CARD_UPDATE }, { kind, method: UPLOAD });
      await finish(started.run);
      await expectWhole(started);
    });
  }

  for (const kind of ['internal_error', 'answer_lost'] as const) {
    it(`when uploads meet ${kind} again and again, expected one signed file and one report in the end`, async () => {
      const started = await start();
      await story.idle();
      add({ kind, method: UPLOAD, times: 4 });
      await finish(started.run);
      await expectWhole(started);
    });
  }

  it('when nothing answers for an hour in the middle, expected the same end afterwards', async () => {
    const started = await start();
    await story.idle();
    add({ kind: 'reset', times: 10_000 });
    await finish(started.run);
    for (let halves = 0; halves < 2; halves += 1) await story.later(1_800_000);
    expect(started.run.state).to.equal('waiting');
    story.portal.faults.clear();
    await expectWhole(started);
  });

  it('when the portal fails before the signing is made, expected it made once, with one reservation', async () => {
    const before = await story.balance();
    add(
      { kind: 'reset', method: 'crm.item.get', times: 4 },
      { kind: 'bad_gateway', method: 'download', times: 2 },
    );
    const started = await start();
    await story.eventually('the signing', () => story.hasSigning(started.run));
    await story.idle();
    expect((await story.balance()).reserved + (await story.balance()).spent).to.equal(
      before.reserved + before.spent + 2,
    );
    await finish(started.run);
    await expectWhole(started);
  });

  it('when the tokens have expired or are refused, expected them renewed and nothing lost', async () => {
    const started = await start();
    await story.idle();
    await story.later(2 * 3_600_000);
    add({ kind: 'expired_token', method: LOG }, { kind: 'expired_token', method: UPLOAD });
    await finish(started.run);
    await expectWhole(started);
  });

  it('when a trigger’s answer is lost, expected the values before it all the same and the end reached', async () => {
    const started = await start();
    await story.idle();
    add({ kind: 'answer_lost', method: TRIGGER });
    await finish(started.run);
    await story.eventually('the end', async () => (await story.signing(started.run)).effects.length === 0);
    expect(started.run.returnValues).to.include({ status_code: 50 });
    expect(firedOn(story, started.deal)).to.include('signing_completed');
  });
});
