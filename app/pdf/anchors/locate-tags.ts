import { findTags } from './tag-grammar.ts';
import type { Tag } from './tag-grammar.ts';
import { add, isBlank } from './text-piece.ts';
import type { TextPiece } from './text-piece.ts';

/** A tag as it lies on the page, in the parts that its letters make. */
export interface LocatedTag extends Tag {
  /** The tag's letters, in order: of each piece that has some. */
  parts: TextPiece[];
  /** Index of the first and the last piece that has letters of it. */
  first: number;
  last: number;
}

/** All letters of pieces, one after the other, and the piece each comes from. */
export interface Letters {
  text: string;
  /** By index of the letter: the piece, and the letter's index in it. */
  pieces: number[];
  offsets: number[];
}

/** Puts the pieces together without blanks. */
export function joinLetters(pieces: TextPiece[]): Letters {
  const letters: Letters = { text: '', pieces: [], offsets: [] };
  const collected: string[] = [];
  for (const [index, { text }] of pieces.entries()) {
    for (let offset = 0; offset < text.length; offset++) {
      const letter = text.charAt(offset);
      if (isBlank(letter)) continue;
      collected.push(letter);
      letters.pieces.push(index);
      letters.offsets.push(offset);
    }
  }
  letters.text = collected.join('');
  return letters;
}

/** How wide a letter is in most fonts, in parts of an em: good enough to share out a piece's width. */
function typicalWidth(letter: string): number {
  if (/[ijlI.,:;'|!()[\]{}/ ftr]/.test(letter)) return 0.3;
  if (/[mwMW@%\u0416\u0428\u0429\u042e\u0436\u0448\u0449\u044e\u2e80-\uffff]/u.test(letter)) return 0.9;
  return /[\p{Lu}]/u.test(letter) ? 0.68 : 0.55;
}

/** The part of a piece from one of its letters to behind another. */
function cut(piece: TextPiece, from: number, to: number): TextPiece {
  if (from === 0 && to === piece.text.length) return piece;
  const width = (text: string): number => [...text].reduce((sum, letter) => sum + typicalWidth(letter), 0);
  const whole = width(piece.text) || 1;
  const [start, end] = [width(piece.text.slice(0, from)) / whole, width(piece.text.slice(0, to)) / whole];
  return {
    text: piece.text.slice(from, to),
    at: add(piece.at, piece.along, start),
    along: { x: piece.along.x * (end - start), y: piece.along.y * (end - start) },
    up: piece.up,
  };
}

/** Finds the tags in a page's text, in the order in which the page draws it. */
export function locateTags(pieces: TextPiece[]): LocatedTag[] {
  const { text, pieces: pieceOf, offsets } = joinLetters(pieces);
  return findTags(text).map(({ from, to, ...tag }) => {
    const parts: TextPiece[] = [];
    let start = from;
    for (let index = from; index < to; index++) {
      if (index + 1 < to && pieceOf[index + 1] === pieceOf[index]) continue;
      const piece = pieces[pieceOf[index] ?? 0];
      if (piece) parts.push(cut(piece, offsets[start] ?? 0, (offsets[index] ?? 0) + 1));
      start = index + 1;
    }
    return { ...tag, parts, first: pieceOf[from] ?? 0, last: pieceOf[to - 1] ?? 0 };
  });
}
