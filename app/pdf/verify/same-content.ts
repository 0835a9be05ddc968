import { PdfArray, PdfDict, PdfName, PdfNumber, PdfRef, PdfStream, PdfString } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { resolve } from '../drawing/pdf-objects.ts';

const MAX_STEPS = 200_000;
/** Lead back to what holds the object. */
const BACKWARD = new Set(['Parent', 'P']);

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length &&
  (a.buffer === b.buffer && a.byteOffset === b.byteOffset ? true : Buffer.compare(a, b) === 0);

/** Numbers, names, strings, booleans. */
export function sameScalar(a: PdfObject, b: PdfObject): boolean {
  if (a instanceof PdfName && b instanceof PdfName) return a.value === b.value;
  if (a instanceof PdfNumber && b instanceof PdfNumber) return a.value === b.value;
  if (a instanceof PdfString && b instanceof PdfString) return sameBytes(a.bytes, b.bytes);
  return a.type === b.type && 'value' in a && 'value' in b && a.value === b.value;
}

export const sameReference = (a: PdfObject | undefined, b: PdfObject | undefined): boolean =>
  a instanceof PdfRef && b instanceof PdfRef ? a.objectNumber === b.objectNumber : a === b;

/** Pairs of objects that were met already. */
export function createPairs(): (a: PdfObject, b: PdfObject) => boolean {
  const seen = new Map<PdfObject, Set<PdfObject>>();
  return (a, b) => {
    const partners = seen.get(a);
    if (partners?.has(b)) return false;
    if (partners) partners.add(b);
    else seen.set(a, new Set([b]));
    return true;
  };
}

/** Whether two objects of two revisions say the same, with everything that they refer to. When in doubt: no. */
export function sameContent(
  before: PDF,
  after: PDF,
  x: PdfObject | undefined,
  y: PdfObject | undefined,
): boolean {
  const isNew = createPairs();
  const stack: [PdfObject | undefined, PdfObject | undefined][] = [[x, y]];
  for (let steps = 0, pair = stack.pop(); pair; pair = stack.pop()) {
    if (++steps > MAX_STEPS) return false;
    const [a, b] = [resolve(before, pair[0]), resolve(after, pair[1])];
    if (a === undefined || b === undefined) {
      if (a !== b) return false;
    } else if (a instanceof PdfArray && b instanceof PdfArray) {
      if (a.length !== b.length) return false;
      if (isNew(a, b)) for (let i = 0; i < a.length; i++) stack.push([a.at(i), b.at(i)]);
    } else if (a instanceof PdfDict && b instanceof PdfDict) {
      if (a.type !== b.type || a.size !== b.size) return false;
      if (a instanceof PdfStream && b instanceof PdfStream && !sameBytes(a.data, b.data)) return false;
      if (!isNew(a, b)) continue;
      for (const [key, value] of a) {
        const other = b.get(key);
        if (BACKWARD.has(key.value) ? !sameReference(value, other) : other === undefined) return false;
        if (!BACKWARD.has(key.value)) stack.push([value, other]);
      }
    } else if (!sameScalar(a, b)) return false;
  }
  return true;
}
