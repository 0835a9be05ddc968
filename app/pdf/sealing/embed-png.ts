import { deflateSync, inflateSync } from 'node:zlib';
import { PDFImage, PdfDict, PdfStream } from '@libpdf/core';
import type { PDF, PdfRef } from '@libpdf/core';
import { name, number } from '../drawing/pdf-objects.ts';

/** Of a picture with 8 bits a channel: samples a pixel by colour type, and which of them is the opacity. */
const CHANNELS: Partial<Record<number, { count: number; alpha: boolean }>> = {
  0: { count: 1, alpha: false },
  2: { count: 3, alpha: false },
  4: { count: 2, alpha: true },
  6: { count: 4, alpha: true },
};
const HEADER_END = 8 + 25;
/** A stamp scanned at 600 dpi has 6 million; a file of a few KB can claim billions. */
const MOST_PIXELS = 40_000_000;

interface Pixels {
  width: number;
  height: number;
  color: Uint8Array;
  gray: boolean;
  /** Absent: opaque. */
  alpha?: Uint8Array;
}

/** The compressed data of all IDAT chunks (PNG 1.2, 4.1.3); undefined when a chunk gives colours another meaning. */
function imageData(file: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = HEADER_END; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    if (type === 'tRNS' || at + 12 + length > file.length) return undefined;
    if (type === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + length));
    if (type === 'IEND') break;
    at += 12 + length;
  }
  return Buffer.concat(parts);
}

/** Undoes the filter of every row in place (PNG 1.2, 6); false for a filter that does not exist. */
function unfilter(rows: Uint8Array, height: number, stride: number, pixel: number): boolean {
  for (let row = 0; row < height; row++) {
    const start = row * (stride + 1) + 1;
    const filter = rows[start - 1];
    if (filter === undefined || filter > 4) return false;
    for (let i = 0; filter !== 0 && i < stride; i++) {
      const left = i >= pixel ? (rows[start + i - pixel] ?? 0) : 0;
      const up = row > 0 ? (rows[start + i - stride - 1] ?? 0) : 0;
      const corner = row > 0 && i >= pixel ? (rows[start + i - stride - 1 - pixel] ?? 0) : 0;
      const guess =
        filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
      rows[start + i] = (rows[start + i] ?? 0) + guess;
    }
  }
  return true;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** Reads the kinds of PNG that canvases and image programs write; undefined for the rarer ones. */
function readPixels(png: Uint8Array): Pixels | undefined {
  const file = Buffer.from(png.buffer, png.byteOffset, png.length);
  if (file.length < HEADER_END || file.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  if (width * height > MOST_PIXELS) throw new Error(`an image of ${width} × ${height} pixels is too large`);
  const [depth, type = -1, , , interlaced] = file.subarray(24, 29);
  const channels = CHANNELS[type];
  if (depth !== 8 || interlaced !== 0 || !channels || width === 0 || height === 0) return undefined;
  const stride = width * channels.count;
  const size = height * (stride + 1);
  const data = imageData(file);
  if (!data) return undefined;
  const rows = inflateSync(data, { maxOutputLength: size });
  if (rows.length !== size || !unfilter(rows, height, stride, channels.count)) return undefined;

  const colors = channels.count - (channels.alpha ? 1 : 0);
  const color = new Uint8Array(width * height * colors);
  const alpha = channels.alpha ? new Uint8Array(width * height) : undefined;
  let [to, toAlpha] = [0, 0];
  for (let row = 0; row < height; row++) {
    let from = row * (stride + 1) + 1;
    for (let x = 0; x < width; x++) {
      for (let i = 0; i < colors; i++) color[to++] = rows[from++] ?? 0;
      if (alpha) alpha[toAlpha++] = rows[from++] ?? 0;
    }
  }
  return { width, height, color, gray: colors === 1, alpha };
}

/**
 * Puts a PNG into `pdf`, its transparency as a soft mask. libpdf does it in JavaScript alone, which takes longer than all
 * the rest of a signature; here zlib does the work.
 * @throws Error when it is no PNG, or one of more than 40 million pixels
 */
export function embedPng(pdf: PDF, png: Uint8Array): PDFImage {
  const pixels = readPixels(png);
  if (!pixels) return pdf.embedPng(png);
  const { width, height, color, gray, alpha } = pixels;
  const image = (samples: Uint8Array, space: string, mask?: PdfRef): PdfRef => {
    const dict = PdfDict.of({
      Type: name('XObject'),
      Subtype: name('Image'),
      Width: number(width),
      Height: number(height),
      ColorSpace: name(space),
      BitsPerComponent: number(8),
      Filter: name('FlateDecode'),
    });
    if (mask) dict.set('SMask', mask);
    return pdf.register(new PdfStream(dict, deflateSync(samples)));
  };
  const mask = alpha && image(alpha, 'DeviceGray');
  return new PDFImage(image(color, gray ? 'DeviceGray' : 'DeviceRGB', mask), width, height);
}
