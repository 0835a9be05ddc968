import { PdfArray, PdfDict, PdfRef } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { nameOf } from '../drawing/pdf-objects.ts';

/** Actions that run code or start a program (ISO 32000-1, 12.6.4). Going to a page or a web address is harmless. */
const ACTIVE = new Set(['JavaScript', 'Launch', 'ImportData']);
const MAX_OBJECTS = 1_000_000;

/**
 * Looks through everything the catalog reaches, because a script can hang on any annotation, field, page or bookmark.
 * @returns what was found, or undefined
 * @throws RangeError for a document of more than a million objects
 */
export function findActiveContent(pdf: PDF): string | undefined {
  const seen = new Set<PdfObject>();
  const stack: PdfObject[] = [pdf.getCatalog()];
  let visited = 0;
  for (let object = stack.pop(); object; object = stack.pop()) {
    if (object instanceof PdfRef) {
      if (seen.has(object)) continue;
      seen.add(object);
      const target = pdf.getObject(object);
      if (target) stack.push(target);
      continue;
    }
    if (++visited > MAX_OBJECTS) throw new RangeError('more than a million objects');
    if (object instanceof PdfDict) {
      const action = nameOf(pdf, object.get('S'));
      if (action && ACTIVE.has(action)) return action;
      if (object.has('JavaScript') || object.has('JS')) return 'JavaScript';
      if (nameOf(pdf, object.get('Subtype')) === 'RichMedia') return 'RichMedia';
      for (const [, value] of object) {
        if (value instanceof PdfRef || value instanceof PdfDict || value instanceof PdfArray)
          stack.push(value);
      }
    } else if (object instanceof PdfArray) {
      for (const value of object) {
        if (value instanceof PdfRef || value instanceof PdfDict || value instanceof PdfArray)
          stack.push(value);
      }
    }
  }
  return undefined;
}
