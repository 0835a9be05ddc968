import { PdfArray, PdfDict, PdfNull, PdfRef, PdfStream } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { nameOf, resolve } from '../drawing/pdf-objects.ts';

/** Takes objects over from one file into another; what one object refers to comes along, once. */
export interface Copier {
  /** The value in `target`: a copy of a direct one, for a reference the reference to the copy. */
  copy(value: PdfObject): PdfObject;
}

/**
 * Streams are taken as they are, still compressed. A page's way up into its page tree is not followed, or the first link
 * from one page to another would bring the whole source along with its tree.
 * @param adapt called with every dictionary once its own entries are copied; what it sets goes into the copy
 */
export function createCopier(
  source: PDF,
  target: PDF,
  adapt: (copy: PdfDict, original: PdfDict, copier: Copier) => void,
): Copier {
  const copies = new Map<PdfRef, PdfObject>();
  /** Containers whose content is still to be copied: a queue, because files nest deeper than a call stack. */
  const pending: (() => void)[] = [];

  const start = (value: PdfObject): PdfObject => {
    if (value instanceof PdfRef) return startReference(value);
    if (value instanceof PdfDict) {
      const copy = value instanceof PdfStream ? new PdfStream([], value.data) : new PdfDict();
      pending.push(() => fillDict(copy, value));
      return copy;
    }
    if (value instanceof PdfArray) {
      const copy = new PdfArray();
      pending.push(() => copy.push(...value.toArray().map(start)));
      return copy;
    }
    return value; // numbers, names, strings: never changed, so both files may have them
  };

  const startReference = (ref: PdfRef): PdfObject => {
    const known = copies.get(ref);
    if (known) return known;
    const original = resolve(source, ref);
    const copy = original ? target.register(start(original)) : PdfNull.instance;
    copies.set(ref, copy);
    return copy;
  };

  const fillDict = (copy: PdfDict, original: PdfDict): void => {
    const page = nameOf(source, original.get('Type')) === 'Page';
    for (const [key, value] of original) {
      if (key.value === 'Length' && copy instanceof PdfStream) continue; // follows from the data
      if (key.value === 'Parent' && page) continue;
      copy.set(key, start(value));
    }
    adapt(copy, original, { copy: start }); // joins the queue that is being worked off
  };

  return {
    copy(value) {
      const copy = start(value);
      for (let next = pending.pop(); next; next = pending.pop()) next();
      return copy;
    },
  };
}
