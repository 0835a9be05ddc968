import type { Box } from '../drawing/canvas.ts';
import type { VisiblePage } from '../drawing/page-geometry.ts';
import type { PageImage } from '../raster/open-raster.ts';

type Size = Pick<VisiblePage, 'width' | 'height'>;

/** From the edge of the page, points: most printers reach this far. */
const MARGIN = 14;
/** Kept free around the strip, points. */
const CLEARANCE = 3;
/** How much a channel may differ within what counts as one colour: noise of compression, no ink. */
const TOLERANCE = 4;

/** Where the strip may stand, best first: foot before head, the corners before the middle. */
function candidates(page: Size, strip: Size): Box[] {
  const columns = [page.width - MARGIN - strip.width, MARGIN, (page.width - strip.width) / 2];
  const rows = [MARGIN, page.height - MARGIN - strip.height];
  if (page.width < strip.width + 2 * MARGIN || page.height < strip.height + 2 * MARGIN) return [];
  return rows.flatMap((y) => columns.map((x) => ({ x, y, width: strip.width, height: strip.height })));
}

const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/**
 * Whether the page shows a single colour within the box.
 * @param box points from the visible bottom left
 * @param clearance around the box, points
 */
export function isPlain(
  { width, height, pixels }: PageImage,
  page: Size,
  box: Box,
  clearance: number,
): boolean {
  const [across, down] = [width / page.width, height / page.height];
  const left = Math.max(0, Math.floor((box.x - clearance) * across));
  const right = Math.min(width, Math.ceil((box.x + box.width + clearance) * across));
  const top = Math.max(0, Math.floor((page.height - box.y - box.height - clearance) * down));
  const bottom = Math.min(height, Math.ceil((page.height - box.y + clearance) * down));
  const first = (top * width + left) * 4;
  for (let row = top; row < bottom; row++) {
    for (let at = (row * width + left) * 4; at < (row * width + right) * 4; at += 4) {
      for (let channel = 0; channel < 3; channel++) {
        const difference = (pixels[at + channel] ?? 0) - (pixels[first + channel] ?? 0);
        if (Math.abs(difference) > TOLERANCE) return false;
      }
    }
  }
  return true;
}

/**
 * A place where the strip covers nothing: neither anything that can be seen, nor a place kept for a mark.
 * @param image the whole visible page
 * @param kept boxes in points from the visible bottom left
 */
export function findFreePlace(image: PageImage, page: Size, strip: Size, kept: Box[]): Box | undefined {
  return candidates(page, strip).find(
    (box) => !kept.some((other) => overlaps(box, other)) && isPlain(image, page, box, CLEARANCE),
  );
}
