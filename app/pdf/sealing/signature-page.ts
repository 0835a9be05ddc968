import type { PDF, PDFPage } from '@libpdf/core';
import { createTranslator } from '../../i18n/translator.ts';
import type { SigningRef } from '../../ports/pdf-engine.ts';
import type { Box, Canvas } from '../drawing/canvas.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { columnWidth, createPageFlow, sheet } from '../drawing/page-flow.ts';
import type { PageFlow } from '../drawing/page-flow.ts';
import { drawFoot, drawHead } from '../drawing/page-parts.ts';
import { styles } from '../drawing/palette.ts';
import { pageAt } from './place-marks.ts';

/** Height of the seal's own box at the end of the page: the visible signature field. */
export const SEAL_HEIGHT = 62;
const CARD_GAP = 10;

/** A place on one of the signature pages. */
export interface PlaceOnPage {
  /** Index (from 0) among the signature pages. */
  page: number;
  box: Box;
}

export interface SignaturePages {
  /** Takes room for a signer's card below what is there. */
  takeCard(height: number): PlaceOnPage & { canvas: Canvas };
  /** Takes room for the seal, the last on the page. */
  takeSeal(): PlaceOnPage;
  /** Puts the pages at the end of `pdf`. */
  finish(pdf: PDF): PDFPage[];
}

/** Pages at the end of a document that tell who signs it: a head, room for a card per signer, and room for the seal. */
export function createSignaturePages(fonts: Fonts, signing: SigningRef, signers: number): SignaturePages {
  const t = createTranslator(signing.lang);
  const flow = createPageFlow(fonts);
  drawHead(flow, {
    eyebrow: t('pdf.page.eyebrow'),
    title: t('pdf.page.title'),
    subtitle: signing.title,
    facts: [
      [t('pdf.page.signing_id'), signing.id, { ...styles.code, size: 8.2, leading: 12.6 }],
      [t('pdf.page.signers'), String(signers)],
    ],
    qr: { url: signing.verifyUrl, caption: t('pdf.page.qr_caption') },
  });
  flow.gap(CARD_GAP);

  const take = (height: number, gap: number): ReturnType<SignaturePages['takeCard']> => {
    const { canvas, top, page }: ReturnType<PageFlow['reserve']> = flow.reserve(height + gap);
    return { canvas, page, box: { x: sheet.left, y: top - height, width: columnWidth, height } };
  };
  return {
    takeCard: (height) => take(height, CARD_GAP),
    takeSeal: () => take(SEAL_HEIGHT, 4),
    finish(pdf) {
      const before = pdf.getPageCount();
      const dicts = flow.finish(pdf, (canvas, page, pages) => {
        const number = t('pdf.page.number', { page, pages });
        drawFoot(fonts, canvas, t('pdf.page.foot', { id: signing.id }), number);
      });
      return dicts.map((_, index) => pageAt(pdf, before + index));
    },
  };
}
