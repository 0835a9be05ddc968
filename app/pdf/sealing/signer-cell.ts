import type { PDF, PdfRef } from '@libpdf/core';
import type { SealSigner, SigningRef } from '../../ports/pdf-engine.ts';
import { canvasToForm, createCanvas } from '../drawing/canvas.ts';
import type { Box, Canvas, Matrix } from '../drawing/canvas.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { formatMoment } from '../drawing/format-moment.ts';
import { palette, styles } from '../drawing/palette.ts';
import type { MarkPainter } from './draw-mark.ts';
import { wrapAtMost } from './shorten-lines.ts';

/**
 * The small form of a signer's card, for a document to which no page may be added because it is signed already: mark,
 * name and time in a cell at the foot of its last page.
 */

const COLUMNS = 3;
const CELL_WIDTH = 170;
const CELL_HEIGHT = 46;
const STRIP = { left: 24, bottom: 18 };

/** Where the cells of all signers together stand, points from the visible bottom left. */
export function stripBox(signers: number, pageWidth: number): Box {
  const width = Math.max(1, Math.min(signers, COLUMNS)) * CELL_WIDTH;
  return {
    x: STRIP.left,
    y: STRIP.bottom,
    width: Math.min(pageWidth - 2 * STRIP.left, width),
    height: Math.ceil(signers / COLUMNS) * CELL_HEIGHT,
  };
}

/** The `index`-th (from 0) of `count` cells that divide `whole`, row by row from the top. */
export function cellIn(whole: Box, index: number, count: number): Box {
  const columns = Math.min(COLUMNS, count);
  const [width, height] = [whole.width / columns, whole.height / Math.ceil(count / columns)];
  return {
    x: whole.x + (index % columns) * width,
    y: whole.y + whole.height - (Math.floor(index / columns) + 1) * height,
    width,
    height,
  };
}

function drawCell(
  fonts: Fonts,
  canvas: Canvas,
  box: Box,
  signer: SealSigner,
  signing: Pick<SigningRef, 'lang' | 'timeZone'>,
  painter: MarkPainter,
): void {
  const cell = { x: box.x + 1, y: box.y + 1, width: box.width - 3, height: box.height - 2 };
  // Without a ground of its own: what the page says there must stay legible.
  canvas.rectangle(cell, { stroke: palette.line, lineWidth: 0.5, radius: 3 });
  const caption = { ...styles.small, size: Math.min(6.2, box.height / 6), color: palette.ink };
  const lineHeight = caption.size * 1.25;
  const stamp = painter.has(signer, 'stamp') ? cell.height - 2 * lineHeight : 0;
  const mark: Box = {
    x: cell.x + 4,
    y: cell.y + 2 * lineHeight + 3,
    width: cell.width - 8 - stamp,
    height: cell.height - 2 * lineHeight - 5,
  };
  painter.draw(canvas, mark, signer, 'sign');
  if (stamp) {
    const side = mark.height;
    painter.draw(canvas, { ...mark, x: cell.x + cell.width - side - 3, width: side }, signer, 'stamp');
  }
  const [name = ''] = wrapAtMost(fonts, signer.name, caption, cell.width - 8, 1);
  const moment = formatMoment(signer.signedAt, signing.lang, signing.timeZone);
  canvas.text(name, cell.x + 4, cell.y + lineHeight + 2.5, caption);
  canvas.text(moment, cell.x + 4, cell.y + 3, { ...caption, color: palette.muted });
}

/** Appearance of a field with the cells of these signers. */
export function cellsAppearance(
  pdf: PDF,
  fonts: Fonts,
  size: { width: number; height: number },
  signers: SealSigner[],
  signing: Pick<SigningRef, 'lang' | 'timeZone'>,
  painter: MarkPainter,
  matrix?: Matrix,
): PdfRef {
  const canvas = createCanvas(fonts, size.width, size.height);
  const whole = { x: 0, y: 0, width: size.width, height: size.height };
  for (const [index, signer] of signers.entries()) {
    drawCell(fonts, canvas, cellIn(whole, index, signers.length), signer, signing, painter);
  }
  return canvasToForm(pdf, canvas, matrix);
}
