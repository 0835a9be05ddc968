import { expect } from 'chai';
import { PDF, PdfArray } from '@libpdf/core';
import QRCode from 'qrcode';
import { visiblePage } from '../../../app/pdf/drawing/page-geometry.ts';
import type { VisiblePage } from '../../../app/pdf/drawing/page-geometry.ts';
import type { Box } from '../../../app/pdf/drawing/canvas.ts';
import { numberOf } from '../../../app/pdf/drawing/pdf-objects.ts';
import { openRaster } from '../../../app/pdf/raster/open-raster.ts';
import type { PageImage } from '../../../app/pdf/raster/open-raster.ts';
import { findFreePlace } from '../../../app/pdf/strip/find-free-place.ts';
import { lookAtPages } from '../../../app/pdf/strip/look-at-pages.ts';
import type { PageStrip } from '../../../app/ports/pdf-engine.ts';
import { pdfWithPages, stream } from '../../fixtures/pdf/build-pdf.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';
import { sharedEngine } from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

const strip: PageStrip = {
  id: 'CS-2026-7',
  verifyUrl: 'https://sign.example.com/verify/k3JxQ9pT2vLm',
  lang: 'ru',
};
const POINTS_PER_MM = 72 / 25.4;

/** Lines from edge to edge, on paper larger than what is cropped out of it. */
const lines = (from: number, to: number): Buffer =>
  stream(
    Array.from(
      { length: Math.ceil((to - from) / 12) },
      (_, index) => `BT /F1 8 Tf 3 ${from + index * 12} Td (line ${index} ${'word '.repeat(38)}) Tj ET`,
    ).join('\n'),
  );
const pageOf = (content: Buffer, page = ''): Uint8Array =>
  new Uint8Array(
    pdfWithPages(['x'], {
      pages: '/Resources << /Font << /F1 3 0 R >> >>',
      more: [content],
      page: `${page} /Contents 4 0 R`,
    }),
  );

/** The strip's box as its link says it, points from the visible bottom left. */
function stripBox(pdf: PDF, index: number): { view: VisiblePage; box: Box } {
  const page = pdf.getPage(index);
  if (!page) throw new Error('no such page');
  const view = visiblePage(pdf, page.dict);
  const link = page.getLinkAnnotations().at(-1)?.dict.get('Rect');
  if (!(link instanceof PdfArray)) throw new Error('no link on the page');
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = link.toArray().map((value) => numberOf(pdf, value) ?? 0);
  const { crop, rotation, unit } = view;
  const [right, top] = [crop.x + crop.width, crop.y + crop.height];
  const [x, y, width, height] = (
    {
      0: [x1 - crop.x, y1 - crop.y, x2 - x1, y2 - y1],
      90: [y1 - crop.y, right - x2, y2 - y1, x2 - x1],
      180: [right - x2, top - y2, x2 - x1, y2 - y1],
      270: [top - y2, x1 - crop.x, y2 - y1, x2 - x1],
    } as const
  )[rotation].map((value) => value * unit) as [number, number, number, number];
  return { view, box: { x, y, width, height } };
}

async function picture(pdf: Uint8Array, index: number, scale: number): Promise<PageImage> {
  const raster = await openRaster(pdf);
  try {
    return await raster.render(index, scale);
  } finally {
    raster.close();
  }
}

const brightness = ({ width, pixels }: PageImage, x: number, y: number): number =>
  pixels[(Math.floor(y) * width + Math.floor(x)) * 4] ?? -1;

/** The modules of the QR code at the left end of the strip, as they are seen. */
async function seenModules(pdf: Uint8Array, index: number, modules: number): Promise<boolean[]> {
  const { view, box } = stripBox(await PDF.load(pdf), index);
  const image = await picture(pdf, index, 4 * view.unit);
  const [across, down] = [image.width / view.width, image.height / view.height];
  const module = box.height / (modules + 8);
  const seen: boolean[] = [];
  for (let row = 0; row < modules; row++) {
    for (let column = 0; column < modules; column++) {
      const x = (box.x + (column + 4.5) * module) * across;
      const y = (view.height - box.y - box.height + (row + 4.5) * module) * down;
      seen.push(brightness(image, x, y) < 128);
    }
  }
  return seen;
}

describe('the page strip', function () {
  this.timeout(60_000);
  let engine: TestEngine;
  before(async () => (engine = await sharedEngine()));
  const withStrip = async (...files: Uint8Array[]): Promise<Uint8Array> =>
    (await engine.prepareBundle({ parts: files.map((bytes) => ({ name: 'a.pdf', bytes })), strip })).pdf;

  const expected = QRCode.create(strip.verifyUrl, { errorCorrectionLevel: 'M' }).modules;
  const shapes = [
    '',
    '/CropBox [100 200 500 700]',
    '/UserUnit 2 /CropBox [100 200 500 700] /TrimBox [110 210 490 690]',
  ];
  for (const rotation of [0, 90, 180, 270]) {
    for (const shape of shapes) {
      const entries = `/Rotate ${rotation} ${shape}`;
      it(`when a page full of text has ${entries.trim()}, expected paper for it at the foot, and nothing covered`, async () => {
        const file = pageOf(lines(2, 838), entries);
        const result = await withStrip(file);
        const { view, box } = stripBox(await PDF.load(result), 0);
        const before = await PDF.load(file);
        const was = visiblePage(before, before.getPage(0)!.dict);

        expect(view.width).to.be.closeTo(was.width, 0.01);
        expect(view.height).to.be.closeTo(was.height + 48, 0.01);
        expect(box.y + box.height).to.be.at.most(48);
        const [old, now] = [await picture(file, 0, 1), await picture(result, 0, 1)];
        expect(now.width).to.equal(old.width);
        const kept = old.width * (old.height - 1) * 4; // the last row is shared with the new paper
        expect(Buffer.from(now.pixels.subarray(0, kept)).equals(old.pixels.subarray(0, kept))).to.equal(true);
        expect(await seenModules(result, 0, expected.size)).to.deep.equal([...expected.data].map(Boolean));
      });
    }
  }

  it('when the foot is free, expected the same page with the strip in its corner', async () => {
    const file = pageOf(lines(100, 838));
    const result = await withStrip(file);
    const { view, box } = stripBox(await PDF.load(result), 0);

    expect([view.width, view.height]).to.deep.equal([595, 842]);
    expect(box.x + box.width).to.be.closeTo(595 - 14, 0.01);
    expect(box.y).to.be.closeTo(14, 0.01);
    const rows = 595 * (842 - 70) * 4;
    const [old, now] = [await picture(file, 0, 1), await picture(result, 0, 1)];
    expect(Buffer.from(now.pixels.subarray(0, rows)).equals(old.pixels.subarray(0, rows))).to.equal(true);
    const text = (await readText(result))[0]?.replace(/\s+/g, ' ');
    expect(text).to.contain('Подписание CS-2026-7').and.to.contain('Страница 1 из 1');
  });

  it('when only the head is free, expected it at the head', async () => {
    const { view, box } = stripBox(await PDF.load(await withStrip(pageOf(lines(2, 760)))), 0);
    expect(view.height).to.equal(842);
    expect(box.y).to.be.above(780);
  });

  it('when a number stands in a corner, expected the strip in the other', async () => {
    const file = pageOf(stream('BT /F1 9 Tf 540 30 Td (17) Tj ET'));
    expect(stripBox(await PDF.load(await withStrip(file)), 0).box.x).to.be.closeTo(14, 0.01);
  });

  it('when a place for a mark is in the corner, expected the strip elsewhere', async () => {
    const file = pageOf(stream('BT /F1 9 Tf 430 30 Td ({{sign:1}}) Tj ET'));
    const bundle = await engine.prepareBundle({ parts: [{ name: 'a.pdf', bytes: file }], strip });

    expect(bundle.anchors).to.have.length(1);
    expect(stripBox(await PDF.load(bundle.pdf), 0).box.x).to.be.closeTo(14, 0.01);
  });

  it('when printed at 100 %, expected a code of at least 12 mm with its quiet zone', async () => {
    const { box } = stripBox(await PDF.load(await withStrip(pageOf(lines(100, 838), '/UserUnit 3'))), 0);
    expect(box.height / POINTS_PER_MM).to.be.at.least(12);
  });

  it('when content ends moved and scaled, expected the strip at its place all the same', async () => {
    const file = pageOf(
      stream('Q 0.5 0 0 0.5 50 50 cm q 3 0 0 3 200 300 cm q BT /F1 12 Tf 10 20 Td (open) Tj ET'),
    );
    const seen = await seenModules(await withStrip(file), 0, expected.size);
    expect(seen).to.deep.equal([...expected.data].map(Boolean));
  });

  it('when a page has an image that nobody should decode, expected paper for the strip', async () => {
    const huge =
      '/Type /XObject /Subtype /Image /Width 40000 /Height 40000 /ColorSpace /DeviceGray /BitsPerComponent 8';
    const file = pdfWithPages(['x'], {
      pages: '/Resources << /Font << /F1 3 0 R >> /XObject << /Im 4 0 R >> >>',
      more: [stream('0', huge)],
    });
    expect(stripBox(await PDF.load(await withStrip(new Uint8Array(file))), 0).view.height).to.equal(890);
  });

  it('when there are many pages, expected each its number, one font and one code for all', async () => {
    const texts = Array.from({ length: 60 }, (_, index) => `page ${index}`);
    const result = await withStrip(new Uint8Array(pdfWithPages(texts)));

    const pages = await readText(result);
    for (const [index, text] of pages.entries()) {
      expect(text.replace(/\s+/g, ' ')).to.contain(`Страница ${index + 1} из 60`);
    }
    expect(
      Buffer.from(result)
        .toString('latin1')
        .match(/\/FontFile2/g),
    ).to.have.length(1);
    const without = (
      await engine.prepareBundle({ parts: [{ name: 'a', bytes: new Uint8Array(pdfWithPages(texts)) }] })
    ).pdf;
    expect((result.length - without.length) / 60).to.be.below(1_500);
  });

  describe('its place', () => {
    const page = { width: 200, height: 200 };
    const size = { width: 100, height: 40 };
    const image = (paint: (x: number, y: number) => number): PageImage => ({
      width: 200,
      height: 200,
      pixels: Uint8Array.from({ length: 200 * 200 * 4 }, (_, at) =>
        paint(Math.floor(at / 4) % 200, Math.floor(at / 800)),
      ),
    });

    it('when the page is of one colour, expected that to count as free', () => {
      expect(
        findFreePlace(
          image(() => 90),
          page,
          size,
          [],
        ),
      ).to.deep.include({ x: 86, y: 14 });
    });

    it('when a faint hairline crosses the foot, expected the head', () => {
      const lined = image((_, y) => (y === 170 ? 240 : 255));
      expect(findFreePlace(lined, page, size, [])).to.deep.include({ x: 86, y: 146 });
    });

    it('when no place is free, or the page is too small, expected none', () => {
      expect(
        findFreePlace(
          image((x, y) => (x + y) % 256),
          page,
          size,
          [],
        ),
      ).to.equal(undefined);
      expect(
        findFreePlace(
          image(() => 255),
          { width: 110, height: 50 },
          size,
          [],
        ),
      ).to.equal(undefined);
    });

    it('when looking takes too long, expected the rest of the pages not to be looked at', async () => {
      const file = new Uint8Array(pdfWithPages(['one', 'two']));
      const pdf = await PDF.load(file);
      let now = 0;
      const look = await lookAtPages(file, pdf, () => now);
      const dict = pdf.getPage(0)!.dict;
      expect(await look.at(0, dict)).to.include({ height: 421 });
      now = 60_000;
      expect(await look.at(1, dict)).to.equal(undefined);
      look.close();
    });
  });
});
