import type { PDF, PDFPage } from '@libpdf/core';
import type { Box } from '../drawing/canvas.ts';
import type { VisiblePage } from '../drawing/page-geometry.ts';
import { isPlain } from '../strip/find-free-place.ts';
import { lookAtPages } from '../strip/look-at-pages.ts';

/** How far above one another places are tried, points: less than a line of text. */
const STEP = 6;
/** Kept free at the head of the page, points. */
const MARGIN = 18;
/** A cell is drawn inside its box, and its neighbours may touch it; points. */
const CLEARANCE = -1;

/**
 * Where a cell covers nothing that is seen: in its own place at the foot of the page, else in the lowest one above it.
 * Its own place where the page is full, or cannot be looked at.
 * @param bytes the file, and `pdf` the same file read
 * @param own points from the visible bottom left
 */
export async function findFreeCell(
  bytes: Uint8Array,
  pdf: PDF,
  { index, dict }: PDFPage,
  view: VisiblePage,
  own: Box,
): Promise<Box> {
  const look = await lookAtPages(bytes, pdf, () => performance.now());
  try {
    const image = await look.at(index, dict);
    if (!image) return own;
    for (let { y } = own; y + own.height <= view.height - MARGIN; y += STEP) {
      if (isPlain(image, view, { ...own, y }, CLEARANCE)) return { ...own, y };
    }
    return own;
  } finally {
    look.close();
  }
}
