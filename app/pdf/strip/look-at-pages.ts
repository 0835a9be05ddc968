import type { PDF, PdfDict } from '@libpdf/core';
import { openRaster } from '../raster/open-raster.ts';
import type { PageImage } from '../raster/open-raster.ts';
import { visiblePage } from '../drawing/page-geometry.ts';
import { imagePixels } from './image-pixels.ts';

/** Small pictures of a document's pages, to see where they are free. */
export interface PageLook {
  /** Undefined for a page that cannot be looked at, or not at a reasonable price. */
  at(index: number, page: PdfDict): Promise<PageImage | undefined>;
  close(): void;
}

/** Pixels per point: a hairline is still seen, and a page without images takes 0.2 ms. PDFium 2.1.13 knows no UserUnit. */
const SCALE = 0.5;
/** Longer side of a picture at most, pixels. */
const LONGEST = 3_000;
/** Pages with more image pixels are passed over: decoding them takes more memory than all other work on the file. */
const MOST_IMAGE_PIXELS = 60_000_000;
/** After so long, pages are passed over, milliseconds: 500 scans take longer than the whole job may. */
const TIME = 10_000;

/**
 * @param bytes the file, and `pdf` the same file read
 * @param clock milliseconds
 */
export async function lookAtPages(bytes: Uint8Array, pdf: PDF, clock: () => number): Promise<PageLook> {
  const deadline = clock() + TIME;
  const opened = await openRaster(bytes).catch(() => undefined);
  const raster = opened?.pages === pdf.getPageCount() ? opened : undefined;
  return {
    async at(index, page) {
      if (!raster || clock() > deadline || imagePixels(pdf, page) > MOST_IMAGE_PIXELS) return undefined;
      const { width, height, unit } = visiblePage(pdf, page);
      const scale = Math.min(SCALE, LONGEST / Math.max(width, height));
      return raster.render(index, scale * unit).catch(() => undefined);
    },
    close() {
      try {
        opened?.close();
      } catch {
        // PDFium gave up on a page before: there is nothing left to close
      }
    },
  };
}
