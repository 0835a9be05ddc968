import { PDF } from '@libpdf/core';
import type { PdfDict } from '@libpdf/core';
import { visiblePage } from '../drawing/page-geometry.ts';
import { openRaster } from '../raster/open-raster.ts';
import type { PageImage, Raster } from '../raster/open-raster.ts';
import { isCleanErasure } from './check-erasure.ts';
import { coverTags } from './cover-tags.ts';
import { createTagEraser } from './erase-tags.ts';
import type { TagEraser } from './erase-tags.ts';
import type { TaggedPage } from './find-tagged-pages.ts';
import { locateTags } from './locate-tags.ts';
import { openText } from './read-page-text.ts';
import { walkText } from './walk-text.ts';

/** Longest side of the picture in which a page's background is looked up, pixels. */
const PICTURE_SIDE = 1200;

async function pictureOf(raster: Raster, pdf: PDF, index: number): Promise<PageImage | undefined> {
  const page = pdf.getPage(index);
  if (!page) return undefined;
  const { width, height } = visiblePage(pdf, page.dict);
  return raster.render(index, Math.min(1.5, PICTURE_SIDE / Math.max(width, height))).catch(() => undefined);
}

/** Without effect on a page whose content cannot be followed: the check finds its tags still there. */
function eraseFrom(pdf: PDF, page: PdfDict, eraser: TagEraser): void {
  try {
    const text = walkText(pdf, page);
    const letters = locateTags(text.letters).flatMap(({ first, last }) =>
      text.letters.slice(first, last + 1),
    );
    eraser.erase(page, text, letters);
  } catch {
    return;
  }
}

/** The file without the tags of its pages; on the pages in `covered` they are painted over instead. */
async function rewrite(pdf: Uint8Array, pages: TaggedPage[], covered: Set<TaggedPage>): Promise<Uint8Array> {
  const document = await PDF.load(pdf);
  const eraser = createTagEraser(document);
  const raster = covered.size > 0 ? await openRaster(pdf).catch(() => undefined) : undefined;
  try {
    for (const tagged of pages) {
      const page = document.getPage(tagged.index);
      if (!page) continue;
      if (covered.has(tagged)) {
        const picture = raster && (await pictureOf(raster, document, tagged.index));
        coverTags(document, page.dict, visiblePage(document, page.dict), tagged.tags, picture);
        continue;
      }
      eraseFrom(document, page.dict, eraser);
    }
  } finally {
    raster?.close();
  }
  // In full: an increment would leave the tags in the earlier revision.
  return document.save();
}

/** The pages on which more or less than the tags is gone, as another program reads them. */
async function findUnclean(pdf: Uint8Array, pages: TaggedPage[]): Promise<TaggedPage[]> {
  const reader = await openText(pdf);
  try {
    const unclean: TaggedPage[] = [];
    for (const page of pages) {
      if (!isCleanErasure(page.pieces, await reader.read(page.index))) unclean.push(page);
    }
    return unclean;
  } finally {
    await reader.close();
  }
}

/**
 * Takes the tags out of a file's text. Pages where that does not work without a trace are left as they were and have
 * their tags painted over: `covered`.
 */
export async function removeTags(
  pdf: Uint8Array,
  pages: TaggedPage[],
): Promise<{ pdf: Uint8Array; covered: boolean }> {
  const erased = await rewrite(pdf, pages, new Set());
  const unclean = await findUnclean(erased, pages);
  if (unclean.length === 0) return { pdf: erased, covered: false };
  return { pdf: await rewrite(pdf, pages, new Set(unclean)), covered: true };
}
