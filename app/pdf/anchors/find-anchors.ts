import { PDF } from '@libpdf/core';
import type { PdfDict } from '@libpdf/core';
import { MAX_POSITIONS } from '../../domain/signature-positions.ts';
import type { SignaturePosition } from '../../domain/signature-positions.ts';
import { visiblePage } from '../drawing/page-geometry.ts';
import { findTaggedPages } from './find-tagged-pages.ts';
import type { TaggedPage } from './find-tagged-pages.ts';
import { locateTags } from './locate-tags.ts';
import type { LocatedTag } from './locate-tags.ts';
import { placeAnchor, sameAnchor } from './place-anchor.ts';
import { removeTags } from './remove-tags.ts';
import { sameTag } from './tag-grammar.ts';
import { distance, lengthOf } from './text-piece.ts';
import { walkText } from './walk-text.ts';

export interface TakenAnchors {
  /** Without the tags, when they were to be erased; byte for byte the given one when there are none. */
  pdf: Uint8Array;
  /** In the order of the pages, and on each as the page draws them; at most 500. */
  anchors: SignaturePosition[];
  /** Some tags could only be painted over: searching still finds them. */
  covered: boolean;
}

/** How far the start of a tag may lie from where it was estimated to be: parts of an em, and of its line. */
const NEAR_EM = 2;
const NEAR_LINE = 0.15;

/** The same tag with the exact places of its letters, if the page's content says them. */
function sharpen({ pieces }: TaggedPage, tag: LocatedTag, exact: LocatedTag[]): LocatedTag {
  const [start] = tag.parts;
  const line = pieces[tag.first];
  if (!start || !line) return tag;
  const near = NEAR_EM * lengthOf(start.up) + NEAR_LINE * lengthOf(line.along);
  const place = exact.findIndex((other) => {
    const [letter] = other.parts;
    return sameTag(other, tag) && letter !== undefined && distance(letter.at, start.at) <= near;
  });
  const [found] = place >= 0 ? exact.splice(place, 1) : [];
  return found ?? tag;
}

/** Tags letter by letter; none where the content cannot be followed. */
function readExactly(pdf: PDF, page: PdfDict): LocatedTag[] {
  try {
    return locateTags(walkText(pdf, page).letters);
  } catch {
    return [];
  }
}

function anchorsOf(pdf: PDF, tagged: TaggedPage): SignaturePosition[] {
  const page = pdf.getPage(tagged.index);
  if (!page) return [];
  const view = visiblePage(pdf, page.dict);
  const exact = readExactly(pdf, page.dict);
  const anchors: SignaturePosition[] = [];
  for (const tag of tagged.tags) {
    const anchor = placeAnchor(view, sharpen(tagged, tag, exact), tagged.index + 1);
    if (!anchors.some((other) => sameAnchor(other, anchor))) anchors.push(anchor);
  }
  return anchors;
}

/**
 * Finds the places that a document's own text marks (`{{sign:1}}`; docs/signature-positions.md) and, with `erase`, takes
 * their text out of it. Only the text of pages counts, not that of form fields and annotations.
 * @throws when libpdf cannot load the file, or loses a page of it
 */
export async function takeAnchors(pdf: Uint8Array, { erase }: { erase: boolean }): Promise<TakenAnchors> {
  const tagged = await findTaggedPages(pdf, MAX_POSITIONS);
  if (tagged.length === 0) return { pdf, anchors: [], covered: false };
  const document = await PDF.load(pdf);
  const anchors = tagged.flatMap((page) => anchorsOf(document, page)).slice(0, MAX_POSITIONS);
  if (!erase) return { pdf, anchors, covered: false };
  const removed = await removeTags(pdf, tagged);
  const [before, after] = [document.getPageCount(), (await PDF.load(removed.pdf)).getPageCount()];
  if (before !== after) throw new Error(`removing tags gave ${after} pages instead of ${before}`);
  return { anchors, ...removed };
}
