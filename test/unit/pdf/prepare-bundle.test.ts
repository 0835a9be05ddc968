import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { PDF } from '@libpdf/core';
import { createTranslator } from '../../../app/i18n/translator.ts';
import { runBuiltInQpdf } from '../../../app/pdf/intake/run-qpdf.ts';
import { DocumentRefused, refusalReasons } from '../../../app/ports/pdf-engine.ts';
import { openRaster } from '../../../app/pdf/raster/open-raster.ts';
import { assemble, pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { formEntries } from '../../fixtures/pdf/corpus/form-entries.ts';
import { certificateMaker } from '../../fixtures/pdf/make-certificates.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';
import { signOddly } from '../../fixtures/pdf/sign-oddly.ts';
import { anOpenRequest, aSealRequest, sharedEngine } from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

const part = (bytes: Uint8Array, name = 'a.pdf') => ({ name, bytes: new Uint8Array(bytes) });
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The first page as a reader with forms shows it. */
async function picture(pdf: Uint8Array): Promise<Buffer> {
  const raster = await openRaster(pdf);
  try {
    return Buffer.from((await raster.render(0, 1)).pixels);
  } finally {
    raster.close();
  }
}

const fromCorpus = async (name: string, engine: TestEngine): Promise<Uint8Array> => {
  const entry = formEntries.find((one) => one.name === name);
  if (!entry) throw new Error(`no ${name} in the corpus`);
  return new Uint8Array(await entry.make(engine));
};

describe('prepareBundle', function () {
  this.timeout(60_000);
  let engine: TestEngine;
  before(async () => (engine = await sharedEngine()));

  const refusal = async (parts: Uint8Array[], limits = {}): Promise<DocumentRefused> => {
    try {
      await engine.prepareBundle({ parts: parts.map((bytes) => part(bytes)), limits });
    } catch (error) {
      if (error instanceof DocumentRefused) return error;
      throw error;
    }
    throw new Error('was not refused');
  };

  it('when a single healthy file comes, expected the same bytes and their hash', async () => {
    const file = pdfWithPages(['one', 'two']);
    const bundle = await engine.prepareBundle({ parts: [part(file)] });

    expect(Buffer.from(bundle.pdf).equals(file)).to.equal(true);
    expect(bundle).to.deep.include({
      pages: 2,
      sha256: sha256(file),
      alreadySigned: false,
      anchors: [],
      warnings: [],
    });
    expect(bundle.parts).to.deep.equal([{ name: 'a.pdf', sha256: sha256(file), firstPage: 1, pages: 2 }]);
  });

  it('when several files come, expected their pages in order with their text', async () => {
    const files = [pdfWithPages(['A1', 'A2']), pdfWithPages(['B1']), pdfWithPages(['C1'])];
    const bundle = await engine.prepareBundle({ parts: files.map((file) => part(file)) });

    expect((await readText(bundle.pdf)).map((text) => text.trim())).to.deep.equal(['A1', 'A2', 'B1', 'C1']);
    expect(bundle.parts.map(({ firstPage }) => firstPage)).to.deep.equal([1, 3, 4]);
  });

  it('when pages inherit resources, size and rotation, expected them to keep all three after a merge', async () => {
    const inheriting = pdfWithPages(['inherited text'], {
      pages: '/Resources << /Font << /F1 3 0 R >> >> /Rotate 90 /CropBox [10 10 580 830]',
    });
    const bundle = await engine.prepareBundle({ parts: [part(pdfWithPages(['first'])), part(inheriting)] });

    expect((await readText(bundle.pdf))[1]).to.contain('inherited text');
    const page = (await PDF.load(bundle.pdf)).getPage(1);
    expect(page?.rotation).to.equal(90);
    expect(page?.getCropBox()).to.deep.include({ x: 10, y: 10 });
  });

  it('when the first of the merged files is rotated by its tree, expected the second not to be', async () => {
    const turned = pdfWithPages(['turned'], { pages: '/Rotate 90' });
    const bundle = await engine.prepareBundle({ parts: [part(turned), part(pdfWithPages(['upright']))] });
    const pdf = await PDF.load(bundle.pdf);
    const rotations = pdf.getPages().map(({ dict }) => dict.getNumber('Rotate')?.value);
    expect(rotations).to.deep.equal([90, undefined]);
  });

  it('when merged files have forms, expected the fields as plain content', async () => {
    const form = await fromCorpus('filled fields without appearances, one read-only', engine);
    const bundle = await engine.prepareBundle({ parts: [part(pdfWithPages(['first'])), part(form)] });

    const text = (await readText(bundle.pdf))[1]?.replace(/\s+/g, ' ');
    for (const value of ['value A', 'Текст', 'several words', 'more than one line'])
      expect(text).to.contain(value);
    expect(bundle.warnings).to.deep.equal([{ code: 'form_flattened', part: 1 }]);
  });

  for (const name of ['a filled text field with its appearance', 'ticked boxes, a radio button and a list']) {
    it(`when ${name} is to be flattened, expected the same picture without a form`, async () => {
      const form = await fromCorpus(name, engine);
      const bundle = await engine.prepareBundle({ parts: [part(form)], flattenForms: true });

      const pdf = await PDF.load(bundle.pdf);
      expect(pdf.getForm()).to.equal(null);
      expect(pdf.getPage(0)?.getAnnotations()).to.have.length(0);
      expect(bundle.warnings).to.deep.equal([{ code: 'form_flattened', part: 0 }]);
      const list = name.includes('list') ? 'Lithuania' : 'as shown';
      if (name.includes('list'))
        expect((await readText(bundle.pdf))[0])
          .to.contain('Germany')
          .and.not.contain(list);
      else expect((await picture(bundle.pdf)).equals(await picture(form))).to.equal(true);
    });
  }

  it('when flattening is not asked for, expected a single file to keep its form', async () => {
    const form = await fromCorpus('an empty text field', engine);
    const bundle = await engine.prepareBundle({ parts: [part(form)] });
    expect(bundle.sha256).to.equal(sha256(form));
  });

  it('when the cross-reference table is lost, expected a repaired file', async () => {
    const file = Buffer.from(pdfWithPages(['still here']));
    const damaged = Buffer.from(file.toString('latin1').replace(/startxref\n\d+/, 'startxref\n99'), 'latin1');
    const bundle = await engine.prepareBundle({ parts: [part(damaged)] });

    expect(bundle.warnings).to.deep.equal([{ code: 'repaired', part: 0 }]);
    expect((await readText(bundle.pdf))[0]).to.contain('still here');
    expect((await PDF.load(bundle.pdf)).canSaveIncrementally()).to.equal(null);
  });

  it('when the file is linearized, expected one that can be appended to, without a warning', async () => {
    const linearized = await runBuiltInQpdf(new Uint8Array(pdfWithPages(['web view'])), ['--linearize']);
    expect(linearized.ok).to.equal(true);
    const bundle = await engine.prepareBundle({
      parts: [part(linearized.ok ? linearized.bytes : Buffer.alloc(0))],
    });

    expect(bundle.warnings).to.deep.equal([]);
    expect((await PDF.load(bundle.pdf)).canSaveIncrementally()).to.equal(null);
    expect((await readText(bundle.pdf))[0]).to.contain('web view');
  });

  it('when a signed file comes alone, expected it untouched whatever is asked for; in a merge, refused', async () => {
    const { pdf } = await engine.openForSigning(
      anOpenRequest(new Uint8Array(pdfWithPages(['contract {{sign:1}}']))),
    );
    const strip = { id: 'CS-1', verifyUrl: 'https://sign.example.com/v/1', lang: 'en' as const };
    const bundle = await engine.prepareBundle({ parts: [part(pdf)], strip, flattenForms: true });

    expect(bundle.sha256).to.equal(sha256(pdf));
    expect(bundle).to.deep.include({ alreadySigned: true, warnings: [{ code: 'already_signed', part: 0 }] });
    const merged = await refusal([pdfWithPages(['first']), pdf]);
    expect([merged.reason, merged.part]).to.deep.equal(['already_signed_merge', 1]);
  });

  it('when its certification forbids any addition, expected a refusal', async () => {
    const { pdf } = await engine.sealBundle(aSealRequest(new Uint8Array(pdfWithPages(['sealed']))));
    expect((await refusal([pdf])).reason).to.equal('already_signed_locked');
  });

  it('when a signature without certification locks the whole document, expected a refusal', async () => {
    const make = certificateMaker(() => new Date());
    const signer = await make.signer('Somebody', await make.root('Their authority'), {});
    const pdf = await signOddly(signer, { locksDocument: true });
    expect((await refusal([pdf])).reason).to.equal('already_signed_locked');
    const { alreadySigned } = await engine.prepareBundle({ parts: [part(await signOddly(signer))] });
    expect(alreadySigned).to.equal(true);
  });

  it('when the second of three files is at fault, expected it to be named and no further try', async () => {
    const error = await refusal([pdfWithPages(['healthy']), Buffer.from('GIF89a'), Buffer.alloc(0)]);
    expect([error.reason, error.part, error.retryable]).to.deep.equal(['not_pdf', 1, false]);
  });

  it('when no file comes at all, expected the bundle to be named', async () => {
    const error = await refusal([]);
    expect([error.reason, error.part]).to.deep.equal(['empty', -1]);
  });

  it('when the text marks places, expected them found in the bundle and gone from its text', async () => {
    const marked = pdfWithPages(['Signed by {{sign:2}} on {{date:2}}']);
    const bundle = await engine.prepareBundle({ parts: [part(pdfWithPages(['first'])), part(marked)] });

    expect(bundle.anchors.map(({ kind, page, who }) => [kind, page, who.number])).to.deep.equal([
      ['sign', 2, 2],
      ['date', 2, 2],
    ]);
    expect((await readText(bundle.pdf))[1])
      .to.contain('Signed by')
      .and.not.contain('{{');
  });

  it('when it goes to a page or a web address on opening, expected no refusal', async () => {
    const harmless = pdfWithPages(['x'], { catalog: '/OpenAction << /S /URI /URI (https://example.com) >>' });
    expect((await engine.prepareBundle({ parts: [part(harmless)] })).pages).to.equal(1);
  });

  it('when limits are passed, expected the part that passes them to be named', async () => {
    const file = pdfWithPages(['1', '2']);
    const large = await refusal([file, file], { maxBytes: file.length + 1 });
    expect([large.reason, large.part]).to.deep.equal(['too_large', 1]);
    const long = await refusal([file, file], { maxPages: 3 });
    expect([long.reason, long.part]).to.deep.equal(['too_many_pages', 1]);
  });

  it('when objects nest without end, expected an answer all the same', async () => {
    const loop = assemble([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>',
    ]);
    expect((await refusal([loop])).reason).to.be.oneOf(['damaged', 'no_pages', 'too_complex']);
    const deep = pdfWithPages(['deep'], {
      more: [`${'['.repeat(5000)}${']'.repeat(5000)}`],
      catalog: '/X 4 0 R',
    });
    const outcome = await engine.prepareBundle({ parts: [part(deep)] }).then(
      () => 'taken',
      (error: DocumentRefused) => error.reason,
    );
    expect(outcome).to.be.oneOf(['taken', 'damaged', 'too_complex']);
  });

  it('when a reason is given, expected a text for it in both languages', () => {
    for (const reason of refusalReasons) {
      expect(createTranslator('ru')(`pdf.refused.${reason}`)).to.match(/[а-я]/i);
      expect(createTranslator('en')(`pdf.refused.${reason}`)).to.match(/[a-z]/i);
    }
  });

  it('when the built-in qpdf runs several times at once, expected its complaints kept and nobody else silenced', async () => {
    const { log } = console;
    const running = ['not a PDF', 'neither'].map((text) => runBuiltInQpdf(new Uint8Array(Buffer.from(text))));
    expect(console.log, 'while they run').to.equal(log);
    const outcomes = await Promise.all(running);
    expect(console.log, 'afterwards').to.equal(log);
    for (const outcome of outcomes) expect(outcome).to.have.property('detail').that.includes('PDF');
  });
});
