import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DocumentRefused } from '../../../app/ports/pdf-engine.ts';
import type { DocumentPart, IntakeRequest, PreparedBundle } from '../../../app/ports/pdf-engine.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import type { Accepted } from '../../fixtures/pdf/corpus/corpus-entry.ts';
import { corpus } from '../../fixtures/pdf/corpus/corpus.ts';
import { hasProgram, run } from '../../fixtures/pdf/outside-programs.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';
import { aSigner, startTestEngine } from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

const strip: IntakeRequest['strip'] = {
  id: 'CS-7',
  verifyUrl: 'https://sign.example.com/v/CS-7',
  lang: 'en',
};
const signing = {
  id: 'CS-7',
  title: 'Corpus',
  lang: 'en' as const,
  verifyUrl: 'https://sign.example.com/v/CS-7',
};
const at = new Date('2026-11-22T10:00:00Z');
const signer = aSigner({ mark: { kind: 'typed', text: 'Ivanov' }, stampPng: undefined });

type Outcome = PreparedBundle | DocumentRefused;
const outcomeOf = (bundle: Promise<PreparedBundle>): Promise<Outcome> =>
  bundle.catch((error: unknown) => {
    if (error instanceof DocumentRefused) return error;
    throw error;
  });
const accepted = (outcome: Outcome): PreparedBundle => {
  if (outcome instanceof DocumentRefused) throw outcome;
  return outcome;
};

/** What is written on every page, without spaces: they depend on who reads it. */
const lettersOf = async (pdf: Uint8Array): Promise<string[]> =>
  (await readText(pdf).catch(() => [])).map((text) => text.replace(/\s+/g, ''));

async function expectTextKept(before: Uint8Array, after: Uint8Array, from = 0): Promise<void> {
  const [was, is] = [await lettersOf(before), await lettersOf(after)];
  for (const [index, letters] of was.entries()) expect(is[from + index]).to.contain(letters);
}

describe('the corpus of PDF files', function () {
  this.timeout(120_000);
  let builtIn: TestEngine;
  let withProgram: TestEngine | undefined;
  let folder: string;
  const qpdf = hasProgram('qpdf', 'structure and repair of the corpus');

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-corpus-'));
    builtIn = await startTestEngine({ builtInQpdf: true, workers: 2 });
    if (qpdf) withProgram = await startTestEngine();
  });
  after(async () => {
    await Promise.all([builtIn.close(), withProgram?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('when counted, expected at least 60 files, each with a name of its own', () => {
    expect(corpus.length).to.be.at.least(60);
    expect(new Set(corpus.map(({ name }) => name)).size).to.equal(corpus.length);
  });

  /** Whether an outside program finds nothing wrong with the file's structure. */
  function expectSound(pdf: Uint8Array): void {
    if (!qpdf) return;
    const file = join(folder, 'checked.pdf');
    writeFileSync(file, pdf);
    const { code, output } = run('qpdf', ['--check', file]);
    expect(code, output).to.equal(0);
  }

  /** One signature after the other, the way a signing goes, and the verdict on the result. */
  async function expectSignable({ pdf, alreadySigned }: PreparedBundle): Promise<void> {
    const signers = [signer];
    const opened = alreadySigned
      ? pdf
      : (await builtIn.openForSigning({ pdf, signers, signing, openedAt: at })).pdf;
    const signed = await builtIn.applySignature({ pdf: opened, signer, signers, signing });
    expect(Buffer.from(signed.pdf.subarray(0, opened.length)).equals(opened)).to.equal(true);
    expect((await builtIn.verify({ pdf: signed.pdf, at })).verdict).to.equal('unchanged');
  }

  async function expectAccepted(
    part: DocumentPart,
    { pages, warnings, signed, merge }: Accepted,
  ): Promise<void> {
    const first = { name: 'first.pdf', bytes: new Uint8Array(pdfWithPages(['first of all'])) };
    const [plain, stripped, merged, mended] = await Promise.all([
      outcomeOf(builtIn.prepareBundle({ parts: [part] })),
      outcomeOf(builtIn.prepareBundle({ parts: [part], strip, flattenForms: true })),
      outcomeOf(builtIn.prepareBundle({ parts: [first, part], limits: { maxPages: 501 } })),
      withProgram && outcomeOf(withProgram.prepareBundle({ parts: [part] })),
    ]);
    const bundle = accepted(plain);
    expect(bundle).to.deep.include({ pages, alreadySigned: signed ?? false });
    expect(bundle.warnings.map(({ code }) => code)).to.deep.equal(warnings ?? []);
    await expectTextKept(part.bytes, bundle.pdf);

    const { pdf, pages: strippedPages } = accepted(stripped);
    expect(strippedPages).to.equal(pages);
    await expectTextKept(part.bytes, pdf);
    if (signed) expect(Buffer.from(pdf).equals(part.bytes)).to.equal(true);
    else {
      for (const [index, letters] of (await lettersOf(pdf)).entries()) {
        expect(letters).to.contain(`SigningCS-7Page${index + 1}of${pages}`);
      }
      expectSound(pdf);
    }

    if (merge) expect(merged).to.be.instanceOf(DocumentRefused).and.include({ reason: merge, part: 1 });
    else {
      expect(accepted(merged).pages).to.equal(pages + 1);
      await expectTextKept(part.bytes, accepted(merged).pdf, 1);
      expectSound(accepted(merged).pdf);
    }
    if (mended) expect(accepted(mended).pages).to.equal(pages);
    await expectSignable(bundle);
  }

  for (const entry of corpus) {
    const { name, expect: expected } = entry;
    const what = 'refused' in expected ? `to be refused as ${expected.refused}` : 'a document to sign';
    it(`when the case is “${name}”, expected ${what}`, async () => {
      const part = { name: `${name}.pdf`, bytes: new Uint8Array(await entry.make(builtIn)) };
      if (!('refused' in expected)) return expectAccepted(part, expected);
      const outcome = await outcomeOf(builtIn.prepareBundle({ parts: [part] }));
      expect(outcome).to.be.instanceOf(DocumentRefused).and.include({ reason: expected.refused });
    });
  }
});
