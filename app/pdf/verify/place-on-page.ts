import type { PDF, PdfDict } from '@libpdf/core';
import type { PagePlace } from '../../ports/pdf-engine.ts';
import { visiblePage } from '../drawing/page-geometry.ts';
import type { VisiblePage } from '../drawing/page-geometry.ts';
import { arrayOf, numberOf } from '../drawing/pdf-objects.ts';

/** The corners of an annotation's rectangle in user space; undefined when it has none. */
export function rectangleOf(pdf: PDF, annotation: PdfDict): [number, number, number, number] | undefined {
  const written = arrayOf(pdf, annotation.get('Rect'))?.toArray() ?? [];
  const [x1, y1, x2, y2] = written.map((item) => numberOf(pdf, item));
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return undefined;
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

/** The part of a rectangle in user space that a reader of the page can see, from the top-left; undefined for nothing. */
export function placeOnPage(
  { crop, rotation, unit, width, height }: VisiblePage,
  [x1, y1, x2, y2]: [number, number, number, number],
): PagePlace | undefined {
  const [left, right] = [x1 - crop.x, x2 - crop.x];
  const [bottom, top] = [y1 - crop.y, y2 - crop.y];
  const [cropWidth, cropHeight] = [crop.width, crop.height];
  const [fromX, fromY, toX, toY] = {
    0: [left, cropHeight - top, right, cropHeight - bottom],
    90: [bottom, left, top, right],
    180: [cropWidth - right, bottom, cropWidth - left, top],
    270: [cropHeight - top, cropWidth - right, cropHeight - bottom, cropWidth - left],
  }[rotation] as [number, number, number, number];
  const x = Math.max(0, fromX * unit);
  const y = Math.max(0, fromY * unit);
  const place = { x, y, width: Math.min(width, toX * unit) - x, height: Math.min(height, toY * unit) - y };
  return place.width > 0 && place.height > 0 ? place : undefined;
}

/** Where an annotation is on its page, and which share of the page it covers. */
export function annotationPlace(
  pdf: PDF,
  annotation: PdfDict,
  pageNumber: number | undefined,
): { place?: PagePlace; share: number } {
  const page = pageNumber === undefined ? null : pdf.getPage(pageNumber - 1);
  const rectangle = rectangleOf(pdf, annotation);
  if (!page || !rectangle) return { share: 0 };
  const visible = visiblePage(pdf, page.dict);
  const place = placeOnPage(visible, rectangle);
  const share = place ? (place.width * place.height) / (visible.width * visible.height) : 0;
  return { place, share };
}
