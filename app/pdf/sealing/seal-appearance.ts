import type { PDF, PdfRef } from '@libpdf/core';
import { createTranslator } from '../../i18n/translator.ts';
import type { SealSigner, SigningRef } from '../../ports/pdf-engine.ts';
import { canvasToForm, createCanvas } from '../drawing/canvas.ts';
import type { Matrix } from '../drawing/canvas.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { formatMoment } from '../drawing/format-moment.ts';
import { palette, styles } from '../drawing/palette.ts';
import { leadingOf, wrap } from '../drawing/typesetting.ts';
import type { MarkPainter } from './draw-mark.ts';

export interface SealText {
  sealedAt: Date;
  /** Common name of the sealing certificate. */
  sealer: string;
  fingerprint: string;
  selfIssued: boolean;
}

/** What the visible field of the seal shows: sealed by which certificate, when, and what that proves. */
export function sealAppearance(
  pdf: PDF,
  fonts: Fonts,
  size: { width: number; height: number },
  seal: SealText,
  signing: Pick<SigningRef, 'lang' | 'timeZone'>,
): PdfRef {
  const t = createTranslator(signing.lang);
  const canvas = createCanvas(fonts, size.width, size.height);
  canvas.rectangle({ x: 0, y: 0, ...size }, { fill: palette.panel, radius: 5 });
  canvas.rectangle({ x: 0, y: 0, width: 3, height: size.height }, { fill: palette.accent });
  const time = formatMoment(seal.sealedAt, signing.lang, signing.timeZone);
  const width = size.width - 28;
  const proof = t(seal.selfIssued ? 'pdf.seal.proof_self_issued' : 'pdf.seal.proof');
  const lines = [
    ...wrap(fonts, t('pdf.seal.title', { time }), styles.strong, width).map(
      (line) => [line, styles.strong] as const,
    ),
    ...wrap(fonts, t('pdf.seal.certificate', { name: seal.sealer }), styles.small, width).map(
      (line) => [line, styles.small] as const,
    ),
    [`SHA-256 ${seal.fingerprint}`, { ...styles.code, size: 6, leading: 9, color: palette.muted }] as const,
    ...wrap(fonts, proof, styles.small, width).map((line) => [line, styles.small] as const),
  ];
  const height = lines.reduce((sum, [, style]) => sum + leadingOf(style), 0);
  let y = size.height - (size.height - height) / 2;
  for (const [line, style] of lines) {
    canvas.text(line, 14, y - style.size, style);
    y -= leadingOf(style);
  }
  return canvasToForm(pdf, canvas);
}

/** Size of the field on a document that is signed already: a row of signers at the foot of its last page. */
export const signedStripSize = (signers: number, pageWidth: number): { width: number; height: number } => ({
  width: Math.min(pageWidth - 48, Math.max(1, Math.min(signers, 3)) * 170),
  height: Math.ceil(signers / 3) * 46,
});

/** Marks of all signers inside one field, for a file to which no page may be added. */
export function signersAppearance(
  pdf: PDF,
  fonts: Fonts,
  size: { width: number; height: number },
  signers: SealSigner[],
  signing: Pick<SigningRef, 'lang' | 'timeZone'>,
  painter: MarkPainter,
  matrix?: Matrix,
): PdfRef {
  const canvas = createCanvas(fonts, size.width, size.height);
  const columns = Math.min(3, signers.length);
  const rows = Math.ceil(signers.length / columns);
  const [width, height] = [size.width / columns, size.height / rows];
  const caption = { ...styles.small, size: Math.min(6.2, height / 6), color: palette.ink };
  for (const [index, signer] of signers.entries()) {
    const x = (index % columns) * width;
    const y = size.height - (Math.floor(index / columns) + 1) * height;
    const cell = { x: x + 1, y: y + 1, width: width - 3, height: height - 2 };
    canvas.rectangle(cell, { fill: [1, 1, 1], stroke: palette.line, lineWidth: 0.5, radius: 3 });
    const lineHeight = caption.size * 1.25;
    const mark = {
      x: cell.x + 4,
      y: cell.y + 2 * lineHeight + 3,
      width: cell.width - 8 - (painter.has(signer, 'stamp') ? cell.height - 2 * lineHeight : 0),
      height: cell.height - 2 * lineHeight - 5,
    };
    painter.draw(canvas, mark, signer, 'sign');
    if (painter.has(signer, 'stamp')) {
      const side = mark.height;
      painter.draw(canvas, { ...mark, x: cell.x + cell.width - side - 3, width: side }, signer, 'stamp');
    }
    const [name = ''] = wrap(fonts, signer.name, caption, cell.width - 8);
    const moment = formatMoment(signer.signedAt, signing.lang, signing.timeZone);
    canvas.text(name, cell.x + 4, cell.y + lineHeight + 2.5, caption);
    canvas.text(moment, cell.x + 4, cell.y + 3, { ...caption, color: palette.muted });
  }
  return canvasToForm(pdf, canvas, matrix);
}
