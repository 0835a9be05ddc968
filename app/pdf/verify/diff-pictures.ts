import type { PageImage } from '../raster/open-raster.ts';

/** A rectangle of pixels, from the top-left. */
export interface PixelBox {
  left: number;
  top: number;
  /** One past the last. */
  right: number;
  bottom: number;
}

/** Of one colour; rendering the same page twice gives the same pixels, so this is not for noise but for what one can see. */
const VISIBLE = 24;
/** Pixels; what is nearer to each other than this is one place. */
const CELL = 8;
const MAX_BOXES = 40;

/**
 * Where two pictures of the same size differ.
 * @param accounted where they may: marks can touch or overlap, so it is not looked at there at all
 */
export function diffPictures(
  before: PageImage,
  after: PageImage,
  accounted: readonly PixelBox[] = [],
): PixelBox[] {
  const { width, height } = before;
  const columns = Math.ceil(width / CELL);
  const cells = new Map<number, PixelBox>();
  for (let y = 0; y < height; y++) {
    const inRow = accounted.filter(({ top, bottom }) => top <= y && y < bottom);
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const differs =
        Math.abs(before.pixels[at]! - after.pixels[at]!) > VISIBLE ||
        Math.abs(before.pixels[at + 1]! - after.pixels[at + 1]!) > VISIBLE ||
        Math.abs(before.pixels[at + 2]! - after.pixels[at + 2]!) > VISIBLE;
      if (!differs || inRow.some(({ left, right }) => left <= x && x < right)) continue;
      const key = Math.floor(y / CELL) * columns + Math.floor(x / CELL);
      const box = cells.get(key);
      if (box) grow(box, { left: x, top: y, right: x + 1, bottom: y + 1 });
      else cells.set(key, { left: x, top: y, right: x + 1, bottom: y + 1 });
    }
  }
  return joinNeighbours(cells, columns);
}

function grow(box: PixelBox, by: PixelBox): void {
  box.left = Math.min(box.left, by.left);
  box.top = Math.min(box.top, by.top);
  box.right = Math.max(box.right, by.right);
  box.bottom = Math.max(box.bottom, by.bottom);
}

/** One box for cells that touch; a single one for everything when there are too many to be looked at. */
function joinNeighbours(cells: Map<number, PixelBox>, columns: number): PixelBox[] {
  const boxes: PixelBox[] = [];
  const left = new Map(cells);
  for (const [start, first] of cells) {
    if (!left.delete(start)) continue;
    const box = { ...first };
    for (const queue = [start]; queue.length > 0;) {
      const key = queue.pop()!;
      const column = key % columns;
      for (const dy of [-1, 0, 1]) {
        for (const dx of [-1, 0, 1]) {
          if (column + dx < 0 || column + dx >= columns) continue;
          const neighbour = key + dy * columns + dx;
          const found = left.get(neighbour);
          if (!found) continue;
          left.delete(neighbour);
          grow(box, found);
          queue.push(neighbour);
        }
      }
    }
    boxes.push(box);
  }
  if (boxes.length <= MAX_BOXES) return boxes;
  const [whole, ...others] = boxes as [PixelBox, ...PixelBox[]];
  for (const other of others) grow(whole, other);
  return [whole];
}
