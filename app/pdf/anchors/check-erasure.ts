import { findTags } from './tag-grammar.ts';
import { joinLetters } from './locate-tags.ts';
import type { Letters } from './locate-tags.ts';
import { add, distance, lengthOf } from './text-piece.ts';
import type { TextPiece, Vector } from './text-piece.ts';

/** Parts of an em, and points, by which a place may be off: the numbers in a file are rounded. */
const TOLERANCE_EM = 0.06;
const TOLERANCE = 0.3;

/** Places that a reader is sure of, by index of the letter: where pieces start, and where they end. */
function knownPlaces(
  pieces: TextPiece[],
  letters: Letters,
  skipped: (index: number) => boolean,
): { text: string; starts: Map<number, Vector>; ends: Map<number, Vector> } {
  const starts = new Map<number, Vector>();
  const ends = new Map<number, Vector>();
  const kept: string[] = [];
  for (const [index, pieceIndex] of letters.pieces.entries()) {
    const piece = pieces[pieceIndex];
    if (skipped(index) || !piece) continue;
    if (letters.offsets[index] === 0) starts.set(kept.length, piece.at);
    if (letters.offsets[index] === piece.text.length - 1) ends.set(kept.length, add(piece.at, piece.along));
    kept.push(letters.text.charAt(index));
  }
  return { text: kept.join(''), starts, ends };
}

const atSamePlaces = (before: Map<number, Vector>, after: Map<number, Vector>, tolerance: number): boolean =>
  [...before].every(([index, place]) => {
    const now = after.get(index);
    return !now || distance(place, now) <= tolerance;
  });

/**
 * Whether nothing but the tags is gone: all other text is the same, and where it was. Text that stood before or behind a
 * tag on its line is told apart anew, so only places that both readings know are held against each other.
 */
export function isCleanErasure(before: TextPiece[], after: TextPiece[]): boolean {
  const old = joinLetters(before);
  const gone = new Set<number>();
  for (const { from, to } of findTags(old.text)) for (let index = from; index < to; index++) gone.add(index);
  const expected = knownPlaces(before, old, (index) => gone.has(index));
  const found = knownPlaces(after, joinLetters(after), () => false);
  if (found.text !== expected.text) return false;
  const largest = before.reduce((size, { up }) => Math.max(size, lengthOf(up)), 0);
  const tolerance = TOLERANCE + TOLERANCE_EM * largest;
  return (
    atSamePlaces(expected.starts, found.starts, tolerance) &&
    atSamePlaces(expected.ends, found.ends, tolerance)
  );
}
