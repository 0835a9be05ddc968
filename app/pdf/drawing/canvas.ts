import { PdfDict, PdfStream } from '@libpdf/core';
import type { PDF, PDFImage, PdfRef } from '@libpdf/core';
import type { Fonts } from './fonts.ts';
import { name, number, numbers } from './pdf-objects.ts';
import { printable } from './typesetting.ts';
import type { Color, TextStyle } from './typesetting.ts';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A matrix as PDF writes it: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/**
 * Collects drawing operators together with the resources they need; the result becomes a page's content or a form
 * XObject. Origin bottom left, points. Our own instead of libpdf's page drawing, because an appearance of a signature
 * field is no page, and because one content stream a page is smaller than one per word.
 */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** One line; `y` is the baseline. */
  text(line: string, x: number, y: number, style: TextStyle): void;
  rectangle(box: Box, paint: { fill?: Color; stroke?: Color; lineWidth?: number; radius?: number }): void;
  line(x1: number, y1: number, x2: number, y2: number, color: Color, lineWidth?: number): void;
  /** Many squares in one path: QR codes. */
  squares(cells: Iterable<[x: number, y: number]>, size: number, color: Color): void;
  image(image: PDFImage, box: Box): void;
  /** Paints a form XObject under `matrix`. */
  form(ref: PdfRef, matrix: Matrix): void;
  content(): Uint8Array;
  resources(): PdfDict;
}

const f = (value: number): string => String(Math.round(value * 1000) / 1000);
const rgb = (color: Color, operator: 'rg' | 'RG'): string => `${color.map(f).join(' ')} ${operator}`;
/** Distance of control points that makes four Bézier curves a circle. */
const ROUND = 0.5523;

function roundedPath({ x, y, width, height }: Box, radius: number): string {
  const r = Math.min(radius, width / 2, height / 2);
  const k = r * (1 - ROUND);
  const [right, top] = [x + width, y + height];
  return [
    `${f(x + r)} ${f(y)} m ${f(right - r)} ${f(y)} l`,
    `${f(right - k)} ${f(y)} ${f(right)} ${f(y + k)} ${f(right)} ${f(y + r)} c ${f(right)} ${f(top - r)} l`,
    `${f(right)} ${f(top - k)} ${f(right - k)} ${f(top)} ${f(right - r)} ${f(top)} c ${f(x + r)} ${f(top)} l`,
    `${f(x + k)} ${f(top)} ${f(x)} ${f(top - k)} ${f(x)} ${f(top - r)} c ${f(x)} ${f(y + r)} l`,
    `${f(x)} ${f(y + k)} ${f(x + k)} ${f(y)} ${f(x + r)} ${f(y)} c h`,
  ].join('\n');
}

export function createCanvas(fonts: Fonts, width: number, height: number): Canvas {
  const operators: string[] = [];
  const fontResources = new PdfDict();
  const xobjects = new PdfDict();
  const named = new Map<PdfRef, string>();
  const xobjectName = (ref: PdfRef): string => {
    let known = named.get(ref);
    if (!known) {
      known = `X${named.size}`;
      named.set(ref, known);
      xobjects.set(known, ref);
    }
    return known;
  };

  return {
    width,
    height,
    text(line, x, y, { font, size, color }) {
      const clean = printable(line).replace(/[\n\u00a0]/g, ' ');
      if (!clean.trim()) return;
      const shown = fonts.runs(font, clean).map(({ face, text }) => {
        const key = `F${face}`;
        if (!fontResources.has(key)) fontResources.set(key, fonts.ref(face));
        const glyphs = fonts
          .get(face)
          .encodeTextToGids(text)
          .map((glyph) => glyph.toString(16).padStart(4, '0'))
          .join('');
        return `/${key} ${f(size)} Tf <${glyphs}> Tj`;
      });
      operators.push(`BT ${rgb(color, 'rg')} ${f(x)} ${f(y)} Td ${shown.join(' ')} ET`);
    },
    rectangle(box, { fill, stroke, lineWidth = 0.75, radius = 0 }) {
      const path = radius
        ? roundedPath(box, radius)
        : `${f(box.x)} ${f(box.y)} ${f(box.width)} ${f(box.height)} re`;
      const colors = [fill && rgb(fill, 'rg'), stroke && `${rgb(stroke, 'RG')} ${f(lineWidth)} w`];
      const paint = fill && stroke ? 'B' : fill ? 'f' : 'S';
      operators.push('q', ...colors.filter((part) => part !== undefined), path, paint, 'Q');
    },
    line(x1, y1, x2, y2, color, lineWidth = 0.75) {
      operators.push(`q ${rgb(color, 'RG')} ${f(lineWidth)} w ${f(x1)} ${f(y1)} m ${f(x2)} ${f(y2)} l S Q`);
    },
    squares(cells, size, color) {
      operators.push(`q ${rgb(color, 'rg')}`);
      for (const [x, y] of cells) operators.push(`${f(x)} ${f(y)} ${f(size)} ${f(size)} re`);
      operators.push('f Q');
    },
    image(image, box) {
      operators.push(
        `q ${f(box.width)} 0 0 ${f(box.height)} ${f(box.x)} ${f(box.y)} cm /${xobjectName(image.ref)} Do Q`,
      );
    },
    form(ref, matrix) {
      operators.push(`q ${matrix.map(f).join(' ')} cm /${xobjectName(ref)} Do Q`);
    },
    content: () => new TextEncoder().encode(`${operators.join('\n')}\n`),
    resources() {
      const all = new PdfDict();
      if (fontResources.size > 0) all.set('Font', fontResources);
      if (xobjects.size > 0) all.set('XObject', xobjects);
      return all;
    },
  };
}

/** The canvas as a form XObject, registered in `pdf`. `matrix` turns it, for fields on rotated pages. */
export function canvasToForm(pdf: PDF, canvas: Canvas, matrix?: Matrix): PdfRef {
  const stream = new PdfStream(
    [
      ['Type', name('XObject')],
      ['Subtype', name('Form')],
      ['FormType', number(1)],
      ['BBox', numbers(0, 0, canvas.width, canvas.height)],
      ['Resources', canvas.resources()],
    ],
    canvas.content(),
  );
  if (matrix) stream.set('Matrix', numbers(...matrix));
  return pdf.register(stream);
}

/** A new last page with the canvas on it; inherits nothing from the page tree (its rotation, its boxes). */
export function canvasToPage(pdf: PDF, canvas: Canvas): PdfDict {
  const { dict } = pdf.addPage({ width: canvas.width, height: canvas.height });
  dict.set('CropBox', numbers(0, 0, canvas.width, canvas.height));
  dict.set('Rotate', number(0));
  dict.set('Resources', canvas.resources());
  dict.set('Contents', pdf.register(new PdfStream([], canvas.content())));
  return dict;
}
