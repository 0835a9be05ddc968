import { createHash } from 'node:crypto';
import { expect } from 'chai';
import sinon from 'sinon';
import { DEFAULT_SEALING } from '../../../app/domain/sealing-plan.ts';
import type { SealingPlan } from '../../../app/domain/sealing-plan.ts';
import type { Signing, StoredFile } from '../../../app/domain/signing.ts';
import type { SignatureFinding, VerificationResult } from '../../../app/ports/pdf-engine.ts';
import type { WorkflowRun } from '../../portal/types.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { roundStamp } from '../../fixtures/pdf/make-png.ts';
import { registerEmployee } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { startTimestampServer } from '../../support/timestamp-server.ts';
import type { TimestampServer } from '../../support/timestamp-server.ts';
import { CREDITS, expectSound } from './expect-sound.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const entries = (signing: Signing) =>
  signing.journal.filter(({ type }) => type === 'signature_applied').map(({ data }) => data);

describe('the signatures of a signing in its files', function () {
  this.timeout(60_000);
  let story: Story;
  let tsa: TimestampServer;

  before(async () => {
    tsa = await startTimestampServer();
    story = await openStory({ env: { START_CREDITS: String(CREDITS), TSA_URL: tsa.url } });
    await registerEmployee(story.portal, 7);
  });
  after(async () => {
    await story.close();
    tsa.close();
  });
  beforeEach(async () => {
    story.rest();
    await plan({});
  });
  afterEach(async () => {
    sinon.restore();
    await expectSound(story);
  });

  async function plan(documents: Partial<SealingPlan>): Promise<void> {
    const { settings } = story.app.container;
    const current = await settings.get(story.portal.memberId);
    await settings.save({ ...current, documents: { ...DEFAULT_SEALING, ...documents } });
  }
  async function sent(properties: Record<string, unknown> = {}, pdf?: Buffer): Promise<WorkflowRun> {
    const deal = story.deal();
    const document = await story.document(deal, { ...(pdf ? { pdf } : {}) });
    const run = await story.send(deal, {
      document_id: [document],
      signer_2: [story.contact()],
      ...properties,
    });
    await story.reaches(run, 'sent');
    return run;
  }
  async function signed(run: WorkflowRun): Promise<Signing> {
    await story.sign(run, 's1');
    await story.sign(run, 's2');
    return story.reaches(run, 'completed');
  }
  const bytes = async ({ fileId }: StoredFile) => Buffer.from(await story.app.container.files.get(fileId));
  const verify = async (pdf: Uint8Array): Promise<VerificationResult> =>
    story.app.container.pdf.verify({ pdf, at: new Date() });
  const people = (findings: readonly SignatureFinding[]) =>
    findings.filter(({ kind, certification }) => kind === 'signature' && !certification);

  it('when both have signed, expected what they saw as the beginning of the file, and a signature of each', async () => {
    const signing = await signed(await sent({ additional_agreement: 'Y' }));
    const [final, bundle] = [await bytes(signing.signedFile!), await bytes(signing.bundle!)];
    expect(final.subarray(0, bundle.length).equals(bundle)).to.equal(true);
    const { verdict, signatures } = await verify(final);
    expect(verdict).to.equal('unchanged');
    expect(signatures[0]?.certification).to.equal(2);
    expect(people(signatures).map(({ name }) => name)).to.deep.equal(signing.signers.map(({ name }) => name));
    expect(signatures.at(-1)?.kind).to.equal('document_timestamp');
    const agreement = await verify(await bytes(signing.signedAgreement!));
    expect(people(agreement.signatures)).to.have.length(2);
  });

  it('when both have signed, expected the hashes of every step in the journal, one after the other', async () => {
    const signing = await signed(await sent());
    const steps = entries(signing);
    expect(steps.map(({ signer, file, level }) => [signer, file, level])).to.deep.equal([
      ['s1', 'signed', 'B-T'],
      ['s2', 'signed', 'B-T'],
    ]);
    expect(steps[0]?.['before']).to.equal(signing.bundle?.sha256);
    expect(steps[1]?.['before']).to.equal(steps[0]?.['after']);
    const final = await bytes(signing.signedFile!);
    const { signatures } = await verify(final);
    const afterSecond = people(signatures)[1]!.revisionEnd;
    expect(sha256(final.subarray(0, afterSecond))).to.equal(steps[1]?.['after']);
    expect(signing.signedSoFar).to.equal(undefined);
    expect(await story.app.container.files.has(`${signing.id}/signed-by-s1`)).to.equal(false);
  });

  it('when one seal at the end is wanted, expected one signature that certifies the document as final', async () => {
    await plan({ mode: 'one_seal' });
    const signing = await signed(await sent());
    expect(entries(signing)).to.deep.equal([]);
    const { verdict, signatures } = await verify(await bytes(signing.signedFile!));
    expect(verdict).to.equal('unchanged');
    expect(signatures.map(({ kind, certification }) => [kind, certification])).to.deep.equal([
      ['signature', 1],
      ['document_timestamp', undefined],
    ]);
  });

  for (const mode of ['per_signer', 'one_seal'] as const) {
    it(`when the company's employee has a stamp, expected it in the file (${mode}), for the company alone`, async () => {
      await plan({ mode });
      const { employees, files, pdf } = story.app.container;
      const employee = await employees.get(story.portal.memberId, '7');
      const about = { portalId: story.portal.memberId, name: 'stamp.png', type: 'image/png' };
      await files.put('stamp-of-7', roundStamp(), about);
      const stamp = {
        fileId: 'stamp-of-7',
        name: 'stamp.png',
        sha256: '',
        size: roundStamp().length,
        pages: 0,
      };
      await employees.save({ ...employee!, stamp });
      const apply = sinon.spy(pdf, 'applySignature');
      const seal = sinon.spy(pdf, 'sealBundle');
      await signed(await sent());
      const drawn =
        mode === 'one_seal'
          ? seal.firstCall.args[0].signers
          : apply.getCalls().map(({ args }) => args[0].signer);
      expect(drawn.map(({ id, stampPng }) => [id, stampPng !== undefined])).to.deep.equal([
        ['s1', true],
        ['s2', false],
      ]);
    });
  }

  it('when the text marks the places, expected the marks there, the tags gone and no signature page', async () => {
    const tags = pdfWithPages([
      'Company {{sign:1}}  {{date:1}}',
      'Client {{sign:2}} {{name:2}}',
      'Third {{sign:3}}',
    ]);
    const run = await sent({}, tags);
    const signing = await signed(run);
    expect(signing.positions)
      .to.match(/^signer 1 sign page=1 /m)
      .and.match(/^signer 2 name page=2 /m);
    expect(signing.positions).to.not.include('signer 3');
    const final = await verify(await bytes(signing.signedFile!));
    expect(final.pages).to.equal(3);
    const container = story.app.container;
    const again = await container.pdf.prepareBundle({
      parts: [{ name: 'x', bytes: await bytes(signing.signedFile!) }],
    });
    expect(again.anchors).to.deep.equal([]);
  });

  it('when the second declines, expected no half-signed file left behind', async () => {
    const run = await sent();
    await story.sign(run, 's1');
    await story.idle();
    const step = (await story.signing(run)).signedSoFar!.signed.fileId;
    expect(await story.app.container.files.has(step)).to.equal(true);
    const second = await story.identify(run, 's2');
    expect((await second.post('/decline', { reason: 'Нет' })).status).to.equal(200);
    const signing = await story.reaches(run, 'declined');
    expect(signing.signedSoFar).to.equal(undefined);
    expect(await story.app.container.files.has(step)).to.equal(false);
  });

  it('when the time-stamp server is down for a while, expected the signature to wait for it', async () => {
    const run = await sent();
    tsa.refuse(true);
    await story.sign(run, 's1');
    await story.idle();
    expect(entries(await story.signing(run))).to.deep.equal([]);
    tsa.refuse(false);
    await story.eventually('the signature of s1', async () => entries(await story.signing(run)).length > 0);
    expect(entries(await story.signing(run))[0]).to.include({ signer: 's1', level: 'B-T' });
    await story.sign(run, 's2');
    await story.reaches(run, 'completed');
  });

  it('when it stays down and a lower level will do, expected the signature without, and the journal to say so', async () => {
    const run = await sent();
    tsa.refuse(true);
    await story.sign(run, 's1');
    await story.eventually('the signature of s1', async () => entries(await story.signing(run)).length > 0);
    tsa.refuse(false);
    expect(entries(await story.signing(run))[0]).to.include({
      signer: 's1',
      level: 'B-B',
      note: 'no_timestamp',
    });
    await story.sign(run, 's2');
    const signing = await story.reaches(run, 'completed');
    const { signatures } = await verify(await bytes(signing.signedFile!));
    expect(people(signatures).map(({ timestamp }) => timestamp !== undefined)).to.deep.equal([false, true]);
  });
});
