import { PdfArray, PdfDict, PdfNumber, PdfRef, PdfStream } from '@libpdf/core';
import type { PdfObject } from '@libpdf/core';
import { isDigit, skipWhite } from './characters.ts';
import { endOfStream, readIndirectObject, readObject, SyntaxProblem } from './read-object.ts';

/** Where an object is: at an offset, in an object stream, or nowhere (free). */
export type XrefEntry =
  { kind: 'at'; offset: number } | { kind: 'in'; container: number; index: number } | { kind: 'free' };

/** One cross-reference table or stream with its trailer. */
export interface XrefSection {
  offset: number;
  entries: Map<number, XrefEntry>;
  trailer: PdfDict;
  /** It has a second table for newer readers (ISO 32000-1, 7.5.8.4): two readers may see two files. */
  hybrid: boolean;
}

/** The cross-references of a file as a whole. */
export interface Xref {
  /** Newest first. */
  sections: XrefSection[];
  /** What counts: the newest entry of every object. */
  entries: Map<number, XrefEntry>;
}

const MAX_SECTIONS = 1_000;
const MAX_ENTRIES = 2_000_000;
/** A reader looks for the last `startxref` within the last bytes of a file (ISO 32000-1, annex H, note 18). */
const TAIL = 1024;

const whole = (object: PdfObject | undefined): number | undefined =>
  object instanceof PdfNumber && Number.isSafeInteger(object.value) && object.value >= 0
    ? object.value
    : undefined;

/** Offset that the last `startxref` names. */
function findStart(file: Buffer): number {
  const at = file.lastIndexOf('startxref');
  if (at < file.length - TAIL - 9) throw new SyntaxProblem('no startxref at the end');
  const [, offset] = /^startxref\s+(\d{1,15})\s+%%EOF/.exec(file.toString('latin1', at, at + 64)) ?? [];
  if (offset === undefined) throw new SyntaxProblem('startxref is not the end');
  return Number(offset);
}

function readTable(file: Buffer, offset: number): { entries: Map<number, XrefEntry>; trailer: PdfDict } {
  const entries = new Map<number, XrefEntry>();
  let at = skipWhite(file, offset + 4);
  for (;;) {
    const line = file.toString('latin1', at, at + 40);
    if (line.startsWith('trailer')) break;
    const [head, first, count] = /^(\d{1,10}) (\d{1,10})\s*[\r\n]+/.exec(line) ?? [];
    if (head === undefined) throw new SyntaxProblem('a subsection expected');
    at += head.length;
    for (let i = 0; i < Number(count); i++, at += 20) {
      const entry = file.toString('latin1', at, at + 20);
      const [, place, , kind] = /^(\d{10}) (\d{5}) ([nf])[ \r\n]{2}$/.exec(entry) ?? [];
      if (place === undefined) throw new SyntaxProblem('an entry is not 20 bytes');
      if (entries.size > MAX_ENTRIES) throw new SyntaxProblem('too many objects');
      const number = Number(first) + i;
      if (entries.has(number)) throw new SyntaxProblem(`object ${number} twice in one table`);
      entries.set(number, kind === 'n' ? { kind: 'at', offset: Number(place) } : { kind: 'free' });
    }
    at = skipWhite(file, at);
  }
  const { object } = readObject(file, at + 7);
  if (!(object instanceof PdfDict)) throw new SyntaxProblem('no trailer');
  return { entries, trailer: object };
}

function readStream(file: Buffer, offset: number): { entries: Map<number, XrefEntry>; trailer: PdfDict } {
  const { object, dataAt } = readIndirectObject(file, offset);
  if (!(object instanceof PdfDict) || dataAt === undefined || object.getName('Type')?.value !== 'XRef') {
    throw new SyntaxProblem('no cross-reference stream');
  }
  const length = whole(object.get('Length'));
  if (length === undefined) throw new SyntaxProblem('a length expected');
  endOfStream(file, dataAt, length);
  const data = new PdfStream(object, file.subarray(dataAt, dataAt + length)).getDecodedData();
  const numbersOf = (key: string): number[] | undefined => {
    const list = object.get(key);
    return list instanceof PdfArray ? list.toArray().map((item) => whole(item) ?? Number.NaN) : undefined;
  };
  const widths = numbersOf('W') ?? [];
  const index = numbersOf('Index') ?? [0, whole(object.get('Size')) ?? Number.NaN];
  const row = widths.reduce((sum, width) => sum + width, 0);
  if (widths.length !== 3 || !(row > 0 && row <= 18) || !widths.every((width) => width <= 6)) {
    throw new SyntaxProblem('bad widths');
  }
  const entries = new Map<number, XrefEntry>();
  let at = 0;
  const field = (width: number): number => {
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 256 + data[at++]!;
    return value;
  };
  for (let pair = 0; pair < index.length; pair += 2) {
    const [first, count] = [index[pair], index[pair + 1]];
    if (first === undefined || count === undefined || !(at + count * row <= data.length)) {
      throw new SyntaxProblem('the table ends early');
    }
    for (let i = 0; i < count; i++) {
      const kind = widths[0] === 0 ? 1 : field(widths[0]!);
      const [second, third] = [field(widths[1]!), field(widths[2]!)];
      if (kind > 2) throw new SyntaxProblem('an unknown kind of entry');
      if (entries.has(first + i)) throw new SyntaxProblem(`object ${first + i} twice in one table`);
      entries.set(
        first + i,
        kind === 1
          ? { kind: 'at', offset: second }
          : kind === 2
            ? { kind: 'in', container: second, index: third }
            : { kind: 'free' },
      );
    }
  }
  return { entries, trailer: object };
}

function readSection(file: Buffer, offset: number): XrefSection {
  const isTable = file.toString('latin1', offset, offset + 4) === 'xref';
  if (!isTable && !isDigit(file[offset])) throw new SyntaxProblem('no cross-references here');
  const { entries, trailer } = isTable ? readTable(file, offset) : readStream(file, offset);
  const extra = isTable ? whole(trailer.get('XRefStm')) : undefined;
  // As every newer reader does it: what the table does not know, or calls free, is looked up in the stream.
  if (extra !== undefined) {
    for (const [number, entry] of readStream(file, extra).entries) {
      const known = entries.get(number);
      if (!known || known.kind === 'free') entries.set(number, entry);
    }
  }
  return { offset, entries, trailer, hybrid: trailer.has('XRefStm') };
}

/**
 * Reads all cross-references of a file, or of one of its revisions, by the letter (ISO 32000-1, 7.5.4 and 7.5.8).
 * @param file from its first byte to the end of the revision
 * @throws SyntaxProblem where a lenient reader would have to guess
 */
export function readXref(file: Buffer): Xref {
  const sections: XrefSection[] = [];
  const entries = new Map<number, XrefEntry>();
  const visited = new Set<number>();
  for (let offset: number | undefined = findStart(file); offset !== undefined;) {
    if (visited.has(offset) || visited.size > MAX_SECTIONS)
      throw new SyntaxProblem('cross-references in a ring');
    visited.add(offset);
    const section = readSection(file, offset);
    sections.push(section);
    for (const [number, entry] of section.entries) if (!entries.has(number)) entries.set(number, entry);
    const previous = section.trailer.get('Prev');
    offset = whole(previous);
    if (previous !== undefined && offset === undefined) throw new SyntaxProblem('bad /Prev');
  }
  return { sections, entries };
}

/** The object that a section's trailer names; undefined when it is not a reference. */
export function referenceIn({ trailer }: XrefSection, key: string): number | undefined {
  const found = trailer.get(key);
  return found instanceof PdfRef ? found.objectNumber : undefined;
}
