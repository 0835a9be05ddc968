import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { DocumentRefused, PdfEngineFailure } from '../../../app/ports/pdf-engine.ts';
import type { PdfEngine } from '../../../app/ports/pdf-engine.ts';
import { aReport } from '../../fixtures/pdf/a-report.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { anApplyRequest, anOpenRequest, aSealRequest, twoSigners } from '../../fixtures/pdf/test-engine.ts';

const at = new Date('2026-11-22T12:00:00Z');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What every implementation of PdfEngine promises, fakes too. */
export function pdfEngineSuite(start: () => Promise<PdfEngine>): void {
  let engine: PdfEngine;
  before(async () => (engine = await start()));
  const parts = (...texts: string[]) =>
    texts.map((text) => ({ name: `${text}.pdf`, bytes: new Uint8Array(pdfWithPages([text])) }));

  it('when a bundle is prepared, expected its hash, its pages and where each part begins', async () => {
    const bundle = await engine.prepareBundle({ parts: parts('a', 'b') });
    expect(bundle.sha256).to.equal(sha256(bundle.pdf));
    expect(bundle.pages).to.equal(2);
    expect(bundle.parts.map(({ name, firstPage }) => [name, firstPage])).to.deep.equal([
      ['a.pdf', 1],
      ['b.pdf', 2],
    ]);
  });

  it('when a part is not a PDF, expected a refusal that names it', async () => {
    const bad = { name: 'x', bytes: new Uint8Array(Buffer.from('no')) };
    const refused = await engine
      .prepareBundle({ parts: [...parts('a'), bad] })
      .catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(DocumentRefused).and.include({ reason: 'not_pdf', part: 1 });
  });

  it('when a bundle is sealed, expected it to be verified as unchanged, and not after a change', async () => {
    const { pdf } = await engine.prepareBundle({ parts: parts('a') });
    const sealed = await engine.sealBundle(aSealRequest(pdf));
    expect(sealed.sha256).to.equal(sha256(sealed.pdf));
    expect((await engine.verify({ pdf: sealed.pdf, at })).verdict).to.equal('unchanged');
    const changed = Uint8Array.from(sealed.pdf);
    changed[20] = (changed[20] ?? 0) ^ 1;
    expect((await engine.verify({ pdf: changed, at })).verdict).to.equal('broken');
    expect((await engine.verify({ pdf, at })).verdict).to.equal('unsigned');
  });

  it('when a document is opened and signed by everyone, expected each step to begin with the one before', async () => {
    const { pdf } = await engine.prepareBundle({ parts: parts('a') });
    const opened = await engine.openForSigning(anOpenRequest(pdf));
    let file = opened.pdf;
    for (const signer of twoSigners()) {
      const signed = await engine.applySignature(anApplyRequest(file, signer));
      expect(Buffer.from(signed.pdf).subarray(0, file.length).equals(file)).to.equal(true);
      expect(signed.sha256).to.equal(sha256(signed.pdf));
      expect(signed.pages).to.equal(opened.pages);
      file = signed.pdf;
    }
    const { verdict, signatures } = await engine.verify({ pdf: file, at });
    expect(verdict).to.equal('unchanged');
    expect(signatures.map(({ name }) => name).slice(1)).to.deep.equal(twoSigners().map(({ name }) => name));
  });

  it('when a signer has signed already, expected a failure', async () => {
    const [signer] = twoSigners();
    const { pdf } = await engine.prepareBundle({ parts: parts('a') });
    const opened = await engine.openForSigning(anOpenRequest(pdf));
    const signed = await engine.applySignature(anApplyRequest(opened.pdf, signer));
    const failure = await engine
      .applySignature(anApplyRequest(signed.pdf, signer))
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(PdfEngineFailure).and.include({ code: 'internal' });
  });

  it('when a signed document is opened, expected it back as it is', async () => {
    const { pdf } = await engine.sealBundle(
      aSealRequest((await engine.prepareBundle({ parts: parts('a') })).pdf),
    );
    const opened = await engine.openForSigning(anOpenRequest(pdf));
    expect(opened).to.include({ sha256: sha256(pdf), signaturePage: 0, level: 'B-B' });
  });

  it('when the input is given, expected it not to be changed or taken away', async () => {
    const { pdf } = await engine.prepareBundle({ parts: parts('a') });
    const before = sha256(pdf);
    await engine.sealBundle(aSealRequest(pdf));
    expect(sha256(pdf)).to.equal(before);
  });

  it('when a report and an agreement are rendered, expected the one sealed, the other not', async () => {
    const report = await engine.renderReport(aReport());
    expect((await engine.verify({ pdf: report.pdf, at })).verdict).to.equal('unchanged');
    const agreement = await engine.renderAgreement({
      title: 'Agreement',
      lang: 'en',
      createdAt: at,
      blocks: [{ kind: 'paragraph', text: 'Text' }],
      parties: [],
    });
    expect(agreement.sha256).to.equal(sha256(agreement.pdf));
    expect((await engine.verify({ pdf: agreement.pdf, at })).verdict).to.equal('unsigned');
  });

  it('when the caller cancels, expected a failure that says so', async () => {
    const { pdf } = await engine.prepareBundle({ parts: parts('a') });
    const failure = await engine
      .sealBundle(aSealRequest(pdf), { signal: AbortSignal.abort() })
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(PdfEngineFailure).and.include({ code: 'cancelled' });
  });
}
