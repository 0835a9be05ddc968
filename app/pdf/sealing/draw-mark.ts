import type { PDF, PDFImage } from '@libpdf/core';
import type { MarkKind } from '../../domain/signature-positions.ts';
import type { SealSigner, SigningRef } from '../../ports/pdf-engine.ts';
import type { Box, Canvas } from '../drawing/canvas.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { formatDay } from '../drawing/format-moment.ts';
import { palette, styles } from '../drawing/palette.ts';
import { fitSize, leadingOf, printable } from '../drawing/typesetting.ts';
import type { TextStyle } from '../drawing/typesetting.ts';
import { embedPng } from './embed-png.ts';
import { wrapAtMost } from './shorten-lines.ts';

/** Marks that are text, and their words. */
export type TextMarkKind = Exclude<MarkKind, 'sign' | 'stamp'>;

export function textOfMark(
  signer: SealSigner,
  kind: TextMarkKind,
  signing: Pick<SigningRef, 'lang' | 'timeZone'>,
): string {
  switch (kind) {
    case 'date':
      return formatDay(signer.signedAt, signing.lang, signing.timeZone);
    case 'name':
      return signer.name;
    case 'initials':
      return initialsOf(signer.name);
    case 'purpose':
      return signer.purposeText;
  }
}

/** Draws marks into boxes; keeps each image once per document. */
export interface MarkPainter {
  /** False when this signer has nothing of that kind (no stamp). */
  has: (signer: SealSigner, kind: MarkKind) => boolean;
  draw: (canvas: Canvas, box: Box, signer: SealSigner, kind: MarkKind) => void;
}

/** First letters of the words of a name: "Иванов Пётр Ильич" → "И. П. И." */
export const initialsOf = (name: string): string =>
  printable(name)
    .split(/[\s-]+/)
    .filter(Boolean)
    .slice(0, 4)
    .map((word) => `${String.fromCodePoint(word.codePointAt(0) ?? 0x20).toUpperCase()}.`)
    .join(' ');

const plain: TextStyle = { ...styles.body, size: 11 };
const TEXT_STYLES: Record<TextMarkKind, TextStyle> = {
  date: plain,
  name: plain,
  purpose: plain,
  initials: { font: 'script', size: 14, color: palette.pen },
};

export function createMarkPainter(
  pdf: PDF,
  fonts: Fonts,
  signing: Pick<SigningRef, 'lang' | 'timeZone'>,
): MarkPainter {
  const images = new Map<Uint8Array, PDFImage>();
  const imageOf = (png: Uint8Array): PDFImage => {
    let image = images.get(png);
    if (!image) {
      image = embedPng(pdf, png);
      images.set(png, image);
    }
    return image;
  };

  const drawImage = (canvas: Canvas, box: Box, png: Uint8Array): void => {
    const image = imageOf(png);
    const scale = Math.min(box.width / image.width, box.height / image.height);
    const [width, height] = [image.width * scale, image.height * scale];
    canvas.image(image, {
      x: box.x + (box.width - width) / 2,
      y: box.y + (box.height - height) / 2,
      width,
      height,
    });
  };

  /** As large as the box allows, on one line, or on several when that would be too small to read. */
  const drawText = (canvas: Canvas, box: Box, content: string, style: TextStyle, smallest = 6): void => {
    const tall = { ...style, size: Math.min(style.size, box.height * 0.78) };
    const size = fitSize(fonts, printable(content), tall, box.width, smallest);
    const fitted = { ...style, size, leading: size * 1.2 };
    const leading = leadingOf(fitted);
    const most = Math.floor((box.height + leading - size) / leading);
    const visible = wrapAtMost(fonts, content, fitted, box.width, most);
    let y = box.y + (box.height + visible.length * leading) / 2 - leading + size * 0.28;
    for (const line of visible) {
      canvas.text(line, box.x, y, fitted);
      y -= leading;
    }
  };

  return {
    has: (signer, kind) => {
      if (kind === 'stamp') return signer.stampPng !== undefined;
      return kind !== 'sign' || signer.mark.kind !== 'none';
    },
    draw(canvas, box, signer, kind) {
      switch (kind) {
        case 'sign':
          if (signer.mark.kind === 'drawn') drawImage(canvas, box, signer.mark.png);
          if (signer.mark.kind === 'typed') {
            drawText(canvas, box, signer.mark.text, { font: 'script', size: 26, color: palette.pen }, 9);
          }
          return;
        case 'stamp':
          if (signer.stampPng) drawImage(canvas, box, signer.stampPng);
          return;
        default:
          return drawText(canvas, box, textOfMark(signer, kind, signing), TEXT_STYLES[kind]);
      }
    },
  };
}
