import { expect } from 'chai';
import type { WorkflowRun } from '../../portal/types.ts';
import { openApp, registerEmployee } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { signaturePng } from '../../support/signature-png.ts';
import { CREDITS, expectSound, firedOn, newestEntry } from './expect-sound.ts';

const DAY_MS = 24 * 3_600_000;

describe('endings without a signed document', function () {
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
    const before = await story.balance();
    const run = await story.send(deal, {
      document_id: [document],
      signer_2: [story.contact(), story.contact()],
      order: 'parallel',
      ...properties,
    });
    await story.reaches(run, 'sent');
    expect((await story.balance()).reserved).to.equal(before.reserved + 3);
    return { deal, document, before, run };
  }

  const mailed = async (run: WorkflowRun, kind: string): Promise<string[]> =>
    (await story.letters(run, new RegExp(`mail-${kind}-`)))
      .map(({ file }) => new RegExp(`mail-${kind}-(\\w+)`).exec(file)?.[1] ?? '')
      .sort();

  /** What every end has in common. */
  async function expectEnded(
    { deal, run }: { deal: number; run: WorkflowRun },
    end: { status: number; text: RegExp; trigger: string; entry: RegExp },
  ): Promise<void> {
    expect(run.state).to.equal('closed');
    expect(run.returnValues).to.include({
      response_code: 0,
      error: '',
      retryable: 'N',
      status_code: end.status,
      signing_id: story.idOf(run),
      signed_document_id: '',
      report_document_id: '',
    });
    expect(run.returnValues['status_text']).to.match(end.text);
    expect(firedOn(story, deal).at(-1)).to.equal(end.trigger);
    expect(newestEntry(story, deal)).to.match(end.entry);
    const [card] = story.portal.activities(deal);
    expect(card).to.include({ completed: true });
    expect(JSON.stringify(card?.layout)).to.match(end.text);
    expect(story.portal.documents(deal)).to.have.lengthOf(1);
    for (const signerId of ['s1', 's2', 's3']) {
      const signer = await story.signer(run, signerId);
      expect((await signer.page()).html).not.to.include('data-consent-version');
      expect((await signer.requestCode()).status, `code for ${signerId}`).to.equal(409);
    }
  }

  it('when a signer declines after another has signed, expected 60, the others told, one signature spent and two back', async () => {
    const told = story.portal.notifications(12).length;
    const started = await sent();
    const { run, before } = started;
    await story.sign(run, 's1');
    await story.idle();
    const signer = await story.signer(run, 's2');
    await signer.open();
    expect((await signer.decline('  ')).status).to.equal(422);
    expect((await signer.decline('Цена не согласована')).status).to.equal(200);
    expect(await (await signer.decline('Цена не согласована')).json()).to.include({ already: true });
    await story.reaches(run, 'declined');
    await expectEnded(started, {
      status: 60,
      text: /Отказано в подписании/,
      trigger: 'signing_declined',
      entry: /Цена не согласована/,
    });
    expect(run.returnValues['signers_text']).to.match(
      /подписал.*\n.*отказался.*причина: Цена не согласована\n.*больше не требуется/,
    );
    expect(await mailed(run, 'declined')).to.deep.equal(['initiator', 's1', 's3']);
    expect(await story.balance()).to.deep.equal({
      available: before.available - 1,
      reserved: before.reserved,
      spent: before.spent + 1,
    });
    expect(story.portal.notifications(12).length).to.be.greaterThan(told);
  });

  it('when it is cancelled in the office, expected 70, everybody told, all back and the document free again', async () => {
    const started = await sent();
    const { deal, run, document, before } = started;
    await (await story.signer(run, 's3')).open();
    const stranger = await openApp(story.portal, 15);
    expect((await stranger.post(`/office/signings/${story.idOf(run)}/cancel`)).status).to.equal(404);
    const office = await openApp(story.portal, 12);
    const cancel = () =>
      office.post(`/office/signings/${story.idOf(run)}/cancel`, { reason: 'Ошибка в сумме' });
    expect((await cancel()).status).to.equal(200);
    expect((await cancel()).status).to.be.within(400, 499);
    await story.reaches(run, 'cancelled');
    await expectEnded(started, {
      status: 70,
      text: /Отменено/,
      trigger: 'signing_cancelled',
      entry: /Ошибка в сумме/,
    });
    expect(await mailed(run, 'cancelled')).to.deep.equal(['initiator', 's1', 's2', 's3']);
    expect(await story.balance()).to.deep.equal(before);

    const again = await story.send(deal, {
      document_id: [document],
      signer_2: [story.contact()],
      return_when: 'accepted',
    });
    await again.wait();
    expect(again.returnValues).to.include({ response_code: 0, status_code: 20 });
    await office.post(`/office/signings/${story.idOf(again)}/cancel`);
  });

  it('when the deadline passes, expected 80 at once for signers, everybody told, what is unused back', async () => {
    const started = await sent({ expires_in_days: 3 });
    const { run, before } = started;
    await story.sign(run, 's3');
    await story.later(2.9 * DAY_MS);
    expect(run.state).to.equal('waiting');
    const late = await story.identify(run, 's1');
    await story.later(0.2 * DAY_MS);
    await story.reaches(run, 'expired');
    expect((await late.sign()).status).to.be.oneOf([401, 409]);
    await expectEnded(started, {
      status: 80,
      text: /Срок истёк/,
      trigger: 'signing_expired',
      entry: /срок/i,
    });
    expect(await mailed(run, 'expired')).to.deep.equal(['initiator', 's1', 's2', 's3']);
    expect(await story.balance()).to.deep.equal({
      available: before.available - 1,
      reserved: before.reserved,
      spent: before.spent + 1,
    });
  });

  it('when two end it at the same moment, expected one end, told once', async () => {
    const { deal, run } = await sent();
    const [signer, office] = await Promise.all([story.signer(run, 's2'), openApp(story.portal)]);
    await signer.open();
    const answers = await Promise.all([
      signer.decline('Нет'),
      office.post(`/office/signings/${story.idOf(run)}/cancel`, { reason: 'Нет' }),
      signer.decline('Нет'),
    ]);
    expect(answers.filter((answer) => answer.ok).length).to.be.within(1, 2);
    await story.idle();
    const { status, journal } = await story.signing(run);
    expect(status).to.be.oneOf(['declined', 'cancelled']);
    expect(journal.filter((each) => ['declined', 'cancelled'].includes(each.type))).to.have.lengthOf(1);
    expect(firedOn(story, deal).filter((code) => /declined|cancelled/.test(code))).to.have.lengthOf(1);
    expect(run.returnValues['status_code']).to.be.oneOf([60, 70]);
  });
});
