/** Reads content streams, and CMaps, which are written alike (ISO 32000-1, 7.8.2 and 9.7.5.4). */

export type Operand =
  | { type: 'number'; value: number }
  | { type: 'name'; value: string }
  | { type: 'string'; bytes: Uint8Array }
  | { type: 'array'; items: Operand[] }
  /** Dictionaries, booleans, null: nothing that text depends on. */
  | { type: 'other' };

export interface Operation {
  operator: string;
  operands: Operand[];
  /** Bytes of the operation with its operands: from the first to behind the last. */
  start: number;
  end: number;
}

const MAX_DEPTH = 32;

const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0;
const DELIMITERS = new Set([...'()<>[]{}/%'].map((letter) => letter.charCodeAt(0)));
const isRegular = (byte: number): boolean => !isBlank(byte) && !DELIMITERS.has(byte);
/** Value of a hexadecimal digit; -1 for any other byte. */
function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
const OTHER: Operand = { type: 'other' };
const ESCAPES: Record<string, number> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

class Tokenizer {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  peek(ahead = 0): number {
    return this.bytes[this.at + ahead] ?? -1;
  }

  skipBlanks(): void {
    for (;;) {
      while (this.at < this.bytes.length && isBlank(this.peek())) this.at++;
      if (this.peek() !== 0x25) return;
      while (this.at < this.bytes.length && this.peek() !== 10 && this.peek() !== 13) this.at++;
    }
  }

  word(): string {
    const start = this.at;
    while (this.at < this.bytes.length && isRegular(this.peek())) this.at++;
    return String.fromCharCode(...this.bytes.subarray(start, Math.min(this.at, start + 128)));
  }

  name(): Operand {
    this.at++;
    const value = this.word().replace(/#([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return { type: 'name', value };
  }

  hexString(): Operand {
    const start = ++this.at;
    while (this.at < this.bytes.length && this.peek() !== 0x3e) this.at++;
    const digits = this.bytes.subarray(start, this.at);
    this.at++;
    const bytes = new Uint8Array((digits.length + 1) >> 1);
    let count = 0;
    for (const digit of digits) {
      const value = hexValue(digit);
      if (value < 0) continue;
      bytes[count >> 1] = count % 2 ? (bytes[count >> 1] ?? 0) | value : value << 4; // an odd last one is followed by 0
      count++;
    }
    return { type: 'string', bytes: bytes.subarray(0, (count + 1) >> 1) };
  }

  literalString(): Operand {
    const bytes: number[] = [];
    let depth = 1;
    this.at++;
    while (this.at < this.bytes.length) {
      const byte = this.peek();
      this.at++;
      if (byte === 0x5c) {
        this.escape(bytes);
        continue;
      }
      if (byte === 0x28) depth++;
      if (byte === 0x29 && --depth === 0) break;
      bytes.push(byte);
    }
    return { type: 'string', bytes: Uint8Array.from(bytes) };
  }

  /** What stands behind a backslash: a letter, up to three octal digits, or a line end that does not count. */
  escape(into: number[]): void {
    const octal = /^[0-7]{1,3}/.exec(String.fromCharCode(...this.bytes.subarray(this.at, this.at + 3)))?.[0];
    if (octal) {
      this.at += octal.length;
      into.push(Number.parseInt(octal, 8) & 0xff);
      return;
    }
    const byte = this.peek();
    this.at++;
    if (byte === 13 && this.peek() === 10) this.at++;
    if (byte === 13 || byte === 10 || byte === -1) return;
    into.push(ESCAPES[String.fromCharCode(byte)] ?? byte);
  }

  /** Items up to `end`, which is taken too. */
  items(end: number, depth: number): Operand[] {
    const items: Operand[] = [];
    this.at++;
    for (;;) {
      this.skipBlanks();
      if (this.at >= this.bytes.length) return items;
      if (this.peek() === end) {
        this.at += end === 0x3e ? 2 : 1; // dictionaries end with two
        return items;
      }
      const item = this.operand(depth + 1);
      if (typeof item !== 'string') items.push(item);
    }
  }

  /** An operand, or the word of an operator. */
  operand(depth = 0): Operand | string {
    const byte = this.peek();
    if (depth > MAX_DEPTH) {
      this.at = this.bytes.length;
      return OTHER;
    }
    if (byte === 0x2f) return this.name();
    if (byte === 0x28) return this.literalString();
    if (byte === 0x5b) return { type: 'array', items: this.items(0x5d, depth) };
    if (byte === 0x3c && this.peek(1) === 0x3c) {
      this.at++;
      this.items(0x3e, depth);
      return OTHER;
    }
    if (byte === 0x3c) return this.hexString();
    if (!isRegular(byte)) {
      this.at++; // a stray delimiter
      return OTHER;
    }
    const word = this.word();
    if (/^[+-]*\d*\.?\d*(-\d*)?$/.test(word) && /\d/.test(word)) {
      return { type: 'number', value: Number.parseFloat(word.replace(/^[+-]*-/, '-').replace(/^\++/, '')) };
    }
    return word === 'true' || word === 'false' || word === 'null' ? OTHER : word;
  }

  /** Behind the data of an inline image: the first `EI` between blanks that text follows, not more data. */
  skipImageData(): void {
    for (let at = this.at + 1; at < this.bytes.length; at++) {
      const ends =
        this.bytes[at] === 0x45 &&
        this.bytes[at + 1] === 0x49 &&
        isBlank(this.bytes[at - 1] ?? 0) &&
        isBlank(this.bytes[at + 2] ?? 0x20);
      if (!ends) continue;
      const next = this.bytes.subarray(at + 2, at + 12);
      if (!next.every((byte) => isBlank(byte) || (byte > 0x20 && byte < 0x7f))) continue;
      this.at = at + 2;
      return;
    }
    this.at = this.bytes.length;
  }
}

/** The operations of a content stream in order. Reads on behind mistakes, as viewers do; never throws. */
export function* readOperations(bytes: Uint8Array): Generator<Operation> {
  const tokens = new Tokenizer(bytes);
  let operands: Operand[] = [];
  let start = -1;
  for (;;) {
    tokens.skipBlanks();
    if (tokens.at >= bytes.length) return;
    if (start < 0) start = tokens.at;
    const token = tokens.operand();
    if (typeof token !== 'string') {
      operands.push(token);
      continue;
    }
    if (token === 'ID') tokens.skipImageData();
    yield { operator: token, operands, start, end: tokens.at };
    operands = [];
    start = -1;
  }
}
