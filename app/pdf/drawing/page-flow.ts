import { PdfArray, PdfDict } from '@libpdf/core';
import type { PDF, PdfRef } from '@libpdf/core';
import { canvasToPage, createCanvas } from './canvas.ts';
import type { Box, Canvas } from './canvas.ts';
import type { Fonts } from './fonts.ts';
import { name, numbers, text as pdfText } from './pdf-objects.ts';
import { leadingOf, wrap } from './typesetting.ts';
import type { TextStyle } from './typesetting.ts';

/** A4, in points; margins leave room for binding and for the foot. */
export const sheet = { width: 595.28, height: 841.89, left: 48, right: 48, top: 48, bottom: 64 } as const;
export const columnWidth = sheet.width - sheet.left - sheet.right;

export interface PageFlow {
  readonly fonts: Fonts;
  /** Takes `height` points of the column, on a new page if this one has not so much left. */
  reserve(height: number): { canvas: Canvas; top: number; page: number };
  /** Whether `height` would fit below what is there. */
  fits(height: number): boolean;
  /** Wrapped text; goes on to the next page line by line. */
  text(content: string, style: TextStyle, at?: { indent?: number; width?: number }): void;
  gap(height: number): void;
  link(page: number, box: Box, url: string): void;
  /** Number of pages so far. */
  pages(): number;
  /** Turns everything into pages at the end of `pdf`; `foot` is drawn on each. */
  finish(pdf: PDF, foot: (canvas: Canvas, page: number, pages: number) => void): PdfDict[];
}

export function createPageFlow(fonts: Fonts): PageFlow {
  const canvases: Canvas[] = [];
  const links: { page: number; box: Box; url: string }[] = [];
  let y = 0;
  const newPage = (): Canvas => {
    const canvas = createCanvas(fonts, sheet.width, sheet.height);
    canvases.push(canvas);
    y = sheet.height - sheet.top;
    return canvas;
  };
  const fits = (height: number): boolean => canvases.length > 0 && y - height >= sheet.bottom;

  const reserve: PageFlow['reserve'] = (height) => {
    const canvas = fits(height) ? (canvases.at(-1) ?? newPage()) : newPage();
    const top = y;
    y -= height;
    return { canvas, top, page: canvases.length - 1 };
  };

  return {
    fonts,
    reserve,
    fits,
    text(content, style, { indent = 0, width = columnWidth - indent } = {}) {
      for (const line of wrap(fonts, content, style, width)) {
        const { canvas, top } = reserve(leadingOf(style));
        canvas.text(line, sheet.left + indent, top - style.size, style);
      }
    },
    gap(height) {
      if (canvases.length > 0) y -= height;
    },
    link(page, box, url) {
      links.push({ page, box, url });
    },
    pages: () => canvases.length,
    finish(pdf, foot) {
      const pages = canvases.map((canvas, index) => {
        foot(canvas, index + 1, canvases.length);
        return canvasToPage(pdf, canvas);
      });
      for (const { page, box, url } of links) {
        const dict = pages[page];
        if (!dict) continue;
        const annotations = dict.getArray('Annots') ?? new PdfArray();
        annotations.push(linkAnnotation(pdf, box, url));
        dict.set('Annots', annotations);
      }
      return pages;
    },
  };
}

function linkAnnotation(pdf: PDF, { x, y, width, height }: Box, url: string): PdfRef {
  return pdf.register(
    PdfDict.of({
      Type: name('Annot'),
      Subtype: name('Link'),
      Rect: numbers(x, y, x + width, y + height),
      Border: numbers(0, 0, 0),
      A: PdfDict.of({ Type: name('Action'), S: name('URI'), URI: pdfText(new URL(url).href) }),
    }),
  );
}
