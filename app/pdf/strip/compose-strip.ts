import type { PDF, PdfRef } from '@libpdf/core';
import QRCode from 'qrcode';
import { createTranslator } from '../../i18n/translator.ts';
import type { PageStrip } from '../../ports/pdf-engine.ts';
import { canvasToForm, createCanvas } from '../drawing/canvas.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { createFonts } from '../drawing/fonts.ts';
import { palette } from '../drawing/palette.ts';
import { drawQrCode } from '../drawing/qr-code.ts';
import { measure, printable } from '../drawing/typesetting.ts';
import type { TextStyle } from '../drawing/typesetting.ts';

/** The strip of one document, drawn once but for the page's number. Sizes in points. */
export interface StripDesign {
  width: number;
  height: number;
  /** QR code and signing, on white; the same on every page. */
  constant: PdfRef;
  /** "Page n of m", to be laid over `constant` at the same place. */
  pageNumber(page: number): PdfRef;
  /** One white point, to be stretched over paper that was added to a page. */
  white: PdfRef;
}

/** With its quiet zone, 14 mm: read by a phone from a page printed at 100 %. */
export const QR_SIZE = 40;
/** Modules that stay free on each side of the code (ISO/IEC 18004, 6.3.8). */
const QUIET = 4;
const GAP = 3;
const PADDING = 4;
const WHITE = [1, 1, 1] as const;
const upper: TextStyle = { font: 'regular', size: 7, color: palette.ink };
const lower: TextStyle = { font: 'regular', size: 7, color: palette.muted };
const [UPPER_BASELINE, LOWER_BASELINE] = [22, 13];

/** Content beside the text of a tagged document, which screen readers pass over (ISO 32000-1, 14.8.2.2). */
function asArtifact(canvas: Canvas): Canvas {
  const content = (): Uint8Array =>
    Buffer.concat([
      Buffer.from('/Artifact << /Type /Pagination >> BDC\n'),
      canvas.content(),
      Buffer.from('EMC\n'),
    ]);
  return { ...canvas, content };
}

export function composeStrip(pdf: PDF, strip: PageStrip, pages: number): StripDesign {
  const t = createTranslator(strip.lang);
  const fonts = createFonts(pdf);
  const signing = printable(t('pdf.strip.signing', { id: strip.id }));
  const numberOf = (page: number): string => t('pdf.strip.page', { page, pages });
  const textWidth = Math.max(measure(fonts, signing, upper), measure(fonts, numberOf(pages), lower));
  const [width, height] = [QR_SIZE + GAP + textWidth + PADDING, QR_SIZE];
  const register = (canvas: Canvas): PdfRef => canvasToForm(pdf, asArtifact(canvas));

  const constant = createCanvas(fonts, width, height);
  constant.rectangle({ x: 0, y: 0, width, height }, { fill: WHITE });
  const { size: modules } = QRCode.create(strip.verifyUrl, { errorCorrectionLevel: 'M' }).modules;
  const quiet = (QUIET * QR_SIZE) / (modules + 2 * QUIET);
  drawQrCode(constant, strip.verifyUrl, { x: quiet, y: quiet, size: QR_SIZE - 2 * quiet }, palette.ink);
  constant.text(signing, QR_SIZE + GAP, UPPER_BASELINE, upper);

  const white = createCanvas(fonts, 1, 1);
  white.rectangle({ x: 0, y: 0, width: 1, height: 1 }, { fill: WHITE });

  return {
    width,
    height,
    constant: register(constant),
    white: register(white),
    pageNumber(page) {
      const canvas = createCanvas(fonts, width, height);
      canvas.text(numberOf(page), QR_SIZE + GAP, LOWER_BASELINE, lower);
      return register(canvas);
    },
  };
}
