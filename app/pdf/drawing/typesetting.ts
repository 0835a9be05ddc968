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
 * stands in), nothing without a width of its own (joiners, variation selectors), one kind of space.
 */
export const printable = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2060\ufeff\ufffe\uffff]/g, '')
    .replace(/\p{Variation_Selector}/gu, '')
    // eslint-disable-next-line no-control-regex -- that is what is to be removed
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ')
    .replace(/[\t\u2028\u2029]/g, ' ')
    .replace(/№ /g, '№\u00a0'); // a number does not part from its sign

export function measure(fonts: Fonts, text: string, { font, size }: { font: FontUse; size: number }): number {
  let width = 0;
  for (const character of text) width += fonts.advance(font, character);
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

/** Scripts that are written without spaces: a line may end after each of their letters. */
const IDEOGRAPHIC =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;
/** Marks that never begin a line, and those that never end one (JIS X 4051, "kinsoku"). */
const NOT_AT_START =
  /[、。，．・：；？！）］｝〕〉》」』】〙〗〟’”»ー々〻‐゠–〜～ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ,.:;?!)\]}]/;
const NOT_AT_END = /[（［｛〔〈《「『【〘〖〝‘“«([{]/;

/** A word in the pieces between which a line may end: one, unless it has ideographs. */
function breakablePieces(word: string): string[] {
  if (!IDEOGRAPHIC.test(word)) return [word];
  const pieces: string[] = [];
  let last = '';
  for (const character of word) {
    const between = IDEOGRAPHIC.test(character) || IDEOGRAPHIC.test(last);
    const breakable = between && !NOT_AT_START.test(character) && !NOT_AT_END.test(last);
    if (last && !breakable) pieces[pieces.length - 1] += character;
    else pieces.push(character);
    last = character;
  }
  return pieces;
}

/** Lines no wider than `width`; keeps the text's own line ends, breaks words only when a whole line cannot hold them. */
export function wrap(fonts: Fonts, source: string, style: TextStyle, width: number): string[] {
  const lines: string[] = [];
  const space = measure(fonts, ' ', style);
  for (const paragraph of printable(source).split('\n')) {
    let line = '';
    let lineWidth = 0;
    for (const word of paragraph.split(' ').filter(Boolean)) {
      for (const [index, piece] of breakablePieces(word).entries()) {
        const pieceWidth = measure(fonts, piece, style);
        const gap = index === 0 ? space : 0;
        if (line && lineWidth + gap + pieceWidth <= width) {
          line += gap ? ` ${piece}` : piece;
          lineWidth += gap + pieceWidth;
          continue;
        }
        if (line) lines.push(line);
        const parts = pieceWidth > width ? breakWord(fonts, piece, style, width) : [piece];
        line = parts.pop() ?? '';
        lines.push(...parts);
        lineWidth = measure(fonts, line, style);
      }
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
  // A hair less: `wrap` adds the same words up in another order, and must not find them too wide by a rounding error.
  return natural <= width ? style.size : Math.max(smallest, (style.size * width * (1 - 1e-9)) / natural);
}
