import { PdfArray } from '@libpdf/core';
import type { PDF, PdfDict } from '@libpdf/core';
import { visiblePage } from '../drawing/page-geometry.ts';
import type { VisiblePage } from '../drawing/page-geometry.ts';
import { inheritedAttribute, numberOf, numbers } from '../drawing/pdf-objects.ts';

type Edges = [left: number, bottom: number, right: number, top: number];

/** Used where a page names no size: what readers assume. */
const LETTER: Edges = [0, 0, 612, 792];
/** All boxes of a page (ISO 32000-1, 14.11.2); only the first two are inherited. */
const BOXES = ['MediaBox', 'CropBox', 'BleedBox', 'TrimBox', 'ArtBox'];

function edgesOf(pdf: PDF, page: PdfDict, key: string): Edges | undefined {
  const found = inheritedAttribute(pdf, page, key);
  if (!(found instanceof PdfArray) || found.length < 4) return undefined;
  const [x1, y1, x2, y2] = found.toArray().map((value) => numberOf(pdf, value));
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return undefined;
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

/** Which edge of the unturned page its reader sees at the bottom, and which way is out. */
const BOTTOM: Record<VisiblePage['rotation'], readonly [edge: 0 | 1 | 2 | 3, outward: 1 | -1]> = {
  0: [1, -1],
  90: [2, 1],
  180: [3, 1],
  270: [0, -1],
};

/**
 * Adds paper at the bottom of the page as its reader sees it; everything keeps its place from the top.
 * @param height points
 * @returns the page as it is now
 */
export function growPage(pdf: PDF, page: PdfDict, height: number): VisiblePage {
  const { rotation, unit } = visiblePage(pdf, page);
  const [edge, outward] = BOTTOM[rotation];
  for (const key of BOXES) {
    const edges = edgesOf(pdf, page, key) ?? (key === 'MediaBox' ? [...LETTER] : undefined);
    if (!edges) continue;
    edges[edge] = (edges[edge] ?? 0) + (outward * height) / unit;
    page.set(key, numbers(...edges));
  }
  return visiblePage(pdf, page);
}
