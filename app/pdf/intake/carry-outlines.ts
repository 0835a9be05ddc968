import { PdfArray, PdfDict, PdfString } from '@libpdf/core';
import type { PDF, PdfObject, PdfRef } from '@libpdf/core';
import { dictOf, name, number, resolve, text } from '../drawing/pdf-objects.ts';
import type { Copier } from './copy-objects.ts';

/** A bookmark with what it leads to, not yet in any file. */
export interface Bookmark {
  entries: PdfDict;
  children: Bookmark[];
}

const MAX_BOOKMARKS = 20_000;
const MAX_DEPTH = 64;
/** What a bookmark is, without its neighbours (ISO 32000-1, table 153; a structure element is not needed to go there). */
const OWN_KEYS = ['Title', 'Dest', 'A', 'C', 'F'];

/** A source's own bookmarks; `complete` is false when there are too many, too deep or running in circles. */
export function readBookmarks(source: PDF, copier: Copier): { bookmarks: Bookmark[]; complete: boolean } {
  const seen = new Set<PdfDict>();
  let complete = true;
  const read = (first: PdfObject | undefined, depth: number): Bookmark[] => {
    const found: Bookmark[] = [];
    for (let item = dictOf(source, first); item; item = dictOf(source, item.get('Next'))) {
      if (seen.has(item) || seen.size >= MAX_BOOKMARKS || depth > MAX_DEPTH) {
        complete = false;
        break;
      }
      seen.add(item);
      const entries = dictOf(source, copier.copy(picked(source, item))) ?? new PdfDict();
      found.push({ entries, children: read(item.get('First'), depth + 1) });
    }
    return found;
  };
  const root = dictOf(source, source.getCatalog().get('Outlines'));
  return { bookmarks: read(root?.get('First'), 0), complete };
}

function picked(source: PDF, item: PdfDict): PdfDict {
  const entries = new PdfDict();
  for (const key of OWN_KEYS) {
    const value = item.get(key);
    if (value) entries.set(key, value);
  }
  if (!(resolve(source, item.get('Title')) instanceof PdfString)) entries.set('Title', text('…'));
  return entries;
}

export function bookmarkTo(page: PdfRef, title: string, children: Bookmark[]): Bookmark {
  const entries = PdfDict.of({ Title: text(title), Dest: new PdfArray([page, name('Fit')]) });
  return { entries, children };
}

/** Writes bookmarks as the document's outline; the first level is open, what lies below is folded. */
export function writeOutline(pdf: PDF, bookmarks: Bookmark[]): void {
  const root = PdfDict.of({ Type: name('Outlines'), Count: number(bookmarks.length) });
  const rootRef = pdf.register(root);
  link(pdf, rootRef, root, bookmarks);
  const catalog = pdf.getCatalog();
  catalog.set('Outlines', rootRef);
  catalog.set('PageMode', name('UseOutlines'));
}

function link(pdf: PDF, parentRef: PdfRef, parent: PdfDict, bookmarks: Bookmark[]): void {
  const refs = bookmarks.map(({ entries }) => pdf.register(entries));
  for (const [index, { entries, children }] of bookmarks.entries()) {
    const [ref, previous, next] = [refs[index], refs[index - 1], refs[index + 1]];
    entries.set('Parent', parentRef);
    if (previous) entries.set('Prev', previous);
    if (next) entries.set('Next', next);
    if (ref && children.length > 0) {
      entries.set('Count', number(-children.length));
      link(pdf, ref, entries, children);
    }
  }
  const [first, last] = [refs[0], refs.at(-1)];
  if (first) parent.set('First', first);
  if (last) parent.set('Last', last);
}
