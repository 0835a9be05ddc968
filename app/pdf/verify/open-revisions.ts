import { PDF, PdfRef, PdfStream } from '@libpdf/core';
import type { PdfObject } from '@libpdf/core';
import { SyntaxProblem } from '../syntax/read-object.ts';
import { readXref } from '../syntax/read-xref.ts';
import type { Xref } from '../syntax/read-xref.ts';

/** The file as it was when a signature was made. */
export interface Revision {
  /** Bytes. */
  end: number;
  pdf: PDF;
  /** Its cross-references, or why they cannot be read by the letter. */
  xref: Xref | string;
}

/** Where the bytes of an object are: the same place in two revisions means the same object. */
function placeOf({ entries }: Xref, number: number): string | undefined {
  const entry = entries.get(number);
  if (entry?.kind === 'at') return String(entry.offset);
  const container = entry?.kind === 'in' ? entries.get(entry.container) : undefined;
  return entry?.kind === 'in' && container?.kind === 'at' ? `${container.offset}#${entry.index}` : undefined;
}

/** Lets a revision take objects from those that another revision has parsed already. */
function shareObjects(pdf: PDF, xref: Xref, parsed: Map<string, PdfObject>): void {
  const { registry } = pdf.context;
  const parse = registry['resolver'] as ((reference: PdfRef) => PdfObject | null) | null;
  if (!parse) return;
  registry.setResolver((reference) => {
    const place = placeOf(xref, reference.objectNumber);
    const known = place === undefined ? undefined : parsed.get(place);
    if (known) return known;
    const object = parse(reference);
    // Where a stream ends may depend on another object, which need not be the same in every revision.
    const open = object instanceof PdfStream && object.get('Length') instanceof PdfRef;
    if (object && place !== undefined && !open) parsed.set(place, object);
    return object;
  });
}

/**
 * Opens revisions of one file so that every object is parsed once, however many of them have it.
 * @param ends in bytes
 * @param last what is parsed already: the file to its end
 * @returns in order of `ends`; undefined for one that cannot be read
 */
export async function openRevisions(
  file: Buffer,
  ends: number[],
  last: PDF,
): Promise<(Revision | undefined)[]> {
  const parsed = new Map<string, PdfObject>();
  const revisions: (Revision | undefined)[] = [];
  for (const end of ends) {
    const bytes = file.subarray(0, end);
    const pdf = end === file.length ? last : await PDF.load(bytes).catch(() => undefined);
    const xref = pdf?.recoveredViaBruteForce ? 'had to be rebuilt' : tryXref(bytes);
    if (pdf && typeof xref !== 'string') shareObjects(pdf, xref, parsed);
    revisions.push(pdf && { end, pdf, xref });
  }
  return revisions;
}

function tryXref(bytes: Buffer): Xref | string {
  try {
    return readXref(bytes);
  } catch (error) {
    return error instanceof SyntaxProblem ? error.message : 'unreadable';
  }
}
