import type { PDF, PdfDict } from '@libpdf/core';
import { PdfArray } from '@libpdf/core';
import { placeOnPage } from '../../domain/signature-positions.ts';
import type { SignaturePosition } from '../../domain/signature-positions.ts';
import type { Box, Matrix } from './canvas.ts';
import { inheritedAttribute, numberOf } from './pdf-objects.ts';

/** A page as a reader sees it: cropped, turned, in points. */
export interface VisiblePage {
  /** Size on the screen, points. */
  width: number;
  height: number;
  rotation: 0 | 90 | 180 | 270;
  /** Crop box in user space. */
  crop: Box;
  /** Points per user space unit (PDF 1.6, UserUnit). */
  unit: number;
}

const LETTER: Box = { x: 0, y: 0, width: 612, height: 792 };

function boxOf(pdf: PDF, page: PdfDict, key: string): Box | undefined {
  const found = inheritedAttribute(pdf, page, key);
  if (!(found instanceof PdfArray) || found.length < 4) return undefined;
  const [x1, y1, x2, y2] = [0, 1, 2, 3].map((index) => numberOf(pdf, found.at(index)) ?? Number.NaN);
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return undefined;
  const box = {
    x: Math.min(x1, x2),
    y: Math.min(y1, y2),
    width: Math.abs(x2 - x1),
    height: Math.abs(y2 - y1),
  };
  return box.width > 0 && box.height > 0 ? box : undefined;
}

function intersect(a: Box, b: Box): Box | undefined {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

export function visiblePage(pdf: PDF, page: PdfDict): VisiblePage {
  const media = boxOf(pdf, page, 'MediaBox') ?? LETTER;
  const crop = intersect(boxOf(pdf, page, 'CropBox') ?? media, media) ?? media;
  const turned = numberOf(pdf, inheritedAttribute(pdf, page, 'Rotate')) ?? 0;
  const rotation = ((((Math.round(turned / 90) * 90) % 360) + 360) % 360) as VisiblePage['rotation'];
  const userUnit = numberOf(pdf, page.get('UserUnit')) ?? 1;
  const unit = userUnit > 0 ? userUnit : 1;
  const [width, height] = rotation % 180 ? [crop.height, crop.width] : [crop.width, crop.height];
  return { width: width * unit, height: height * unit, rotation, crop, unit };
}

/** The box of a position on this page, points from the visible bottom left; undefined where it cannot be. */
export function positionBox(page: VisiblePage, position: SignaturePosition): Box | undefined {
  const place = placeOnPage(position, page);
  return typeof place === 'string' ? undefined : { ...place, y: page.height - place.y - place.height };
}

/** Turns drawing upright for the reader: from a form's own space (points, origin bottom left) to user space. */
export function placement(page: VisiblePage, at: { x: number; y: number }): Matrix {
  const { crop, rotation, unit } = page;
  const scale = 1 / unit;
  const [a, b, c, d, originX, originY] = (
    {
      0: [1, 0, 0, 1, crop.x, crop.y],
      90: [0, 1, -1, 0, crop.x + crop.width, crop.y],
      180: [-1, 0, 0, -1, crop.x + crop.width, crop.y + crop.height],
      270: [0, -1, 1, 0, crop.x, crop.y + crop.height],
    } as const
  )[rotation];
  const [x, y] = [at.x * scale, at.y * scale];
  return [a * scale, b * scale, c * scale, d * scale, originX + a * x + c * y, originY + b * x + d * y];
}

/** Rectangle in user space of a visible box, for annotations. */
export function userRectangle(page: VisiblePage, box: Box): [number, number, number, number] {
  const [a, b, c, d, e, f] = placement(page, box);
  const [x, y] = [e + a * box.width + c * box.height, f + b * box.width + d * box.height];
  return [Math.min(e, x), Math.min(f, y), Math.max(e, x), Math.max(f, y)];
}

/** Size in points, as a reader sees it, of a rectangle in user space: what a field there can show. */
export function visibleSize(
  { rotation, unit }: VisiblePage,
  [left, bottom, right, top]: readonly [number, number, number, number],
): { width: number; height: number } {
  const [across, up] = [Math.abs(right - left) * unit, Math.abs(top - bottom) * unit];
  return rotation % 180 ? { width: up, height: across } : { width: across, height: up };
}

/** /Matrix of an appearance, so that it stands upright on a turned page. */
export function uprightMatrix({ rotation }: VisiblePage): Matrix | undefined {
  const matrices: Record<number, Matrix> = {
    90: [0, 1, -1, 0, 0, 0],
    180: [-1, 0, 0, -1, 0, 0],
    270: [0, -1, 1, 0, 0, 0],
  };
  return matrices[rotation];
}
