import { PdfDict, PdfNumber, PdfRef, PdfStream } from '@libpdf/core';
import type { PdfObject } from '@libpdf/core';
import { endOfStream, readIndirectObject, readObject, SyntaxProblem } from '../syntax/read-object.ts';
import type { IndirectObject } from '../syntax/read-object.ts';
import { referenceIn } from '../syntax/read-xref.ts';
import type { Xref, XrefEntry } from '../syntax/read-xref.ts';
import type { Revision } from './open-revisions.ts';

const MAX_ODDITIES = 20;
const HEADER_WITHIN = 1024;

/** Places of an appended part: offsets from `from` up to `to`. */
interface Part {
  from: number;
  to: number;
}

/**
 * A file that begins twice, or later than at its first byte, has two ways to count offsets (ISO 32000-1, annex H, note 13).
 * @returns what is odd, for experts
 */
export function checkHeader(file: Buffer): string | undefined {
  const head = file.subarray(0, HEADER_WITHIN);
  const first = head.indexOf('%PDF-');
  if (first !== 0) return 'header';
  return head.includes('%PDF-', 5) ? 'second header' : undefined;
}

/**
 * Looks in what was appended between two revisions for anything that one program may read in another way than the next.
 * Honest programs append objects, a table of exactly these objects, and its place; an attacker who wants the verifier to
 * see one file and the reader another needs something else.
 * @returns what is odd, for experts: which object and why
 */
export function checkStructure(file: Buffer, before: Revision, after: Revision): string[] {
  if (typeof after.xref === 'string') return [`xref: ${after.xref}`];
  if (typeof before.xref === 'string') return [`xref of the signed revision: ${before.xref}`];
  const part: Part = { from: before.end, to: after.end };
  const bytes = file.subarray(0, after.end);
  const oddities: string[] = [];
  const newest = before.xref.sections[0];
  const known = after.xref.sections.findIndex(({ offset }) => offset === newest?.offset);
  if (known < 0) return ['the cross-references of the signed revision are left out'];
  const added = after.xref.sections.slice(0, known);
  const listed = new Set<number>();
  for (const section of added) {
    if (section.offset < part.from) oddities.push(`xref at ${section.offset} lies in the signed part`);
    if (section.hybrid) oddities.push('two tables for two kinds of readers');
    if (newest && referenceIn(section, 'Root') !== referenceIn(newest, 'Root'))
      oddities.push('another /Root');
    for (const [number, entry] of section.entries) {
      if (sameEntry(before.xref.entries.get(number), entry)) continue;
      const odd = checkEntry(bytes, after.xref, part, number, entry, section.entries, listed);
      if (odd) oddities.push(`${number} 0 obj: ${odd}`);
      if (oddities.length > MAX_ODDITIES) return oddities;
    }
  }
  return [...oddities, ...findDoubles(bytes, part, after.xref, listed)].slice(0, MAX_ODDITIES);
}

const sameEntry = (a: XrefEntry | undefined, b: XrefEntry): boolean =>
  a !== undefined && JSON.stringify(a) === JSON.stringify(b);

/** An entry of an appended table leads to a well-formed object of that number in the appended part. */
function checkEntry(
  bytes: Buffer,
  xref: Xref,
  part: Part,
  number: number,
  entry: XrefEntry,
  section: Map<number, XrefEntry>,
  listed: Set<number>,
): string | undefined {
  if (entry.kind === 'free') return undefined;
  try {
    if (entry.kind === 'at') {
      if (entry.offset < part.from || entry.offset >= part.to) return 'lies in another revision';
      listed.add(entry.offset);
      const found = readIndirectObject(bytes, entry.offset);
      if (found.number !== number) return `is numbered ${found.number}`;
      dataOf(bytes, xref, found);
      return undefined;
    }
    const container = section.get(entry.container);
    if (container?.kind !== 'at' || container.offset < part.from)
      return 'lies in a stream of another revision';
    return checkMember(dataOf(bytes, xref, readIndirectObject(bytes, container.offset)), number, entry.index);
  } catch (error) {
    return error instanceof SyntaxProblem ? error.message : 'unreadable';
  }
}

/** The stream of an object, if it is one; its length must be right, or readers would look for its end in their own ways. */
function dataOf(bytes: Buffer, xref: Xref, { object, dataAt }: IndirectObject): PdfStream | undefined {
  if (!(object instanceof PdfDict) || dataAt === undefined) return undefined;
  let length: PdfObject | undefined = object.get('Length');
  if (length instanceof PdfRef) {
    const entry = xref.entries.get(length.objectNumber);
    length = entry?.kind === 'at' ? readIndirectObject(bytes, entry.offset).object : undefined;
  }
  const size = length instanceof PdfNumber && Number.isSafeInteger(length.value) ? length.value : -1;
  endOfStream(bytes, dataAt, size);
  return new PdfStream(object, bytes.subarray(dataAt, dataAt + size));
}

/** An object in an object stream (ISO 32000-1, 7.5.7). */
function checkMember(stream: PdfStream | undefined, number: number, index: number): string | undefined {
  const [count, first] = ['N', 'First'].map((key) => stream?.getNumber(key)?.value ?? -1);
  if (!stream || count === undefined || first === undefined || index >= count || first < 0)
    return 'no such object';
  const data = Buffer.from(stream.getDecodedData());
  const heads = data.toString('latin1', 0, first).trim().split(/\s+/).map(Number);
  if (heads[index * 2] !== number) return `is numbered ${heads[index * 2]}`;
  readObject(data, first + (heads[index * 2 + 1] ?? 0));
  return undefined;
}

/** Objects of numbers that are in use, at places that no table names: a reader that repairs the file takes the last one. */
function findDoubles(bytes: Buffer, { from, to }: Part, xref: Xref, listed: Set<number>): string[] {
  const oddities: string[] = [];
  for (
    let word = bytes.indexOf(' obj', from);
    word >= 0 && word < to;
    word = bytes.indexOf(' obj', word + 4)
  ) {
    const line = bytes.toString('latin1', Math.max(from, word - 24), word);
    const [, head, number = ''] = /(?:^|[\s>)\]])((\d{1,10})\s+\d{1,5})$/.exec(line) ?? [];
    if (head === undefined || listed.has(word - head.length)) continue;
    if (xref.sections.some(({ offset }) => offset === word - head.length)) continue; // a cross-reference stream
    if (xref.entries.has(Number(number))) oddities.push(`${number} 0 obj: twice`);
    if (oddities.length > MAX_ODDITIES) break;
  }
  return oddities;
}
