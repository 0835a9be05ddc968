import { expect } from 'chai';
import { PDF, PdfArray, PdfNumber } from '@libpdf/core';
import { parseSignaturePositions } from '../../../app/domain/signature-positions.ts';
import { PdfEngineFailure } from '../../../app/ports/pdf-engine.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';
import {
  anOpenRequest,
  aSealRequest,
  aSigner,
  sharedEngine,
  tsaAsked,
  tsaCertificate,
  tsaTime,
} from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

const at = new Date('2026-11-22T12:00:00Z');
const contract = (...texts: string[]): Uint8Array => new Uint8Array(pdfWithPages(texts));
const positions = (text: string) => {
  const parsed = parseSignaturePositions(text);
  expect(parsed.errors).to.deep.equal([]);
  return parsed.positions;
};

describe('sealBundle', function () {
  this.timeout(60_000);
  let engine: TestEngine;
  before(async () => (engine = await sharedEngine()));

  it('when nobody has a place, expected a signature page with everyone as text, and one valid seal', async () => {
    const input = contract('page one', 'page two');
    const sealed = await engine.sealBundle(aSealRequest(input));

    expect(sealed).to.deep.include({ pages: 3, signaturePage: 3, level: 'B-B', warnings: [] });
    expect(Buffer.from(sealed.pdf).subarray(0, input.length).equals(input)).to.equal(true);
    const text = (await readText(sealed.pdf))[2] ?? '';
    for (const expected of [
      'Лист подписей',
      'Договор № 77',
      'sgn_test_1',
      'Иванов Пётр Ильич',
      'Ąžuolas Šimkutė',
      'UAB „Žaibas“',
      '22.11.2026 12:14:05 UTC+03:00',
      'код из письма на i***v@example.ru',
      'Šimkutė',
    ]) {
      expect(text).to.contain(expected);
    }
    const checked = await engine.verify({ pdf: sealed.pdf, at });
    expect(checked.verdict).to.equal('unchanged');
    expect(checked.signatures[0]).to.deep.include({
      integrity: 'valid',
      trust: 'ours',
      level: 'B-B',
      certification: 1,
      covers: 'whole_file',
      reason: 'Подпись (договор)',
      location: 'Москва',
      contact: 'seal@example.com',
      problems: [],
    });
    expect(checked.signatures[0]?.claimedTime?.toISOString()).to.equal('2026-11-22T10:13:00.000Z');
  });

  it('when names are Greek, Kazakh, Belarusian or Polish, expected them to be extractable', async () => {
    const names = ['Νικόλαος Παπαδόπουλος', 'Әлия Қожахметова', 'Дзмітрый Ўласаў', 'Łukasz Żółć'];
    const signers = names.map((name, index) =>
      aSigner({ id: name, step: index + 1, name, stampPng: undefined }),
    );
    const { pdf } = await engine.sealBundle(aSealRequest(contract('x'), { signers }));

    const text = (await readText(pdf))[1] ?? '';
    for (const name of names) expect(text).to.contain(name);
  });

  it('when a name tries to reorder its line, expected the direction marks to be gone', async () => {
    const signers = [aSigner({ name: 'Good \u202Elive\u202C name' })];
    const { pdf } = await engine.sealBundle(aSealRequest(contract('x'), { signers }));
    expect((await readText(pdf))[1]).to.contain('Good live name');
  });

  it('when everyone has a place, expected no page to be added and the texts on their pages', async () => {
    const sealed = await engine.sealBundle(
      aSealRequest(contract('page one', 'page two'), {
        positions: positions(`
          signer 1 sign page=1 x=10% y=70% w=30% h=8%
          signer 1 stamp page=1 x=300 y=500
          signer 1 date page=1 x=10% y=80%
          signer 2 sign page=-1 x=100 y=600
          signer 2 name page=-1 x=100 y=660
          step 2 initials page=every x=90% y=95% w=8% h=3%
          signer 1 purpose page=1 x=10% y=85%`),
      }),
    );
    expect(sealed).to.deep.include({ pages: 2, signaturePage: 0, warnings: [] });
    const [one = '', two = ''] = await readText(sealed.pdf);
    expect(one).to.contain('page one').and.contain('22.11.2026').and.contain('Ą. Š.').and.contain('Подпись');
    expect(two)
      .to.contain('page two')
      .and.contain('Šimkutė')
      .and.contain('Ąžuolas Šimkutė')
      .and.contain('Ą. Š.');
    expect((await engine.verify({ pdf: sealed.pdf, at })).verdict).to.equal('unchanged');
  });

  it('when a place lies outside, expected the mark on the signature page and a warning', async () => {
    const sealed = await engine.sealBundle(
      aSealRequest(contract('x'), {
        positions: positions('signer 1 sign page=9 x=1 y=1; signer 2 sign page=1 x=590 y=1'),
      }),
    );
    expect(sealed).to.deep.include({ pages: 2, signaturePage: 2 });
    expect(sealed.warnings).to.deep.equal(['position_outside']);
  });

  it('when a page inherits its resources, expected its own text to stay beside the mark', async () => {
    const inheriting = new Uint8Array(
      pdfWithPages(['inherited text', 'second'], { pages: '/Resources << /Font << /F1 3 0 R >> >>' }),
    );
    const { pdf } = await engine.sealBundle(
      aSealRequest(inheriting, {
        positions: positions('signer 1 sign page=1 x=1 y=1;signer 2 sign page=1 x=1 y=90'),
      }),
    );
    const [one, two] = await readText(pdf);
    expect(one).to.contain('inherited text').and.contain('Šimkutė');
    expect(two).to.contain('second');
  });

  it('when the page tree is rotated and cropped, expected an upright signature page of its own size', async () => {
    const odd = new Uint8Array(pdfWithPages(['odd'], { pages: '/Rotate 90 /CropBox [50 50 300 300]' }));
    const { pdf } = await engine.sealBundle(aSealRequest(odd));
    const page = (await PDF.load(pdf)).getPage(1);
    expect(page?.rotation).to.equal(0);
    expect(Math.round(page?.getCropBox().width ?? 0)).to.equal(595);
  });

  for (const rotation of [0, 90, 180, 270]) {
    it(`when a page is turned by ${rotation}°, expected the mark where the reader sees the place`, async () => {
      const turned = new Uint8Array(
        pdfWithPages(['turned'], { page: `/Rotate ${rotation} /CropBox [20 40 420 640]` }),
      );
      const request = aSealRequest(turned, {
        signers: [aSigner({ mark: { kind: 'typed', text: 'Mark' }, stampPng: undefined })],
        positions: positions('signer 1 sign page=1 x=0 y=0 w=25% h=10%'),
      });
      const { pdf } = await engine.sealBundle(request);
      const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
      const task = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
      const page = await (await task.promise).getPage(1);
      const viewport = page.getViewport({ scale: 1 });
      const items = (await page.getTextContent()).items.flatMap((item) => ('str' in item ? [item] : []));
      const mark = items.find(({ str }) => str === 'Mark');
      const [x, y] = viewport.convertToViewportPoint(mark?.transform[4], mark?.transform[5]);
      await task.destroy();
      expect(x).to.be.within(0, viewport.width * 0.25);
      expect(y).to.be.within(0, viewport.height * 0.1);
    });
  }

  it('when there are 45 signers, expected all of them on several pages', async () => {
    const signers = Array.from({ length: 45 }, (_, index) =>
      aSigner({ id: `s${index}`, step: index + 1, name: `Подписант Номер${index + 1}Конец` }),
    );
    const sealed = await engine.sealBundle(aSealRequest(contract('x'), { signers }));
    const text = (await readText(sealed.pdf)).join('\n');

    expect(sealed.pages).to.be.within(6, 12);
    for (let number = 1; number <= 45; number++) expect(text).to.contain(`Номер${number}Конец`);
    expect((await engine.verify({ pdf: sealed.pdf, at })).verdict).to.equal('unchanged');
  });

  it('when the file is signed already, expected both signatures to hold and no page to be added', async () => {
    const first = await engine.openForSigning(anOpenRequest(contract('contract')));
    const second = await engine.sealBundle(aSealRequest(first.pdf));

    expect(second.pages).to.equal(first.pages);
    expect(Buffer.from(second.pdf).subarray(0, first.pdf.length).equals(first.pdf)).to.equal(true);
    const { verdict, signatures } = await engine.verify({ pdf: second.pdf, at });
    expect(verdict).to.equal('unchanged');
    expect(signatures.map(({ field, integrity, covers }) => [field, integrity, covers])).to.deep.equal([
      ['Countersign-sgn_test_1-certification', 'valid', 'earlier_revision'],
      ['Countersign', 'valid', 'whole_file'],
    ]);
    const codes = signatures[0]?.changesAfter.map(({ code, permitted }) => [code, permitted]);
    expect(codes).to.deep.include(['visible_signature', true]);
    expect(codes?.every(([, permitted]) => permitted)).to.equal(true);
    expect(signatures[1]?.certification).to.equal(undefined);
    const page = (await PDF.load(second.pdf)).getPage(second.pages - 1);
    const annotations = page?.dict.get('Annots');
    expect(annotations instanceof PdfArray && annotations.length).to.be.greaterThan(1);
  });

  it('when fonts are embedded, expected subsets and a small file', async () => {
    const { pdf } = await engine.sealBundle(aSealRequest(contract('x')));
    const names = Buffer.from(pdf)
      .toString('latin1')
      .match(/\/BaseFont \/[A-Z]{6}\+DejaVu[\w-]+/g);
    expect(names).to.have.length.greaterThan(2);
    expect(pdf.length).to.be.below(120_000);
  });

  it('when a file cannot be appended to, expected a failure instead of a rewritten file', async () => {
    const damaged = Buffer.from(contract('x'))
      .toString('latin1')
      .replace(/startxref\n\d+/, 'startxref\n9');
    const failure = await engine
      .sealBundle(aSealRequest(new Uint8Array(Buffer.from(damaged, 'latin1'))))
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(PdfEngineFailure);
    expect((failure as PdfEngineFailure).message).to.contain('no revision can be appended');
  });

  it('when a page has a size of its own unit, expected lengths in points', async () => {
    const unit = new Uint8Array(pdfWithPages(['x'], { page: '/UserUnit 2' }));
    const request = aSealRequest(unit, {
      signers: [aSigner({ stampPng: undefined })],
      positions: positions('signer 1 sign page=1 x=790 y=1184 w=400 h=500'),
    });
    const sealed = await engine.sealBundle(request);
    expect(sealed.warnings).to.deep.equal([]);
    const box = (await PDF.load(sealed.pdf)).getPage(0)?.dict.getArray('MediaBox')?.at(2);
    expect(box instanceof PdfNumber && box.value).to.equal(595);
  });

  describe('with a time-stamp', () => {
    it('when a server answers, expected level B-T with its time, trusted by its anchor', async () => {
      const sealed = await engine.sealBundle(
        aSealRequest(contract('x'), { timestamps: { urls: ['http://tsa'], whenDown: 'fail' } }),
      );
      expect(sealed.level).to.equal('B-T');
      expect(sealed.timestampAt).to.deep.equal(tsaTime);

      const anchored = await engine.verify({ pdf: sealed.pdf, at, anchors: [await tsaCertificate()] });
      expect(anchored.signatures[0]).to.deep.include({ level: 'B-T', integrity: 'valid' });
      expect(anchored.signatures[0]?.timestamp).to.deep.equal({
        time: tsaTime,
        valid: true,
        authority: 'Test time-stamp authority',
        trust: 'anchored',
      });
      const unknown = await engine.verify({ pdf: sealed.pdf, at });
      expect(unknown.signatures[0]?.timestamp?.trust).to.equal('unknown');
    });

    it('when servers are down, forge or refuse, expected the next one to be asked', async () => {
      tsaAsked.length = 0;
      const urls = [
        'down',
        'bad-nonce',
        'bad-imprint',
        'bad-status',
        'bad-signature',
        'bad-noise',
        'tsa',
      ].map((host) => `http://${host}/`);
      const sealed = await engine.sealBundle(
        aSealRequest(contract('x'), { timestamps: { urls, whenDown: 'fail' } }),
      );
      expect(sealed.level).to.equal('B-T');
      expect(tsaAsked).to.deep.equal(urls);
    });

    it('when none answers, expected a retryable failure, or by choice a seal without', async () => {
      const urls = ['http://down', 'http://bad-nonce'];
      const request = aSealRequest(contract('x'), { timestamps: { urls, whenDown: 'fail' } });
      const failure = await engine.sealBundle(request).catch((error: unknown) => error);
      expect(failure)
        .to.be.instanceOf(PdfEngineFailure)
        .and.include({ code: 'timestamp_unavailable', retryable: true });

      const sealed = await engine.sealBundle({ ...request, timestamps: { urls, whenDown: 'go_on' } });
      expect(sealed).to.deep.include({
        level: 'B-B',
        warnings: ['timestamp_missing'],
        timestampAt: undefined,
      });
    });
  });
});
