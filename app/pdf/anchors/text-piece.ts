/** Text as it lies on a page. Coordinates are the page's user space (ISO 32000-1, 8.3.2.3). */
import type { Matrix } from '../drawing/canvas.ts';

export interface Vector {
  x: number;
  y: number;
}

/** A stretch of text on one straight baseline: one letter, or as many as the reader could not tell apart. */
export interface TextPiece {
  text: string;
  /** Where its baseline starts. */
  at: Vector;
  /** From the start of the baseline to its end. */
  along: Vector;
  /** One em upwards: its length is the font size. */
  up: Vector;
}

export const add = (a: Vector, b: Vector, times = 1): Vector => ({
  x: a.x + b.x * times,
  y: a.y + b.y * times,
});

export const lengthOf = ({ x, y }: Vector): number => Math.hypot(x, y);

export const distance = (a: Vector, b: Vector): number => Math.hypot(a.x - b.x, a.y - b.y);

/** `first`, then `second`. */
export const multiply = (first: Matrix, second: Matrix): Matrix => {
  const [a1, b1, c1, d1, e1, f1] = first;
  const [a2, b2, c2, d2, e2, f2] = second;
  return [
    a1 * a2 + b1 * c2,
    a1 * b2 + b1 * d2,
    c1 * a2 + d1 * c2,
    c1 * b2 + d1 * d2,
    e1 * a2 + f1 * c2 + e2,
    e1 * b2 + f1 * d2 + f2,
  ];
};

/** A direction and length under `matrix`; points move with its last two numbers besides. */
export const turn = ([a, b, c, d]: Matrix, { x, y }: Vector): Vector => ({
  x: a * x + c * y,
  y: b * x + d * y,
});

const BLANK = /[\s\u00ad\u200b-\u200f\u2060\ufeff]/;

/** Whether a letter is none that anybody sees: what parts words depends on the reader. */
export function isBlank(letter: string): boolean {
  const code = letter.charCodeAt(0);
  return code <= 0x20 || (code >= 0x7f && BLANK.test(letter));
}
