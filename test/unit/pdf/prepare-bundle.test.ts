import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import { PDF } from '@libpdf/core';
import { createTranslator } from '../../../app/i18n/translator.ts';
import { runBuiltInQpdf } from '../../../app/pdf/intake/run-qpdf.ts';
import { DocumentRefused, refusalReasons } from '../../../app/ports/pdf-engine.ts';
import type { RefusalReason } from '../../../app/ports/pdf-engine.ts';
import { assemble, pdfWithPages, stream } from '../../fixtures/pdf/build-pdf.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';
import { aSealRequest, sharedEngine } from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

const part = (bytes: Uint8Array, name = 'a.pdf') => ({ name, bytes: new Uint8Array(bytes) });
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function encrypted(userPassword: string): Promise<Uint8Array> {
  const pdf = await PDF.load(new Uint8Array(pdfWithPages(['secret'])));
  pdf.setProtection({ userPassword, ownerPassword: 'owner' });
  return pdf.save();
}

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
    expect(bundle).to.deep.include({ pages: 2, sha256: sha256(file), alreadySigned: false, warnings: [] });
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
    expect(rotations).to.deep.equal([undefined, 0]);
  });

  it('when merged files have forms, expected the fields as plain content', async () => {
    const form = pdfWithPages(['with form'], {
      catalog: '/AcroForm << /Fields [4 0 R] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 3 0 R >> >> >>',
      more: [
        '<< /Type /Annot /Subtype /Widget /FT /Tx /T (field) /V <FEFF041F044004380432043504420020006600690065006C0064> /DA (/F1 12 Tf 0 g) ' +
          '/Rect [72 600 300 620] /F 4 /P 5 0 R >>',
      ],
      page: '/Annots [4 0 R]',
    });
    const bundle = await engine.prepareBundle({ parts: [part(pdfWithPages(['first'])), part(form)] });

    expect((await readText(bundle.pdf))[1]).to.contain('Привет field');
    expect(bundle.warnings).to.deep.include({ code: 'form_flattened', part: 1 });
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

  it('when a signed file comes alone, expected it untouched; in a merge, refused', async () => {
    const request = aSealRequest(new Uint8Array(pdfWithPages(['contract'])), { certification: 2 });
    const { pdf } = await engine.sealBundle(request);
    const bundle = await engine.prepareBundle({ parts: [part(pdf)] });

    expect(bundle.sha256).to.equal(sha256(pdf));
    expect(bundle.alreadySigned).to.equal(true);
    const merged = await refusal([pdfWithPages(['first']), pdf]);
    expect([merged.reason, merged.part]).to.deep.equal(['already_signed_merge', 1]);
  });

  it('when its certification forbids any addition, expected a refusal', async () => {
    const { pdf } = await engine.sealBundle(aSealRequest(new Uint8Array(pdfWithPages(['sealed']))));
    expect((await refusal([pdf])).reason).to.equal('already_signed_locked');
  });

  const action = (body: string) => pdfWithPages(['x'], { catalog: `/OpenAction << ${body} >>` });
  const cases: [what: string, bytes: () => Uint8Array | Promise<Uint8Array>, reason: RefusalReason][] = [
    ['an empty file', () => Buffer.alloc(0), 'empty'],
    ['a picture', () => Buffer.from('\x89PNG\r\n\x1a\n and more'), 'not_pdf'],
    ['only a PDF header', () => Buffer.from('%PDF-1.7\n%%EOF\n'), 'damaged'],
    [
      'noise after a header',
      () => Buffer.from(`%PDF-1.4\n${'\x00\xff<<>>'.repeat(500)}`, 'latin1'),
      'damaged',
    ],
    ['a user password', () => encrypted('user'), 'password_required'],
    ['an owner password alone', () => encrypted(''), 'password_required'],
    [
      'no pages',
      () => assemble(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>']),
      'no_pages',
    ],
    ['a script on opening', () => action('/S /JavaScript /JS (app.alert\\(1\\))'), 'active_content'],
    ['a program to start', () => action('/S /Launch /F (cmd.exe)'), 'active_content'],
    [
      'a script in the name tree',
      () =>
        pdfWithPages(['x'], {
          catalog: '/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >>',
        }),
      'active_content',
    ],
    [
      'a script on an annotation',
      () =>
        pdfWithPages(['x'], {
          page: '/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (http://x) /Next << /S /JavaScript /JS (1) >> >> >>]',
        }),
      'active_content',
    ],
    [
      'an XFA form',
      () =>
        pdfWithPages(['x'], {
          catalog: '/NeedsRendering true /AcroForm << /Fields [] /XFA 4 0 R >>',
          more: [stream('<xdp/>')],
        }),
      'dynamic_xfa',
    ],
  ];
  for (const [what, make, reason] of cases) {
    it(`when the file is ${what}, expected ${reason}`, async () => {
      const error = await refusal([pdfWithPages(['healthy']), await make()]);
      expect([error.reason, error.part, error.retryable]).to.deep.equal([reason, 1, false]);
    });
  }

  it('when it goes to a page or a web address on opening, expected no refusal', async () => {
    const harmless = pdfWithPages(['x'], { catalog: '/OpenAction << /S /URI /URI (https://example.com) >>' });
    expect((await engine.prepareBundle({ parts: [part(harmless)] })).pages).to.equal(1);
  });

  it('when layers are hidden, expected a warning alone and a refusal in a merge', async () => {
    const layers = pdfWithPages(['x'], {
      catalog: '/OCProperties << /OCGs [4 0 R] /D << /OFF [4 0 R] >> >>',
      more: ['<< /Type /OCG /Name (hidden) >>'],
    });
    const alone = await engine.prepareBundle({ parts: [part(layers)] });
    expect(alone.warnings).to.deep.equal([{ code: 'hidden_layers', part: 0 }]);
    expect((await refusal([layers, pdfWithPages(['y'])])).reason).to.equal('hidden_layers');
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

  it('when a stream inflates to a gigabyte, expected it not to be inflated', async () => {
    const bomb = pdfWithPages(['bomb'], {
      more: [stream(deflateSync(Buffer.alloc(200 << 20)), '/Filter /FlateDecode')],
      page: '/Metadata 4 0 R',
    });
    const started = performance.now();
    expect((await engine.prepareBundle({ parts: [part(bomb)] })).pages).to.equal(1);
    expect(performance.now() - started).to.be.below(15_000);
  });

  it('when a reason is given, expected a text for it in both languages', () => {
    for (const reason of refusalReasons) {
      expect(createTranslator('ru')(`pdf.refused.${reason}`)).to.match(/[а-я]/i);
      expect(createTranslator('en')(`pdf.refused.${reason}`)).to.match(/[a-z]/i);
    }
  });
});
