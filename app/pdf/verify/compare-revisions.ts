import { PdfArray, PdfDict, PdfName, PdfNumber, PdfRef, PdfStream, PdfString } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import type { DocumentChange } from '../../ports/pdf-engine.ts';
import { nameOf, resolve } from '../drawing/pdf-objects.ts';
import { compareAnnotations, compareForm, isFillable } from './compare-forms.ts';

const MAX_STEPS = 2_000_000;
const MAX_CHANGES = 200;

/** Two revisions of one file, and which signatures the later one has more. */
export interface Comparison {
  before: PDF;
  after: PDF;
  laterSignatures: Set<PdfDict>;
  report(code: string, path: string, permitted: boolean, page?: number): void;
  /** Compares two objects later, in the same way. */
  compare(before: PdfObject | undefined, after: PdfObject | undefined, at: Place): void;
}

export interface Place {
  path: string;
  page?: number;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && Buffer.compare(a, b) === 0;

/** Which words a person gets for a difference at this place. */
function codeOf(path: string): { code: string; permitted: boolean } {
  if (/^\/Metadata\b/.test(path)) return { code: 'metadata', permitted: true };
  if (path.startsWith('/AcroForm')) return { code: 'form_changed', permitted: false };
  if (/\/Annots(\[|$)/.test(path)) return { code: 'annotation_changed', permitted: false };
  if (/\/Contents(\[|$|\/)/.test(path)) return { code: 'page_content', permitted: false };
  if (/\/Resources(\/|$)/.test(path)) return { code: 'resource', permitted: false };
  return { code: 'structure', permitted: false };
}

/** Numbers, names, strings, booleans. */
function sameScalar(a: PdfObject, b: PdfObject): boolean {
  if (a instanceof PdfName && b instanceof PdfName) return a.value === b.value;
  if (a instanceof PdfNumber && b instanceof PdfNumber) return a.value === b.value;
  if (a instanceof PdfString && b instanceof PdfString) return sameBytes(a.bytes, b.bytes);
  return a.type === b.type && 'value' in a && 'value' in b && a.value === b.value;
}

const sameReference = (a: PdfObject | undefined, b: PdfObject | undefined): boolean =>
  a instanceof PdfRef && b instanceof PdfRef ? a.objectNumber === b.objectNumber : a === b;

/**
 * Walks two revisions in lock-step from their pages and catalogs and lists every difference. What is permitted at best:
 * validation data, further signatures with their fields, filling of existing fields, document information; whether the
 * document's certification permits it too is the caller's question.
 */
export function compareRevisions(before: PDF, after: PDF, laterSignatures: Set<PdfDict>): DocumentChange[] {
  const changes: DocumentChange[] = [];
  const seen = new Map<PdfObject, Set<PdfObject>>();
  const stack: [PdfObject | undefined, PdfObject | undefined, Place][] = [];
  const comparison: Comparison = {
    before,
    after,
    laterSignatures,
    report(code, path, permitted, page) {
      if (changes.length < MAX_CHANGES || !permitted) changes.push({ code, path, permitted, page });
    },
    compare: (a, b, at) => void stack.push([a, b, at]),
  };
  const differs = ({ path, page }: Place): void => {
    const { code, permitted } = codeOf(path);
    comparison.report(code, path, permitted, page);
  };

  const run = (): void => {
    let steps = 0;
    for (let item = stack.pop(); item; item = stack.pop()) {
      const [a, b, at] = [resolve(before, item[0]), resolve(after, item[1]), item[2]];
      if (++steps > MAX_STEPS || changes.length > MAX_CHANGES * 2) {
        comparison.report('not_comparable', at.path, false, at.page);
        return;
      }
      if (a === undefined || b === undefined) {
        if (a !== b) differs(at);
        continue;
      }
      const container = a instanceof PdfDict || a instanceof PdfArray;
      if (!container) {
        if (!sameScalar(a, b)) differs(at);
        continue;
      }
      const partners = seen.get(a) ?? new Set();
      seen.set(a, partners);
      if (partners.has(b)) continue;
      partners.add(b);
      if (a instanceof PdfArray && b instanceof PdfArray) {
        if (a.length !== b.length) differs(at);
        else
          for (let i = 0; i < a.length; i++)
            stack.push([a.at(i), b.at(i), { ...at, path: `${at.path}[${i}]` }]);
      } else if (a instanceof PdfDict && b instanceof PdfDict && a.type === b.type) {
        if (a instanceof PdfStream && b instanceof PdfStream && !sameBytes(a.data, b.data)) differs(at);
        compareEntries(comparison, a, b, at);
      } else {
        differs(at);
      }
    }
  };

  const [pagesBefore, pagesAfter] = [before.getPages(), after.getPages()];
  if (pagesBefore.length !== pagesAfter.length) comparison.report('page_count', '/Pages', false);
  comparison.compare(before.getCatalog(), after.getCatalog(), { path: '' });
  for (const [index, page] of pagesBefore.entries()) {
    const other = pagesAfter[index];
    // Pushed after the catalog, so compared before it: a difference is reported with the number of its page.
    if (other) comparison.compare(page.dict, other.dict, { path: `/Page ${index + 1}`, page: index + 1 });
  }
  run();
  return changes;
}

function compareEntries(comparison: Comparison, a: PdfDict, b: PdfDict, at: Place): void {
  const { before } = comparison;
  const keys = new Set([...a.keys(), ...b.keys()].map(({ value }) => value));
  const isPage = nameOf(before, a.get('Type')) === 'Page';
  const isAnnotation = a.has('Subtype') && a.has('Rect');
  const fillable = isFillable(comparison, a, b);
  for (const key of keys) {
    const [x, y] = [a.get(key), b.get(key)];
    const next = { ...at, path: `${at.path}/${key}` };
    if (a instanceof PdfStream && key === 'Length') continue;
    if (at.path === '' && compareCatalogEntry(comparison, key, x, y, next)) continue;
    if (key === 'Annots' && isPage) compareAnnotations(comparison, x, y, next);
    else if (key === 'Parent' || (key === 'P' && isAnnotation)) {
      if (!sameReference(x, y)) comparison.report('structure', next.path, false, at.page);
    } else if (fillable?.keys.has(key)) {
      fillable.differ(x, y, next); // one line a field, not one for each of its keys
    } else comparison.compare(x, y, next);
  }
}

/** Entries of the catalog that have rules of their own; false for all others. */
function compareCatalogEntry(
  comparison: Comparison,
  key: string,
  x: PdfObject | undefined,
  y: PdfObject | undefined,
  at: Place,
): boolean {
  switch (key) {
    case 'DSS': {
      const same = sameReference(x, y);
      if (!same || x === undefined) comparison.report('validation_data', at.path, y !== undefined);
      return true;
    }
    case 'Extensions':
      return true; // announces which extensions of PDF a later signature uses
    case 'AcroForm':
      compareForm(comparison, x, y, at);
      return true;
    default:
      return false;
  }
}
