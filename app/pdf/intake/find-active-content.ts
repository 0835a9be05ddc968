import { PdfArray, PdfDict, PdfRef } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { nameOf } from '../drawing/pdf-objects.ts';

/** Actions that run code or start a program (ISO 32000-1, 12.6.4). Going to a page or a web address is harmless. */
const ACTIVE_ACTIONS = new Set(['JavaScript', 'Launch', 'ImportData']);
/** Annotations whose content is a program (ISO 32000-2, 13.7; Flash in Adobe's extension level 3). */
const ACTIVE_ANNOTATIONS = new Set(['RichMedia']);
/** Entries that hold a script wherever they stand; the last is of 3D artwork (ISO 32000-1, table 300). */
const SCRIPT_ENTRIES = ['JavaScript', 'JS', 'OnInstantiate'];
const MAX_OBJECTS = 1_000_000;

/**
 * Looks through everything the catalog reaches, because a script can hang on any annotation, field, page or bookmark.
 * @returns what was found, or undefined
 * @throws RangeError for a document of more than a million objects
 */
export function findActiveContent(pdf: PDF): string | undefined {
  const seen = new Set<PdfRef>();
  const stack: PdfObject[] = [pdf.getCatalog()];
  let visited = 0;
  const follow = (value: PdfObject): void => {
    if (value instanceof PdfRef || value instanceof PdfDict || value instanceof PdfArray) stack.push(value);
  };
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
      const found = activeIn(pdf, object);
      if (found) return found;
      for (const [, value] of object) follow(value);
    } else if (object instanceof PdfArray) {
      for (const value of object) follow(value);
    }
  }
  return undefined;
}

function activeIn(pdf: PDF, dict: PdfDict): string | undefined {
  const action = nameOf(pdf, dict.get('S'));
  if (action && ACTIVE_ACTIONS.has(action)) return action;
  if (SCRIPT_ENTRIES.some((key) => dict.has(key))) return 'JavaScript';
  const annotation = nameOf(pdf, dict.get('Subtype'));
  return annotation && ACTIVE_ANNOTATIONS.has(annotation) ? annotation : undefined;
}
