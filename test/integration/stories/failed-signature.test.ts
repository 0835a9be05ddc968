import { expect } from 'chai';
import sinon from 'sinon';
import { SYSTEM } from '../../../app/domain/journal.ts';
import { DEFAULT_SEALING } from '../../../app/domain/sealing-plan.ts';
import { resumeSigning } from '../../../app/domain/transitions/end-signing.ts';
import { PdfEngineFailure } from '../../../app/ports/pdf-engine.ts';
import type { WorkflowRun } from '../../portal/types.ts';
import { registerEmployee } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { startTimestampServer } from '../../support/timestamp-server.ts';
import type { TimestampServer } from '../../support/timestamp-server.ts';
import { CREDITS, expectSound } from './expect-sound.ts';

describe('a signature that cannot be put into its file', function () {
  this.timeout(60_000);
  let story: Story;
  let tsa: TimestampServer;

  before(async () => {
    tsa = await startTimestampServer();
    story = await openStory({ env: { START_CREDITS: String(CREDITS), TSA_URL: tsa.url } });
    await registerEmployee(story.portal, 7);
    const { settings } = story.app.container;
    const current = await settings.get(story.portal.memberId);
    await settings.save({ ...current, documents: { ...DEFAULT_SEALING, whenTsaDown: 'wait' } });
  });
  after(async () => {
    await story.close();
    tsa.close();
  });
  beforeEach(() => story.rest());
  afterEach(async () => {
    sinon.restore();
    await expectSound(story);
  });

  async function sent(): Promise<WorkflowRun> {
    const deal = story.deal();
    const run = await story.send(deal, {
      document_id: [await story.document(deal)],
      signer_2: [story.contact()],
      order: 'parallel',
    });
    await story.reaches(run, 'sent');
    return run;
  }

  it('when the first of two fails for good, expected nothing sealed without it, and both in the file after a resume', async () => {
    const { container } = story.app;
    const run = await sent();
    tsa.refuse(true);
    await story.sign(run, 's1');
    await story.sign(run, 's2');
    await story.idle();
    tsa.refuse(false);
    const apply = container.pdf.applySignature.bind(container.pdf);
    sinon.stub(container.pdf, 'applySignature').callsFake(async (request, job) => {
      if (request.signer.id === 's1') throw new PdfEngineFailure('timeout', 'took too long');
      return apply(request, job);
    });
    await story.eventually('the error', async () => (await story.signing(run)).status === 'error');
    for (let tries = 0; tries < 5; tries += 1) await story.later(61_000);
    const { id, effects } = await story.signing(run);
    expect(await container.files.has(`${id}/sealed-signed`), 'sealed').to.equal(false);
    expect(
      effects.filter(({ lane }) => lane === 'work').map(({ kind, target, state }) => [kind, target, state]),
    ).to.deep.equal([
      ['apply_signature', 's1', 'given_up'],
      ['apply_signature', 's2', 'pending'],
      ['seal', '', 'pending'],
    ]);

    sinon.restore();
    await container.changeSigning(id, (signing, now) => resumeSigning(signing, SYSTEM, now));
    const signing = await story.reaches(run, 'completed');
    const pdf = await container.files.get(signing.signedFile!.fileId);
    const { signatures } = await container.pdf.verify({ pdf, at: new Date() });
    const people = signatures.filter(({ kind, certification }) => kind === 'signature' && !certification);
    expect(people.map(({ name }) => name)).to.deep.equal(signing.signers.map(({ name }) => name));
  });
});
