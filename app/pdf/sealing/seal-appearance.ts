import type { PDF, PdfRef } from '@libpdf/core';
import { createTranslator } from '../../i18n/translator.ts';
import type { SigningRef } from '../../ports/pdf-engine.ts';
import { canvasToForm, createCanvas } from '../drawing/canvas.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { formatMoment } from '../drawing/format-moment.ts';
import { palette, styles } from '../drawing/palette.ts';
import { leadingOf, wrap } from '../drawing/typesetting.ts';

export interface SealText {
  sealedAt: Date;
  /** Common name of the sealing certificate. */
  sealer: string;
  fingerprint: string;
  selfIssued: boolean;
  /** `open`: signatures are still to come (DocMDP 2); default `final`. */
  state?: 'final' | 'open';
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
  const open = seal.state === 'open';
  const title = t(open ? 'pdf.seal.opened' : 'pdf.seal.title', { time });
  const proof = [
    t(open ? 'pdf.seal.opened_proof' : 'pdf.seal.proof'),
    ...(seal.selfIssued ? [t('pdf.seal.self_issued')] : []),
  ].join(' ');
  const lines = [
    ...wrap(fonts, title, styles.strong, width).map((line) => [line, styles.strong] as const),
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
