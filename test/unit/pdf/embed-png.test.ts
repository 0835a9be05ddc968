import { crc32, deflateSync } from 'node:zlib';
import { PDF } from '@libpdf/core';
import { expect } from 'chai';
import { createCanvas, canvasToPage } from '../../../app/pdf/drawing/canvas.ts';
import { createFonts } from '../../../app/pdf/drawing/fonts.ts';
import { openRaster } from '../../../app/pdf/raster/open-raster.ts';
import { embedPng } from '../../../app/pdf/sealing/embed-png.ts';
import { drawnSignature } from '../../fixtures/pdf/make-png.ts';

const SIZE = 24;
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A gradient of that colour type, its rows filtered by the five filters in turn (PNG 1.2, 6). */
function gradient(colorType: number, extra: Buffer[] = [], size = SIZE): Uint8Array {
  const pixel = CHANNELS[colorType] ?? 1;
  const stride = SIZE * pixel;
  const sample = (row: number, i: number): number =>
    row < 0 || i < 0 ? 0 : colorType === 3 ? (row + i) % 4 : (row * row * 7 + i * i * 5 + row * i) & 0xff;
  const rows = Buffer.alloc((stride + 1) * SIZE);
  for (let row = 0; row < SIZE; row++) {
    const filter = row % 5;
    rows[row * (stride + 1)] = filter;
    for (let i = 0; i < stride; i++) {
      const [left, up, corner] = [sample(row, i - pixel), sample(row - 1, i), sample(row - 1, i - pixel)];
      const estimate = left + up - corner;
      const near = [left, up, corner].map((value) => Math.abs(estimate - value)) as [number, number, number];
      const paeth = near[0] <= near[1] && near[0] <= near[2] ? left : near[1] <= near[2] ? up : corner;
      const guess = [0, left, up, (left + up) >> 1, paeth][filter] ?? 0;
      rows[row * (stride + 1) + 1 + i] = (sample(row, i) - guess) & 0xff;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, colorType, 0, 0, 0], 8);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', header),
      ...extra,
      chunk('IDAT', deflateSync(rows)),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  );
}

/** The picture on a coloured ground, as PDFium sees it. */
async function seen(png: Uint8Array, embed: typeof embedPng): Promise<Buffer> {
  const pdf = PDF.create();
  const canvas = createCanvas(createFonts(pdf), 48, 48);
  canvas.rectangle({ x: 0, y: 0, width: 48, height: 48 }, { fill: [0.9, 0.5, 0.2] });
  canvas.image(embed(pdf, png), { x: 0, y: 0, width: 48, height: 48 });
  canvasToPage(pdf, canvas);
  const raster = await openRaster(await pdf.save());
  try {
    return Buffer.from((await raster.render(0, 1)).pixels);
  } finally {
    raster.close();
  }
}
const asLibpdfDoes: typeof embedPng = (pdf, png) => pdf.embedPng(png);

describe('embedPng', () => {
  const palette = chunk('PLTE', Buffer.from([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]));
  const transparent = chunk('tRNS', Buffer.from([0, 40, 0, 80, 0, 120]));
  const pictures: [what: string, png: Uint8Array][] = [
    ['gray', gradient(0)],
    ['in colour', gradient(2)],
    ['gray with transparency', gradient(4)],
    ['in colour with transparency', gradient(6)],
    ['of a palette', gradient(3, [palette])],
    ['in colour with one transparent colour', gradient(2, [transparent])],
    ['a drawn signature', drawnSignature()],
  ];
  for (const [what, png] of pictures) {
    it(`when a picture is ${what}, expected it to look as libpdf shows it`, async () => {
      const picture = await seen(png, embedPng);
      expect(picture.equals(await seen(png, asLibpdfDoes))).to.equal(true);
      expect(new Set(picture).size, 'something is to be seen').to.be.greaterThan(4);
    });
  }

  it('when it claims to be far larger than it is, expected a failure at once', () => {
    expect(() => embedPng(PDF.create(), gradient(6, [], 60_000))).to.throw('too large');
    expect(() => embedPng(PDF.create(), gradient(6, [], 5_000))).to.throw();
  });

  it('when it is no PNG, expected a failure', () => {
    expect(() => embedPng(PDF.create(), new TextEncoder().encode('not a picture'))).to.throw();
  });
});
