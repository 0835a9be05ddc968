import { expect } from 'chai';
import { registerEmployee } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { signaturePng } from '../../support/signature-png.ts';
import { waitFor } from '../../support/wait-for.ts';
import { CREDITS, expectSound, firedOn, newestEntry } from './expect-sound.ts';

describe('deliveries that are late, doubled or lost', function () {
  this.timeout(60_000);
  let story: Story;

  before(async () => {
    story = await openStory({ env: { START_CREDITS: String(CREDITS) } });
    await registerEmployee(story.portal, 7, { signature: signaturePng() });
  });
  after(() => story.close());
  beforeEach(() => story.rest());

  async function inputs(deal: number) {
    return { document_id: [await story.document(deal)], signer_2: [story.contact()] };
  }
  const answers = () => story.portal.calls.filter((call) => call.method === 'bizproc.event.send');

  it('when a run is delivered again and again, also at once, expected one signing, one reservation, one answer', async () => {
    const deal = story.deal();
    const before = await story.balance();
    const run = await story.send(deal, await inputs(deal));
    const again = await Promise.all([run.redeliver(), run.redeliver(), run.redeliver()]);
    expect(again.map((each) => each.status)).to.deep.equal([200, 200, 200]);
    await story.reaches(run, 'sent');
    await run.redeliver();
    await story.idle();
    const { total } = await story.signings.list(
      story.portal.memberId,
      { dealId: String(deal) },
      { limit: 9 },
    );
    expect(total).to.equal(1);
    expect((await story.balance()).reserved).to.equal(before.reserved + 2);
    expect(await story.letters(run, /invite/)).to.have.lengthOf(1);

    await story.sign(run, 's1');
    await story.sign(run, 's2');
    await run.wait(30_000);
    await run.redeliver();
    await story.idle();
    expect(answers()).to.have.lengthOf(1);
    expect(firedOn(story, deal).filter((code) => code === 'signing_completed')).to.have.lengthOf(1);
    expect((await story.balance()).spent).to.equal(before.spent + 2);
    await expectSound(story);
  });

  it('when many runs want the same document at the same moment, expected one signing and refusals that name it', async () => {
    const deal = story.deal();
    const given = { ...(await inputs(deal)), return_when: 'accepted' };
    const runs = await Promise.all(Array.from({ length: 6 }, () => story.send(deal, given)));
    await Promise.all(runs.map((run) => run.wait(30_000)));
    const codes = runs.map((run) => run.returnValues['response_code']);
    expect(codes.toSorted()).to.deep.equal([0, 160, 160, 160, 160, 160]);
    const won = runs[codes.indexOf(0)]!;
    for (const run of runs) {
      expect(run.returnValues['signing_id']).to.equal(story.idOf(won));
      expect(await story.hasSigning(run)).to.equal(run === won);
    }
    await expectSound(story);
  });

  it('when the PDF comes late, expected the run to wait for it and go on', async () => {
    const deal = story.deal();
    const { id } = await story.portal.createDocument({
      dealId: deal,
      title: 'Late',
      pdf: pdfWithPages(['Late']),
      pdfDelay: { polls: 3 },
    });
    const run = await story.send(deal, { ...(await inputs(deal)), document_id: [id] });
    await story.idle();
    expect(await story.hasSigning(run)).to.equal(false);
    await story.eventually('the signing of the late PDF', () => story.hasSigning(run));
    await story.reaches(run, 'sent');
    await expectSound(story);
  });

  it('when the app is stopped while it waits for a PDF, expected the next start to go on with it', async () => {
    const deal = story.deal();
    const document = await story.document(deal, { hoursUntilPdf: 0.05 });
    const run = await story.send(deal, { ...(await inputs(deal)), document_id: [document] });
    await story.idle();
    await story.restart();
    await story.eventually('the signing of the late PDF', () => story.hasSigning(run));
    await story.reaches(run, 'sent');
    await expectSound(story);
  });

  it('when the app is restarted between all steps, expected the same end as without', async () => {
    const deal = story.deal();
    const run = await story.send(deal, await inputs(deal));
    await story.restart();
    await story.later(121_000); // what an unfinished try held is free again
    await story.reaches(run, 'sent');
    await story.sign(run, 's1');
    await story.restart();
    await story.later(121_000);
    const signer = await story.identify(run, 's2');
    expect((await signer.sign({ kind: 'typed', text: 'Ершов' })).status).to.equal(200);
    await story.restart();
    await story.later(121_000);
    await run.wait(30_000);
    expect(run.returnValues).to.include({ response_code: 0, status_code: 50 });
    await story.reaches(run, 'completed');
    expect(story.portal.documents(deal)).to.have.lengthOf(3);
    await expectSound(story);
  });

  it('when a change of stage ends the process, expected the result in timeline, card, notification and trigger', async () => {
    const { portal } = story;
    const deal = story.deal();
    const told = portal.notifications(12).length;
    const run = await story.send(deal, await inputs(deal));
    await story.reaches(run, 'sent');
    await portal.changeStage(deal, 'EXECUTING');
    expect(run.state).to.equal('terminated');
    await story.sign(run, 's1');
    await story.sign(run, 's2');
    await story.reaches(run, 'completed');
    expect(run.returnValues).to.deep.equal({});
    expect(run.state).to.equal('terminated');
    expect(newestEntry(story, deal)).to.match(/Подписание завершено/);
    expect(portal.activities(deal)[0]).to.include({ completed: true });
    expect(firedOn(story, deal).at(-1)).to.equal('signing_completed');
    expect(portal.notifications(12).length).to.be.greaterThan(told);
    expect(portal.documents(deal)).to.have.lengthOf(3);
    await expectSound(story);
  });

  it('when the deal is deleted, expected the signing cancelled, its people told and the reservation back', async () => {
    const { portal } = story;
    const deal = story.deal();
    const before = await story.balance();
    const run = await story.send(deal, { ...(await inputs(deal)), order: 'parallel' });
    await story.reaches(run, 'sent');
    const signer = await story.signer(run, 's2');
    await portal.deleteDeal(deal);
    await waitFor('the cancelling', async () => (await story.signing(run)).status === 'cancelled');
    const signing = await story.reaches(run, 'cancelled');
    expect(signing.journal.find((entry) => entry.type === 'cancelled')?.data).to.deep.equal({
      reason: 'deal_deleted',
    });
    expect(await story.balance()).to.deep.equal(before);
    expect(await story.letters(run, /mail-cancelled-s/)).to.have.lengthOf(2);
    expect((await signer.page()).html).not.to.include('data-consent-version');
    expect((await signer.requestCode()).status).to.equal(409);
    expect(run.state).to.equal('terminated');
    await expectSound(story, { givenUp: ['timeline', 'card', 'trigger'] });
  });
});
