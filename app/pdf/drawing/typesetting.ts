/** Measuring and breaking text. Widths in points. */
import type { Fonts, FontUse } from './fonts.ts';

export interface TextStyle {
  font: FontUse;
  size: number;
  color: Color;
  /** Distance of baselines; default 1.35 × size. */
  leading?: number;
}

/** Red, green, blue from 0 to 1. */
export type Color = readonly [number, number, number];

export const leadingOf = (style: TextStyle): number => style.leading ?? style.size * 1.35;

/**
 * What can be drawn: no control characters, no bidirectional overrides (a name must not be able to reorder the line it
 * stands in), one kind of space.
 */
export const printable = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\ufffe\uffff]/g, '')
    // eslint-disable-next-line no-control-regex -- that is what is to be removed
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ')
    .replace(/[\t\u2028\u2029]/g, ' ')
    .replace(/№ /g, '№\u00a0'); // a number does not part from its sign

const characterWidths = new Map<string, number>();

/** Width of one character at size 1; remembered, because every line of every report asks again. */
function characterWidth(fonts: Fonts, use: FontUse, character: string): number {
  const key = use + character;
  let width = characterWidths.get(key);
  if (width === undefined) {
    width = fonts.get(use).getWidth(character.codePointAt(0) ?? 0) / 1000;
    if (characterWidths.size < 20_000) characterWidths.set(key, width);
  }
  return width;
}

export function measure(fonts: Fonts, text: string, { font, size }: { font: FontUse; size: number }): number {
  let width = 0;
  for (const character of text) width += characterWidth(fonts, font, character);
  return width * size;
}

/** A word too long for a line, in pieces that fit; breaks after / - _ . @ & = where one is near the edge. */
function breakWord(fonts: Fonts, word: string, style: TextStyle, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let pieceWidth = 0;
  for (const character of word) {
    const advance = measure(fonts, character, style);
    if (piece && pieceWidth + advance > width) {
      const nice =
        Math.max(...['/', '-', '_', '.', '@', '&', '='].map((mark) => piece.lastIndexOf(mark))) + 1;
      const cut = nice > piece.length * 0.6 ? nice : piece.length;
      pieces.push(piece.slice(0, cut));
      piece = piece.slice(cut);
      pieceWidth = measure(fonts, piece, style);
    }
    piece += character;
    pieceWidth += advance;
  }
  return piece ? [...pieces, piece] : pieces;
}

/** Lines no wider than `width`; keeps the text's own line ends, breaks words only when a whole line cannot hold them. */
export function wrap(fonts: Fonts, source: string, style: TextStyle, width: number): string[] {
  const lines: string[] = [];
  const space = measure(fonts, ' ', style);
  for (const paragraph of printable(source).split('\n')) {
    let line = '';
    let lineWidth = 0;
    for (const word of paragraph.split(' ').filter(Boolean)) {
      const wordWidth = measure(fonts, word, style);
      if (line && lineWidth + space + wordWidth <= width) {
        line += ` ${word}`;
        lineWidth += space + wordWidth;
        continue;
      }
      if (line) lines.push(line);
      const pieces = wordWidth > width ? breakWord(fonts, word, style, width) : [word];
      line = pieces.pop() ?? '';
      lines.push(...pieces);
      lineWidth = measure(fonts, line, style);
    }
    lines.push(line);
  }
  return lines;
}

/** The largest size, at most `style.size`, at which one line fits; not below `smallest`. */
export function fitSize(
  fonts: Fonts,
  line: string,
  style: TextStyle,
  width: number,
  smallest: number,
): number {
  const natural = measure(fonts, line, style);
  return natural <= width ? style.size : Math.max(smallest, (style.size * width) / natural);
}
