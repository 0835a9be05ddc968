import { PdfArray, PdfBool, PdfDict, PdfName, PdfNull, PdfNumber, PdfRef, PdfString } from '@libpdf/core';
import type { PdfObject } from '@libpdf/core';
import { isDigit, isRegular, isWhite, skipLiteral, skipWhite } from './characters.ts';

const MAX_DEPTH = 100;

/** The bytes are not what the standard says; readers may make different things of them. */
export class SyntaxProblem extends Error {}

const matches = (bytes: Uint8Array, at: number, word: string): boolean => {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  return !isRegular(bytes[at + word.length]);
};

/** A whole number without sign that stands alone; undefined for anything else. */
function wholeNumber(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  let end = at;
  let value = 0;
  while (isDigit(bytes[end])) value = value * 10 + bytes[end++]! - 48;
  if (end === at || end - at > 15 || isRegular(bytes[end])) return undefined;
  return { value, end };
}

/**
 * Reads PDF objects by the letter (ISO 32000-1, 7.3): what a lenient reader would guess at is an error here, because the
 * next reader may guess differently. A key that a dictionary has twice is one of these errors.
 */
class StrictReader {
  readonly bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position: number) {
    this.bytes = bytes;
    this.position = position;
  }

  object(depth = 0): PdfObject {
    if (depth > MAX_DEPTH) throw new SyntaxProblem('nested too deep');
    const { bytes } = this;
    this.position = skipWhite(bytes, this.position);
    const at = this.position;
    const first = String.fromCharCode(bytes[at] ?? 0);
    if (first === '/') return this.name();
    if (first === '(') return this.literal();
    if (first === '[') return this.array(depth);
    if (first === '<') return bytes[at + 1] === 0x3c ? this.dictionary(depth) : this.hex();
    for (const [word, value] of [
      ['true', PdfBool.TRUE],
      ['false', PdfBool.FALSE],
      ['null', PdfNull.instance],
    ] as const) {
      if (!matches(bytes, at, word)) continue;
      this.position += word.length;
      return value;
    }
    return this.numberOrReference();
  }

  private name(): PdfName {
    const start = ++this.position;
    while (isRegular(this.bytes[this.position])) this.position++;
    const written = Buffer.from(this.bytes.subarray(start, this.position)).toString('latin1');
    if (/#(?![0-9A-Fa-f]{2})/.test(written)) throw new SyntaxProblem('bad escape in a name');
    return PdfName.of(
      written.includes('#')
        ? Buffer.from(
            written.replace(/#(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
            'latin1',
          ).toString('utf8')
        : written,
    );
  }

  /** Only its extent matters here: strings decide nothing in a file's structure. */
  private literal(): PdfString {
    const start = this.position;
    this.position = skipLiteral(this.bytes, start);
    if (this.position >= this.bytes.length) throw new SyntaxProblem('a string does not end');
    return new PdfString(this.bytes.subarray(start + 1, this.position - 1), 'literal');
  }

  private hex(): PdfString {
    const start = this.position;
    const end = this.bytes.indexOf(0x3e, start);
    if (end < 0) throw new SyntaxProblem('a string does not end');
    for (let at = start + 1; at < end; at++) {
      const byte = this.bytes[at]!;
      const hex = isDigit(byte) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102) || isWhite(byte);
      if (!hex) throw new SyntaxProblem('not a hex string');
    }
    this.position = end + 1;
    return new PdfString(this.bytes.subarray(start + 1, end), 'hex');
  }

  private array(depth: number): PdfArray {
    this.position++;
    const items: PdfObject[] = [];
    for (;;) {
      this.position = skipWhite(this.bytes, this.position);
      if (this.bytes[this.position] === 0x5d) break;
      items.push(this.object(depth + 1));
    }
    this.position++;
    return new PdfArray(items);
  }

  private dictionary(depth: number): PdfDict {
    this.position += 2;
    const entries = new Map<string, PdfObject>();
    for (;;) {
      this.position = skipWhite(this.bytes, this.position);
      if (this.bytes[this.position] === 0x3e && this.bytes[this.position + 1] === 0x3e) break;
      if (this.bytes[this.position] !== 0x2f) throw new SyntaxProblem('a key is no name');
      const key = this.name().value;
      if (entries.has(key)) throw new SyntaxProblem(`/${key.slice(0, 40)} twice in one dictionary`);
      entries.set(key, this.object(depth + 1));
    }
    this.position += 2;
    return new PdfDict(entries);
  }

  private numberOrReference(): PdfObject {
    const { bytes } = this;
    const first = wholeNumber(bytes, this.position);
    if (first) {
      const second = wholeNumber(bytes, skipWhite(bytes, first.end));
      const third = second && skipWhite(bytes, second.end);
      if (second && third !== undefined && matches(bytes, third, 'R')) {
        this.position = third + 1;
        return PdfRef.of(first.value, second.value);
      }
      this.position = first.end;
      return PdfNumber.of(first.value);
    }
    const start = this.position;
    while (isRegular(bytes[this.position])) this.position++;
    const written = Buffer.from(bytes.subarray(start, this.position)).toString('latin1');
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(written)) throw new SyntaxProblem('an object expected');
    return PdfNumber.of(Number(written));
  }
}

/**
 * Reads one direct object.
 * @throws SyntaxProblem
 */
export function readObject(bytes: Uint8Array, at: number): { object: PdfObject; end: number } {
  const reader = new StrictReader(bytes, at);
  const object = reader.object();
  return { object, end: reader.position };
}

export interface IndirectObject {
  number: number;
  object: PdfObject;
  /** Of a stream: where its data begins. */
  dataAt?: number;
  /** Behind the object, or behind the dictionary of a stream. */
  end: number;
}

/**
 * Reads `N G obj …` up to its end or to the data of its stream.
 * @throws SyntaxProblem
 */
export function readIndirectObject(bytes: Uint8Array, at: number): IndirectObject {
  const number = wholeNumber(bytes, at);
  const generation = number && wholeNumber(bytes, skipWhite(bytes, number.end));
  const word = generation ? skipWhite(bytes, generation.end) : at;
  if (!number || !generation || !matches(bytes, word, 'obj')) throw new SyntaxProblem('no object here');
  const { object, end } = readObject(bytes, word + 3);
  const next = skipWhite(bytes, end);
  if (object instanceof PdfDict && matches(bytes, next, 'stream')) {
    const line = next + 6;
    const dataAt =
      bytes[line] === 10 ? line + 1 : bytes[line] === 13 && bytes[line + 1] === 10 ? line + 2 : undefined;
    if (dataAt === undefined) throw new SyntaxProblem('a stream begins without a line end');
    return { number: number.value, object, dataAt, end: next };
  }
  if (!matches(bytes, next, 'endobj')) throw new SyntaxProblem('an object does not end');
  return { number: number.value, object, end: next + 6 };
}

/**
 * Behind `endobj` of a stream whose data begin at `dataAt` and have the given length.
 * @throws SyntaxProblem when the data do not end there
 */
export function endOfStream(bytes: Uint8Array, dataAt: number, length: number): number {
  const after = skipWhite(bytes, dataAt + length);
  const data = bytes.subarray(dataAt + length, after);
  if (length < 0 || data.length > 4 || !matches(bytes, after, 'endstream')) {
    throw new SyntaxProblem('the length of a stream is wrong');
  }
  const end = skipWhite(bytes, after + 9);
  if (!matches(bytes, end, 'endobj')) throw new SyntaxProblem('an object does not end');
  return end + 6;
}
