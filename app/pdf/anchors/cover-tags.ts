import { PdfArray, PdfRef, PdfStream } from '@libpdf/core';
import type { PDF, PdfDict } from '@libpdf/core';
import type { VisiblePage } from '../drawing/page-geometry.ts';
import { resolve } from '../drawing/pdf-objects.ts';
import type { PageImage } from '../raster/open-raster.ts';
import type { LocatedTag } from './locate-tags.ts';
import { cornersOf, toVisible } from './place-anchor.ts';
import type { Vector } from './text-piece.ts';

type Rgb = readonly [red: number, green: number, blue: number];

const WHITE: Rgb = [255, 255, 255];
/** Pixels around the letters in which the background is sought. */
const RIM = 3;

/** Colours of the pixels in a rectangle of a picture, with how often each is there. */
function countColors(
  image: PageImage,
  left: number,
  top: number,
  right: number,
  bottom: number,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(image.height, bottom); y++) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(image.width, right); x++) {
      const at = (y * image.width + x) * 4;
      const [red = 255, green = 255, blue = 255] = image.pixels.subarray(at, at + 3);
      const color = (red << 16) | (green << 8) | blue;
      counts.set(color, (counts.get(color) ?? 0) + 1);
    }
  }
  return counts;
}

/**
 * The colour that most of the surroundings of these corners have; undefined when all there has one colour: nothing is
 * to be seen that could be covered.
 */
function backgroundOf(image: PageImage, view: VisiblePage, corners: Vector[]): Rgb | undefined {
  const scale = image.width / view.width;
  const seen = corners.map((corner) => toVisible(view, corner));
  const [xs, ys] = [seen.map(({ x }) => x * scale), seen.map(({ y }) => (view.height - y) * scale)];
  const counts = countColors(
    image,
    Math.min(...xs) - RIM,
    Math.min(...ys) - RIM,
    Math.max(...xs) + RIM,
    Math.max(...ys) + RIM,
  );
  if (counts.size === 1) return undefined;
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (!most) return WHITE;
  return [most[0] >> 16, (most[0] >> 8) & 0xff, most[0] & 0xff];
}

const decimal = (value: number): string => String(Math.round(value * 1000) / 1000);

/**
 * Paints over the letters of tags that could not be taken out of a page's content.
 * @param image the page as it looks; without one, the background is taken to be white
 */
export function coverTags(
  pdf: PDF,
  page: PdfDict,
  view: VisiblePage,
  tags: LocatedTag[],
  image: PageImage | undefined,
): void {
  const painted = tags.flatMap(cornersOf).flatMap((corners) => {
    const color = image ? backgroundOf(image, view, corners) : WHITE;
    if (!color) return [];
    const fill = color.map((part) => decimal(part / 255)).join(' ');
    const [start, ...rest] = corners.map(({ x, y }) => `${decimal(x)} ${decimal(y)}`);
    return [`${fill} rg ${start} m ${rest.map((corner) => `${corner} l`).join(' ')} h f`];
  });
  if (painted.length === 0) return;
  const stream = (content: string): PdfRef => pdf.register(new PdfStream([], Buffer.from(content, 'latin1')));
  const contents = page.get('Contents');
  const resolved = resolve(pdf, contents);
  const before =
    resolved instanceof PdfArray ? resolved.toArray() : contents instanceof PdfRef ? [contents] : [];
  page.set('Contents', new PdfArray([stream('q\n'), ...before, stream(`\nQ\nq ${painted.join('\n')} Q\n`)]));
}
