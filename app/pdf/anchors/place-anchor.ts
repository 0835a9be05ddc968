import { DEFAULT_MARK_SIZE } from '../../domain/signature-positions.ts';
import type { MarkKind, SignaturePosition } from '../../domain/signature-positions.ts';
import { placement } from '../drawing/page-geometry.ts';
import type { VisiblePage } from '../drawing/page-geometry.ts';
import type { LocatedTag } from './locate-tags.ts';
import { add, lengthOf } from './text-piece.ts';
import type { Vector } from './text-piece.ts';

const SMALLEST_FONT = 8;
/** Marks that are text: drawn as high as the tag's own letters. */
const TEXT_KINDS: MarkKind[] = ['date', 'name', 'initials', 'purpose'];
/**
 * A mark's letters fill this part of their box, and stand this part of their size above its lower edge: the mark's
 * baseline comes to lie on the tag's.
 */
const LETTERS_IN_BOX = 0.78;
const BASELINE_IN_BOX = 0.32;
/** Parts of an em that letters reach above and below their baseline. */
const ASCENT = 0.75;
const DESCENT = 0.22;

/** From user space to points from the bottom left of the page as a reader sees it. */
export function toVisible(view: VisiblePage, { x, y }: Vector): Vector {
  const [a, b, c, d, e, f] = placement(view, { x: 0, y: 0 });
  const scale = a * a + b * b;
  const [right, up] = [x - e, y - f];
  return { x: (a * right + b * up) / scale, y: (c * right + d * up) / scale };
}

/** The corners of each part of a tag's text, in user space. */
export const cornersOf = (tag: LocatedTag): Vector[][] =>
  tag.parts.map(({ at, along, up }) => {
    const low = add(at, up, -DESCENT);
    const high = add(at, up, ASCENT);
    return [low, add(low, along), add(high, along), high];
  });

/** Where the box stands: at the start of the baseline, or below letters that do not stand upright. */
function footOf(view: VisiblePage, tag: LocatedTag): Vector {
  const [first] = tag.parts;
  if (!first) return { x: 0, y: 0 };
  const start = toVisible(view, first.at);
  const end = toVisible(view, add(first.at, first.up));
  const upright = end.y > start.y && Math.abs(end.x - start.x) < 0.35 * (end.y - start.y);
  if (upright) return start;
  const corners = cornersOf(tag)
    .flat()
    .map((corner) => toVisible(view, corner));
  return { x: Math.min(...corners.map(({ x }) => x)), y: Math.min(...corners.map(({ y }) => y)) };
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));
const points = (value: number): { value: number; unit: 'pt' } => ({
  value: Math.round(value * 10) / 10,
  unit: 'pt',
});

/**
 * The box that a tag asks for: its lower left corner on the start of the tag's baseline, as large as the tag says or as
 * marks of its kind are, moved inside the page where it would reach over the edge.
 * @param page from 1
 */
export function placeAnchor(view: VisiblePage, tag: LocatedTag, page: number): SignaturePosition {
  const foot = footOf(view, tag);
  let [width, height] = DEFAULT_MARK_SIZE[tag.kind];
  if (tag.size) {
    ({ width, height } = tag.size);
  } else if (TEXT_KINDS.includes(tag.kind)) {
    const font = Math.max(SMALLEST_FONT, lengthOf(tag.parts[0]?.up ?? { x: 0, y: 0 }) * view.unit);
    height = Math.min(font / LETTERS_IN_BOX, view.height);
    foot.y -= font * BASELINE_IN_BOX;
  }
  // Rounded down, so that the box cannot round over the edge.
  width = Math.min(width, Math.floor(view.width * 10) / 10);
  height = Math.min(height, Math.floor(view.height * 10) / 10);
  return {
    who: { by: 'signer', number: tag.signer },
    kind: tag.kind,
    page,
    x: points(clamp(foot.x, view.width - width)),
    y: points(clamp(view.height - foot.y - height, view.height - height)),
    w: points(width),
    h: points(height),
    line: 0,
  };
}

/** Whether two are one: programs paint text twice, a little apart, to make it look bold. */
export const sameAnchor = (a: SignaturePosition, b: SignaturePosition): boolean =>
  a.kind === b.kind &&
  a.who.number === b.who.number &&
  a.page === b.page &&
  Math.abs(a.x.value - b.x.value) < 2 &&
  Math.abs(a.y.value - b.y.value) < 2;
