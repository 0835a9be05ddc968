import { PdfArray, PdfDict, PdfName, PdfNumber, PdfStream } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { arrayOf, dictOf, nameOf, resolve } from '../drawing/pdf-objects.ts';
import { isRegular, skipLiteral, skipWhite } from '../syntax/characters.ts';
import { readCharacterMap } from './read-character-map.ts';

const MAX_CONTENT = 200_000;
const MAX_DEPTH = 5;

/** Text of the codes in a string; undefined when the font does not say. */
type Decoder = (codes: Buffer) => string | undefined;

const windows = new TextDecoder('windows-1252');

function decoderOf(pdf: PDF, font: PdfDict | undefined): Decoder | undefined {
  if (!font) return undefined;
  const map = resolve(pdf, font.get('ToUnicode'));
  if (map instanceof PdfStream) return readCharacterMap(map.getDecodedData());
  const encoding = resolve(pdf, font.get('Encoding'));
  const named = encoding instanceof PdfDict ? encoding.get('BaseEncoding') : encoding;
  const known = [undefined, 'WinAnsiEncoding', 'StandardEncoding', 'MacRomanEncoding', 'PDFDocEncoding'];
  if (nameOf(pdf, font.get('Subtype')) === 'Type0' || !known.includes(nameOf(pdf, named))) return undefined;
  const renamed = encoding instanceof PdfDict ? differences(pdf, encoding) : new Set<number>();
  const asciiOnly = nameOf(pdf, named) !== 'WinAnsiEncoding';
  return (codes) =>
    codes.some((code) => renamed.has(code) || (asciiOnly && code > 126)) ? undefined : windows.decode(codes);
}

/** Codes that an encoding gives to other glyphs (ISO 32000-1, 9.6.6). */
function differences(pdf: PDF, encoding: PdfDict): Set<number> {
  const codes = new Set<number>();
  let code = 0;
  for (const item of arrayOf(pdf, encoding.get('Differences'))?.toArray() ?? []) {
    const value = resolve(pdf, item);
    if (value instanceof PdfNumber) code = value.value;
    else if (value instanceof PdfName) {
      const usual = value.value.length === 1 && value.value.charCodeAt(0) === code;
      if (!usual) codes.add(code);
      code++;
    }
  }
  return codes;
}

const unescape = (written: string): string =>
  written.replace(/\\(\r\n|[\r\n]|[0-7]{1,3}|[\s\S])/g, (_, rest: string) => {
    if (/^[0-7]/.test(rest)) return String.fromCharCode(parseInt(rest, 8) & 255);
    if (/^[\r\n]/.test(rest)) return '';
    return { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[rest] ?? rest;
  });

/**
 * The text that an appearance shows, in the order in which it is painted.
 * @returns undefined when it cannot be told: a font that does not say what its codes mean, too much content
 */
export function readAppearanceText(
  pdf: PDF,
  form: PdfStream,
  fallback: PdfDict | undefined,
  depth = 0,
): string | undefined {
  if (depth > MAX_DEPTH || form.data.length > MAX_CONTENT) return undefined;
  const content = Buffer.from(form.getDecodedData());
  if (content.length > MAX_CONTENT) return undefined;
  const resources = dictOf(pdf, form.get('Resources')) ?? fallback;
  const named = (kind: string, key: string): PdfObject | undefined =>
    resolve(pdf, dictOf(pdf, resources?.get(kind))?.get(key));

  let text = '';
  let strings: Buffer[] = [];
  let names: string[] = [];
  let decode: Decoder | undefined;
  const show = (): boolean => {
    for (const codes of strings) {
      const part = decode?.(codes);
      if (part === undefined) return false;
      text += part;
    }
    return true;
  };
  for (let at = skipWhite(content, 0); at < content.length; at = skipWhite(content, at)) {
    const byte = content[at];
    if (byte === 0x28) {
      const end = skipLiteral(content, at);
      strings.push(Buffer.from(unescape(content.toString('latin1', at + 1, end - 1)), 'latin1'));
      at = end;
    } else if (byte === 0x3c && content[at + 1] !== 0x3c) {
      const end = content.indexOf(0x3e, at);
      if (end < 0) return undefined;
      const hex = content.toString('latin1', at + 1, end).replace(/\s/g, '');
      strings.push(Buffer.from(hex.length % 2 ? `${hex}0` : hex, 'hex'));
      at = end + 1;
    } else if (byte === 0x2f || isRegular(byte)) {
      const start = at++;
      while (isRegular(content[at])) at++;
      const word = content.toString('latin1', start, at);
      if (byte === 0x2f) {
        names.push(word.slice(1));
        continue;
      }
      if (/^[-+.\d]/.test(word)) continue;
      if (word === 'Tf') decode = decoderOf(pdf, asDict(named('Font', names.at(-1) ?? '')));
      else if (['Tj', 'TJ', "'", '"'].includes(word)) {
        if (!show()) return undefined;
      } else if (word === 'Do') {
        const inner = named('XObject', names.at(-1) ?? '');
        if (inner instanceof PdfStream && nameOf(pdf, inner.get('Subtype')) === 'Form') {
          const more = readAppearanceText(pdf, inner, resources, depth + 1);
          if (more === undefined) return undefined;
          text += more;
        } else return undefined; // a picture may show anything
      } else if (word === 'BI') return undefined;
      strings = [];
      names = [];
    } else at++; // brackets
  }
  return text;
}

const asDict = (object: PdfObject | undefined): PdfDict | undefined =>
  object instanceof PdfDict ? object : undefined;

/** The appearance that a viewer shows of a widget: the normal one, in its present state (ISO 32000-1, 12.5.5). */
export function normalAppearance(pdf: PDF, widget: PdfDict): PdfStream | undefined {
  const normal = resolve(pdf, dictOf(pdf, widget.get('AP'))?.get('N'));
  if (normal instanceof PdfStream) return normal;
  const state = nameOf(pdf, widget.get('AS'));
  const chosen = normal instanceof PdfDict && state ? resolve(pdf, normal.get(state)) : undefined;
  return chosen instanceof PdfStream ? chosen : undefined;
}

/** A form that can be painted into a rectangle in one way only. */
export function isPlainForm(pdf: PDF, form: PdfStream): boolean {
  const finite = (key: string, length: number): number[] | undefined => {
    const found = resolve(pdf, form.get(key));
    if (!(found instanceof PdfArray) || found.length !== length) return undefined;
    const values = found.toArray().map((item) => {
      const value = resolve(pdf, item);
      return value instanceof PdfNumber ? value.value : Number.NaN;
    });
    return values.every(Number.isFinite) ? values : undefined;
  };
  const box = finite('BBox', 4);
  return (
    box !== undefined &&
    box[0] !== box[2] &&
    box[1] !== box[3] &&
    (!form.has('Matrix') || !!finite('Matrix', 6))
  );
}
