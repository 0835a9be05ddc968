import { expect } from 'chai';
import sinon from 'sinon';
import { DEFAULT_SEALING } from '../../../app/domain/sealing-plan.ts';
import type { Signing } from '../../../app/domain/signing.ts';
import { PdfEngineFailure } from '../../../app/ports/pdf-engine.ts';
import type { ApplySignatureRequest, ReportRequest } from '../../../app/ports/pdf-engine.ts';
import type { WorkflowRun } from '../../portal/types.ts';
import { registerEmployee } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { startTimestampServer } from '../../support/timestamp-server.ts';
import type { TimestampServer } from '../../support/timestamp-server.ts';
import { CREDITS, expectSound } from './expect-sound.ts';

const entries = (signing: Signing, type: string) =>
  signing.journal.filter((entry) => entry.type === type).map(({ data }) => data);

describe('what a try that broke off had stored already', function () {
  this.timeout(60_000);
  let story: Story;
  let tsa: TimestampServer;

  before(async () => {
    tsa = await startTimestampServer();
    story = await openStory({ env: { START_CREDITS: String(CREDITS), TSA_URL: tsa.url } });
    await registerEmployee(story.portal, 7);
    const { settings } = story.app.container;
    const current = await settings.get(story.portal.memberId);
    await settings.save({ ...current, documents: DEFAULT_SEALING });
  });
  after(async () => {
    await story.close();
    tsa.close();
  });
  beforeEach(() => story.rest());
  afterEach(async () => {
    sinon.restore();
    tsa.refuse(false);
    await expectSound(story);
  });

  async function sent(): Promise<WorkflowRun> {
    const deal = story.deal();
    const run = await story.send(deal, {
      document_id: [await story.document(deal)],
      signer_2: [story.contact()],
      additional_agreement: 'Y',
    });
    await story.reaches(run, 'sent');
    return run;
  }
  /** Breaks a step off after its result is made, once: the next try finds what was stored before it. */
  const breakOff = () => new PdfEngineFailure('crashed', 'worker lost');

  it('when the report breaks off, expected the same levels and times in the next one', async () => {
    const { pdf } = story.app.container;
    const run = await sent();
    // The first signature goes without a time-stamp, so the whole file has no more than that.
    tsa.refuse(true);
    await story.sign(run, 's1');
    await story.eventually(
      's1',
      async () => entries(await story.signing(run), 'signature_applied').length > 0,
    );
    tsa.refuse(false);
    const asked: ReportRequest[] = [];
    const render = pdf.renderReport.bind(pdf);
    sinon.stub(pdf, 'renderReport').callsFake(async (request, job) => {
      asked.push(request);
      if (asked.length === 1) throw breakOff();
      return render(request, job);
    });
    await story.sign(run, 's2');
    await story.eventually('the end', async () => (await story.signing(run)).status === 'completed');
    const [first, second] = asked.map(({ contents }) => contents[0]?.files);
    expect(second).to.deep.equal(first);
    expect(first?.map(({ level }) => level)).to.deep.equal(['B-B', 'B-B']);
    expect(entries(await story.signing(run), 'sealed')[0]).to.include({ level: 'B-B' });
  });

  it('when the agreement breaks off after the document, expected the journal to have the time of its time-stamp', async () => {
    const { pdf } = story.app.container;
    const run = await sent();
    const apply = pdf.applySignature.bind(pdf);
    let broken = false;
    let made: Awaited<ReturnType<typeof apply>> | undefined;
    sinon.stub(pdf, 'applySignature').callsFake(async (request: ApplySignatureRequest, job) => {
      if (made && !broken) {
        broken = true;
        throw breakOff();
      }
      const result = await apply(request, job);
      made ??= result;
      return result;
    });
    await story.sign(run, 's1');
    await story.eventually(
      's1',
      async () => entries(await story.signing(run), 'signature_applied').length > 0,
    );
    expect(broken).to.equal(true);
    expect(entries(await story.signing(run), 'signature_applied')[0]).to.include({
      file: 'signed',
      after: made?.sha256,
      level: 'B-T',
      trusted: made?.timestampAt?.toISOString(),
    });
    await story.sign(run, 's2');
    await story.reaches(run, 'completed');
  });
});
