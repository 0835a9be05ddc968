import { PdfArray, PdfDict, PdfName, PdfNumber, Standard14Font } from '@libpdf/core';
import type { PDF } from '@libpdf/core';
import { arrayOf, dictOf, isStream, nameOf, numberOf, resolve } from '../drawing/pdf-objects.ts';
import type { PdfObject } from '../drawing/pdf-objects.ts';
import { readToUnicode } from './read-to-unicode.ts';

/** As much of a font as is needed to recognise a tag in strings, and to know how wide its letters are. */
export interface ReadableFont {
  /** Bytes of one character code. */
  codeLength: 1 | 2;
  /** U+FFFD for what is no letter, or not one that a tag may have. */
  letter(code: number): string;
  /** In thousandths of an em; undefined when the file does not say. */
  width(code: number): number | undefined;
}

const UNKNOWN = '\ufffd';
/** Names of the characters of a tag that are not their own names (Adobe Glyph List). */
const GLYPH_NAMES: Record<string, string> = {
  ...Object.fromEntries(
    'zero one two three four five six seven eight nine'
      .split(' ')
      .map((word, digit) => [word, String(digit)]),
  ),
  braceleft: '{',
  braceright: '}',
  colon: ':',
  space: ' ',
  multiply: '\u00d7',
  afii10087: '\u0445',
};

function letterOfName(glyph: string): string {
  const [, hex] = /^(?:uni|u)([0-9A-F]{4})$/.exec(glyph) ?? [];
  if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
  return GLYPH_NAMES[glyph] ?? (glyph.length === 1 ? glyph : UNKNOWN);
}

/** Letters that a simple font's dictionary names anew (ISO 32000-1, 9.6.6, table 114). */
function readDifferences(pdf: PDF, font: PdfDict): Map<number, string> {
  const found = new Map<number, string>();
  const differences = arrayOf(pdf, dictOf(pdf, font.get('Encoding'))?.get('Differences'));
  let code = 0;
  for (const entry of differences ?? []) {
    const item = resolve(pdf, entry);
    if (item instanceof PdfNumber) code = item.value;
    if (item instanceof PdfName) found.set(code++, letterOfName(item.value));
  }
  return found;
}

/** Widths of the fonts that every viewer has, also under the names that Windows gives them. */
function standardWidths(fontName: string): ((code: number) => number | undefined) | undefined {
  const plain = fontName
    .replace(/^[A-Z]{6}\+/, '')
    .replace(/^(Arial|ArialMT)(?=$|[,-])/, 'Helvetica')
    .replace(/^TimesNewRoman(PS)?(MT)?/, 'Times')
    .replace(/^CourierNew(PS)?(MT)?/, 'Courier')
    .replace(',', '-');
  const known = plain === 'Times' ? 'Times-Roman' : plain;
  try {
    const font = Standard14Font.of(known as Parameters<typeof Standard14Font.of>[0]);
    return (code) => (code < 0x7f ? font.widthOfTextAtSize(String.fromCharCode(code), 1000) : undefined);
  } catch {
    return undefined;
  }
}

function readSimpleFont(pdf: PDF, font: PdfDict): ReadableFont {
  const toUnicode = readToUnicode(pdf, font);
  const differences = readDifferences(pdf, font);
  const widths = arrayOf(pdf, font.get('Widths'));
  const firstCode = numberOf(pdf, font.get('FirstChar')) ?? 0;
  const missing = numberOf(pdf, dictOf(pdf, font.get('FontDescriptor'))?.get('MissingWidth'));
  const standard = widths ? undefined : standardWidths(nameOf(pdf, font.get('BaseFont')) ?? '');
  // A Type 3 font has its own scale (9.6.5); every other has thousandths.
  const scale =
    nameOf(pdf, font.get('Subtype')) === 'Type3'
      ? (numberOf(pdf, arrayOf(pdf, font.get('FontMatrix'))?.at(0)) ?? 0.001) * 1000
      : 1;
  return {
    codeLength: 1,
    letter(code) {
      // Whatever the base encoding: what a tag is made of has its ASCII code in all of them (annex D.2).
      const plain = code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : UNKNOWN;
      return toUnicode?.get(code) ?? differences.get(code) ?? plain;
    },
    width(code) {
      const given = widths && numberOf(pdf, widths.at(code - firstCode));
      return code < firstCode || given === undefined ? (standard?.(code) ?? missing) : given * scale;
    },
  };
}

/** /W: `first [w w …]` or `first last w` (9.7.4.3). */
function readCidWidths(pdf: PDF, list: PdfArray | undefined): (cid: number) => number | undefined {
  const single = new Map<number, number>();
  const ranges: [first: number, last: number, width: number][] = [];
  for (let index = 0; list && index < list.length;) {
    const first = numberOf(pdf, list.at(index)) ?? 0;
    const second = resolve(pdf, list.at(index + 1));
    if (second instanceof PdfArray) {
      for (let place = 0; place < second.length; place++) {
        single.set(first + place, numberOf(pdf, second.at(place)) ?? 0);
      }
      index += 2;
    } else {
      const last = second instanceof PdfNumber ? second.value : first;
      ranges.push([first, last, numberOf(pdf, list.at(index + 2)) ?? 0]);
      index += 3;
    }
  }
  return (cid) => {
    const known = single.get(cid);
    if (known !== undefined) return known;
    const found = ranges.find(([first, last]) => first <= cid && cid <= last)?.[2];
    if (found !== undefined) single.set(cid, found);
    return found;
  };
}

/** Composite fonts whose codes are the numbers of their glyphs, two bytes each: what programs write today. */
function readCompositeFont(pdf: PDF, font: PdfDict): ReadableFont | undefined {
  if (nameOf(pdf, font.get('Encoding')) !== 'Identity-H') return undefined;
  const descendant = dictOf(pdf, arrayOf(pdf, font.get('DescendantFonts'))?.at(0));
  const widthOf = readCidWidths(pdf, arrayOf(pdf, descendant?.get('W')));
  const normal = numberOf(pdf, descendant?.get('DW')) ?? 1000;
  const toUnicode = readToUnicode(pdf, font);
  return {
    codeLength: 2,
    letter: (code) => toUnicode?.get(code) ?? UNKNOWN,
    width: (code) => widthOf(code) ?? normal,
  };
}

/** Undefined for a font whose strings cannot be taken apart here. */
export function readFont(pdf: PDF, object: PdfObject | undefined): ReadableFont | undefined {
  const font = resolve(pdf, object);
  if (!(font instanceof PdfDict) || isStream(font)) return undefined;
  return nameOf(pdf, font.get('Subtype')) === 'Type0'
    ? readCompositeFont(pdf, font)
    : readSimpleFont(pdf, font);
}
