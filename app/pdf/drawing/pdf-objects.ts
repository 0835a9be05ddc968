/** Short words for libpdf's object model, and reading that survives references to nowhere. */
import { PDF, PdfArray, PdfDict, PdfName, PdfNumber, PdfRef, PdfStream, PdfString } from '@libpdf/core';
import type { PdfObject } from '@libpdf/core';

export type { PdfObject };

export const name = (text: string): PdfName => PdfName.of(text);
export const number = (value: number): PdfNumber => PdfNumber.of(Math.round(value * 1000) / 1000);
export const numbers = (...values: number[]): PdfArray => new PdfArray(values.map(number));
export const text = (value: string): PdfString => PdfString.fromString(value);

/** Follows references of `pdf`; undefined for a missing object, a null or a chain without end. */
export function resolve(pdf: PDF, object: PdfObject | undefined): PdfObject | undefined {
  let current = object;
  for (let hops = 0; current instanceof PdfRef; hops++) {
    if (hops > 32) return undefined;
    current = pdf.getObject(current) ?? undefined;
  }
  return current?.type === 'null' ? undefined : current;
}

export function dictOf(pdf: PDF, object: PdfObject | undefined): PdfDict | undefined {
  const found = resolve(pdf, object);
  return found instanceof PdfDict ? found : undefined;
}

export function arrayOf(pdf: PDF, object: PdfObject | undefined): PdfArray | undefined {
  const found = resolve(pdf, object);
  return found instanceof PdfArray ? found : undefined;
}

export function nameOf(pdf: PDF, object: PdfObject | undefined): string | undefined {
  const found = resolve(pdf, object);
  return found instanceof PdfName ? found.value : undefined;
}

export function numberOf(pdf: PDF, object: PdfObject | undefined): number | undefined {
  const found = resolve(pdf, object);
  return found instanceof PdfNumber ? found.value : undefined;
}

export function stringOf(pdf: PDF, object: PdfObject | undefined): string | undefined {
  const found = resolve(pdf, object);
  return found instanceof PdfString ? found.asString() : undefined;
}

export const isStream = (object: PdfObject | undefined): object is PdfStream => object instanceof PdfStream;

/** A page's attribute, its own or inherited from the page tree (ISO 32000-1, 7.7.3.4). */
export function inheritedAttribute(pdf: PDF, page: PdfDict, key: string): PdfObject | undefined {
  let node: PdfDict | undefined = page;
  for (let depth = 0; node && depth < 64; depth++) {
    const value = resolve(pdf, node.get(key));
    if (value !== undefined) return value;
    node = dictOf(pdf, node.get('Parent'));
  }
  return undefined;
}

/** PDF date of a moment, in UTC (ISO 32000-1, 7.9.4). */
export const pdfDate = (at: Date): PdfString =>
  text(`D:${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`);

/** Reads `D:20261122091500+03'00'`; undefined when it is not one. */
export function readPdfDate(value: string | undefined): Date | undefined {
  const match = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?/.exec(
    value ?? '',
  );
  if (!match) return undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', , sign, h, m = '00'] =
    match;
  const zone = sign && h ? `${sign}${h}:${m}` : 'Z';
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
