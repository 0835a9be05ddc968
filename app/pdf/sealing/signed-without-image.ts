import type { SealSigner, SigningRef } from '../../ports/pdf-engine.ts';
import type { Box, Canvas } from '../drawing/canvas.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { formatMoment } from '../drawing/format-moment.ts';
import { palette, styles } from '../drawing/palette.ts';
import { fitSize } from '../drawing/typesetting.ts';
import { shortenLine } from './shorten-lines.ts';

const SMALLEST = 5;

/** What stands in a place to sign when the signer gave neither a drawing nor a typed name: who and when, plainly. */
export function signedWithoutImage(
  fonts: Fonts,
  canvas: Canvas,
  box: Box,
  { name, signedAt }: SealSigner,
  { lang, timeZone }: SigningRef,
): void {
  const room = Math.min(9, box.height / 2.8);
  const lines = [
    [name, palette.ink],
    [formatMoment(signedAt, lang, timeZone), palette.muted],
  ] as const;
  let y = box.y + box.height / 2 + room * 0.3;
  for (const [line, color] of lines) {
    const size = fitSize(fonts, line, { ...styles.body, size: room }, box.width, SMALLEST);
    const style = { ...styles.body, size, color };
    canvas.text(shortenLine(fonts, line, style, box.width), box.x, y, style);
    y -= room * 1.3;
  }
}
