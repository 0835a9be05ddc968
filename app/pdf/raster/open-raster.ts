import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { PDFiumDocument } from '@hyzyla/pdfium';

/** A page as pixels, 4 bytes each (red, green, blue, alpha), rows from the top. */
export interface PageImage {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** Pictures of a file's pages, made by PDFium (WebAssembly), with annotations and form fields as a viewer shows them. */
export interface Raster {
  pages: number;
  /**
   * @param index from 0
   * @param scale pixels per point; the picture is of the visible page (cropped, turned)
   * @throws when PDFium cannot load the page
   */
  render(index: number, scale: number): Promise<PageImage>;
  close(): void;
}

let library: Promise<PDFiumLibrary> | undefined;

/**
 * Opens a file for drawing its pages. Costs about 40 ms once a worker. Its text functions are not used: in 2.1.13 they
 * fail ("table index is out of bounds").
 * @throws when PDFium cannot read the file
 */
export async function openRaster(pdf: Uint8Array): Promise<Raster> {
  library ??= PDFiumLibrary.init();
  const document: PDFiumDocument = await (await library).loadDocument(pdf);
  return {
    pages: document.getPageCount(),
    async render(index, scale) {
      try {
        const { width, height, data } = await document
          .getPage(index)
          .render({ scale, render: 'bitmap', colorSpace: 'BGRA', renderFormFields: true });
        return { width, height, pixels: data };
      } catch (error) {
        // After an abort of WebAssembly nothing in this instance can be relied upon; the next file gets a new one.
        if (error instanceof Error && error.name === 'RuntimeError') library = undefined;
        throw error;
      }
    },
    close: () => document.destroy(),
  };
}
