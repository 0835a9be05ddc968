import { PdfArray, PdfDict, PdfNull } from '@libpdf/core';
import type { PDF, PdfRef } from '@libpdf/core';
import { name, number, text } from '../drawing/pdf-objects.ts';

export interface Bookmark {
  title: string;
  /** From 0. */
  page: number;
  /** Height of the place on its page, in points from the bottom. */
  top: number;
  below?: Bookmark[];
}

/** The document's outline (ISO 32000-1, 12.3.3), its topmost level open. */
export function addBookmarks(pdf: PDF, bookmarks: Bookmark[]): void {
  if (bookmarks.length === 0) return;
  const outline = PdfDict.of({ Type: name('Outlines') });
  const ref = pdf.register(outline);
  addLevel(pdf, outline, ref, bookmarks);
  pdf.getCatalog().set('Outlines', ref);
}

/** Items of one level, chained to each other; gives how many there are with everything below them. */
function addLevel(pdf: PDF, parent: PdfDict, parentRef: PdfRef, bookmarks: Bookmark[]): number {
  const items = bookmarks.map(({ title, page, top }) => {
    const target = pdf.getPage(page);
    if (!target) throw new Error(`a bookmark leads to page ${page + 1}, which does not exist`);
    const destination = new PdfArray([
      target.ref,
      name('XYZ'),
      PdfNull.instance,
      number(top),
      PdfNull.instance,
    ]);
    const dict = PdfDict.of({ Title: text(title), Parent: parentRef, Dest: destination });
    return { dict, ref: pdf.register(dict) };
  });
  let count = items.length;
  for (const [index, { dict, ref }] of items.entries()) {
    const [before, after] = [items[index - 1], items[index + 1]];
    if (before) dict.set('Prev', before.ref);
    if (after) dict.set('Next', after.ref);
    const below = bookmarks[index]?.below ?? [];
    if (below.length > 0) count += addLevel(pdf, dict, ref, below);
  }
  const [first, last] = [items[0], items.at(-1)];
  if (first && last) {
    parent.set('First', first.ref);
    parent.set('Last', last.ref);
    parent.set('Count', number(count));
  }
  return count;
}
