import type { Fonts } from '../drawing/fonts.ts';
import { measure, wrap } from '../drawing/typesetting.ts';
import type { TextStyle } from '../drawing/typesetting.ts';

const ELLIPSIS = '…';

/** One line no wider than `width`, ending in an ellipsis where something was left out; `cut` says something was. */
export function shortenLine(
  fonts: Fonts,
  line: string,
  style: TextStyle,
  width: number,
  cut = measure(fonts, line, style) > width,
): string {
  if (!cut) return line;
  const characters = [...line];
  while (characters.length > 0 && measure(fonts, `${characters.join('')}${ELLIPSIS}`, style) > width) {
    characters.pop();
  }
  return `${characters.join('').trimEnd()}${ELLIPSIS}`;
}

/** `content` in at most `most` lines of `width` points; an ellipsis stands for what has no room. */
export function wrapAtMost(
  fonts: Fonts,
  content: string,
  style: TextStyle,
  width: number,
  most: number,
): string[] {
  const lines = wrap(fonts, content, style, width);
  const visible = lines.slice(0, Math.max(1, most));
  const last = visible.at(-1);
  if (lines.length > visible.length && last !== undefined) {
    visible[visible.length - 1] = shortenLine(fonts, last, style, width, true);
  }
  return visible;
}
