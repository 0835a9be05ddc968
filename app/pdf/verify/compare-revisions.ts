import { PdfArray, PdfDict, PdfStream } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { nameOf, resolve } from '../drawing/pdf-objects.ts';
import { compareAnnotations } from './compare-annotations.ts';
import { compareForm } from './compare-form.ts';
import { below, pathText } from './comparison.ts';
import type { Comparison, Difference, Needed, Spot } from './comparison.ts';
import { compareFilling, isFillable } from './judge-filling.ts';
import { annotationPlace } from './place-on-page.ts';
import { findReservedFields } from './reserved-fields.ts';
import { createPairs, sameBytes, sameContent, sameReference, sameScalar } from './same-content.ts';

const MAX_STEPS = 2_000_000;
const MAX_DIFFERENCES = 200;

/** Which words a person gets for a difference that no rule knows. */
function codeOf(path: string): { code: string; needs: Needed } {
  const never = (code: string): { code: string; needs: Needed } => ({ code, needs: 'never' });
  if (/^\/Metadata\b/.test(path)) return { code: 'metadata', needs: 1 };
  if (path.startsWith('/AcroForm')) return never('form_changed');
  if (path.startsWith('/OCProperties')) return never('layers_changed');
  if (/^\/(Names\/EmbeddedFiles|AF)\b/.test(path)) return never('attachment_changed');
  if (/^\/(OpenAction|AA|Names\/JavaScript)\b/.test(path)) return never('active_content_added');
  if (/\/Annots(\[|$)/.test(path)) return never('annotation_changed');
  if (/^\/Page \d+\/(MediaBox|CropBox|Rotate|UserUnit)\b/.test(path)) return never('page_size');
  if (/\/Contents(\[|$|\/)/.test(path)) return never('page_content');
  if (/\/Resources(\/|$)/.test(path)) return never('resource');
  return never('structure');
}

/**
 * Walks two successive revisions in lock-step from their pages and catalogs and lists every difference, with what a
 * certification has to permit for it. Objects that both revisions share are one object here, and are only walked through
 * in search of what they refer to.
 * @param laterSignatures dictionaries of the signatures that came with `after`
 * @param vouching those of them that hold, and so speak for what was filled in with them
 */
export function compareRevisions(
  before: PDF,
  after: PDF,
  laterSignatures: ReadonlySet<PdfDict>,
  vouching: ReadonlySet<PdfDict>,
): Difference[] {
  const differences: Difference[] = [];
  const isNew = createPairs();
  const stack: [PdfObject | undefined, PdfObject | undefined, Spot][] = [];
  const comparison: Comparison = {
    before,
    after,
    laterSignatures,
    reserved: findReservedFields(before, after, vouching),
    report(code, needs, spot, more) {
      if (differences.length < MAX_DIFFERENCES || needs === 'never') {
        differences.push({ code, needs, path: pathText(spot.path), page: spot.page, ...more });
      }
    },
    compare: (a, b, spot) => void stack.push([a, b, spot]),
  };
  const differs = (spot: Spot): void => {
    const { code, needs } = codeOf(pathText(spot.path));
    const place = spot.annotation && annotationPlace(after, spot.annotation, spot.page).place;
    comparison.report(code, needs, spot, { place });
  };

  const [pagesBefore, pagesAfter] = [before.getPages(), after.getPages()];
  const places = new Map<PdfObject, number>(pagesAfter.map(({ dict }, index) => [dict, index]));
  places.set(after.getCatalog(), -1);
  const own = new Map<PdfObject, number>(pagesBefore.map(({ dict }, index) => [dict, index]));
  own.set(before.getCatalog(), -1);
  if (pagesBefore.length !== pagesAfter.length) {
    comparison.report('page_count', 'never', { path: { step: '/Pages' } });
  }
  compareInformation(comparison);
  comparison.compare(before.getCatalog(), after.getCatalog(), { path: { step: '' } });
  for (const [index, page] of pagesBefore.entries()) {
    const other = pagesAfter[index];
    // Pushed after the catalog, so compared before it: a difference is reported with the number of its page.
    const spot = { path: { step: `/Page ${index + 1}` }, page: index + 1 };
    if (other) comparison.compare(page.dict, other.dict, spot);
  }

  let steps = 0;
  for (let item = stack.pop(); item; item = stack.pop()) {
    const [a, b, spot] = [resolve(before, item[0]), resolve(after, item[1]), item[2]];
    if (++steps > MAX_STEPS || differences.length > MAX_DIFFERENCES * 2) {
      comparison.report('not_comparable', 'never', spot);
      break;
    }
    if (a === undefined || b === undefined) {
      if (a !== b) differs(spot);
    } else if (a instanceof PdfArray && b instanceof PdfArray) {
      if (a.length !== b.length) differs(spot);
      else if (isNew(a, b)) {
        for (let i = 0; i < a.length; i++) stack.push([a.at(i), b.at(i), below(spot, `[${i}]`)]);
      }
    } else if (a instanceof PdfDict && b instanceof PdfDict && a.type === b.type) {
      // A link to a page, a lock's reference to the catalog: what changed there is told there.
      if (spot.path.parent && own.has(a) && own.get(a) === places.get(b)) continue;
      if (!isNew(a, b)) continue;
      if (a instanceof PdfStream && b instanceof PdfStream && !sameBytes(a.data, b.data)) differs(spot);
      compareEntries(comparison, a, b, spot);
    } else if (!sameScalar(a, b)) differs(spot);
  }
  return onceAField(differences);
}

/** A field that is reported with its place needs no second line for its value, which may lie in a dictionary of its own. */
function onceAField(differences: Difference[]): Difference[] {
  const placed = new Set(
    differences.filter(({ place }) => place).map(({ code, field }) => `${code} ${field}`),
  );
  return differences.filter(
    ({ code, field, place }) => place || field === undefined || !placed.has(`${code} ${field}`),
  );
}

/** Title, author and the like in the trailer (ISO 32000-1, 14.3.3): nothing of it is on a page. */
function compareInformation(comparison: Comparison): void {
  const { before, after } = comparison;
  const [x, y] = [before, after].map((pdf) => pdf.context.info.trailer.get('Info'));
  if (!sameContent(before, after, x, y)) comparison.report('metadata', 1, { path: { step: '/Info' } });
}

function compareEntries(comparison: Comparison, a: PdfDict, b: PdfDict, spot: Spot): void {
  const { before } = comparison;
  const isCatalog = a === before.getCatalog();
  const isPage = nameOf(before, a.get('Type')) === 'Page';
  const isAnnotation = a.has('Subtype') && a.has('Rect');
  const here = isAnnotation && spot.page !== undefined ? { ...spot, annotation: b } : spot;
  const done = isFillable(comparison, a, b) ? compareFilling(comparison, a, b, spot) : undefined;
  const compareEntry = (key: string): void => {
    const [x, y] = [a.get(key), b.get(key)];
    if (done?.has(key)) return;
    if (a instanceof PdfStream && key === 'Length') return; // its data were compared
    const next = below(here, `/${key}`);
    if (isCatalog && compareCatalogEntry(comparison, key, x, y, next)) return;
    if (key === 'Annots' && isPage) compareAnnotations(comparison, x, y, next);
    else if (key === 'Parent' || (key === 'P' && isAnnotation)) {
      if (!sameReference(x, y)) comparison.report('structure', 'never', next);
    } else comparison.compare(x, y, next);
  };
  for (const key of a.keys()) compareEntry(key.value);
  if (a !== b) for (const key of b.keys()) if (!a.has(key)) compareEntry(key.value);
}

/** Entries of the catalog that have rules of their own; false for all others. */
function compareCatalogEntry(
  comparison: Comparison,
  key: string,
  x: PdfObject | undefined,
  y: PdfObject | undefined,
  spot: Spot,
): boolean {
  const { before, after } = comparison;
  switch (key) {
    case 'DSS':
      if (!sameContent(before, after, x, y)) {
        comparison.report('validation_data', y === undefined ? 'never' : 1, spot);
      }
      return true;
    case 'Extensions': // announces which extensions of PDF a later signature uses
    case 'Version':
      return true;
    case 'AcroForm':
      compareForm(comparison, x, y, spot);
      return true;
    default:
      return false;
  }
}
