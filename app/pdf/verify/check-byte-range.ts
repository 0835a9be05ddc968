import { PdfArray, PdfNumber, PdfString } from '@libpdf/core';
import type { PDF, PdfDict } from '@libpdf/core';
import { resolve } from '../drawing/pdf-objects.ts';

export interface ByteRange {
  /** Covered: [0, gapStart) and [gapEnd, end). */
  gapStart: number;
  gapEnd: number;
  end: number;
}

export const readByteRange = (pdf: PDF, signature: PdfDict): number[] => {
  const found = resolve(pdf, signature.get('ByteRange'));
  if (!(found instanceof PdfArray)) return [];
  return found.toArray().map((item) => {
    const value = resolve(pdf, item);
    return value instanceof PdfNumber ? value.value : Number.NaN;
  });
};

/**
 * The signed bytes must be the whole revision but for exactly this signature's own hex string. Anything looser lets an
 * attacker hide content in the hole (signature wrapping), which pdfsig and qpdf do not notice.
 * @returns the range, or the code of what is wrong (`pdf.problem.*`)
 */
export function checkByteRange(file: Buffer, pdf: PDF, signature: PdfDict): ByteRange | string {
  const range = readByteRange(pdf, signature);
  const [start, gapStart, gapEnd, rest] = range;
  if (
    range.length !== 4 ||
    start !== 0 ||
    gapStart === undefined ||
    gapEnd === undefined ||
    rest === undefined ||
    !range.every((value) => Number.isSafeInteger(value) && value >= 0) ||
    gapStart === 0 ||
    gapEnd <= gapStart ||
    rest === 0 ||
    gapEnd + rest > file.length
  ) {
    return 'byte_range_malformed';
  }
  const gap = file.subarray(gapStart, gapEnd).toString('latin1');
  if (!/^<[0-9A-Fa-f]*>$/.test(gap)) return 'byte_range_overlaps';
  const contents = resolve(pdf, signature.get('Contents'));
  const hex = gap.slice(1, -1);
  const written = Buffer.from(hex.length % 2 ? `${hex}0` : hex, 'hex');
  if (!(contents instanceof PdfString) || !written.equals(contents.bytes)) return 'contents_elsewhere';
  const end = gapEnd + rest;
  if (!/%%EOF\s*$/.test(file.subarray(Math.max(0, end - 64), end).toString('latin1'))) {
    return 'not_at_revision_end';
  }
  return { gapStart, gapEnd, end };
}
