import { createHash } from 'node:crypto';
import { createTranslator } from '../../i18n/translator.ts';
import type { AgreementRequest, RenderedDocument, TextBlock } from '../../ports/pdf-engine.ts';
import { createFonts } from '../drawing/fonts.ts';
import { columnWidth, createPageFlow, sheet } from '../drawing/page-flow.ts';
import type { PageFlow } from '../drawing/page-flow.ts';
import { drawFoot, drawSection } from '../drawing/page-parts.ts';
import { palette, styles } from '../drawing/palette.ts';
import { leadingOf, wrap } from '../drawing/typesetting.ts';
import type { TextStyle } from '../drawing/typesetting.ts';
import { newDocument } from './new-document.ts';

const body: TextStyle = { ...styles.body, size: 10, leading: 14.5 };
const LIST_INDENT = 20;

/** A heading needs room for two lines below it, or it goes to the next page with them. */
function drawHeading(flow: PageFlow, text: string, style: TextStyle): void {
  const lines = wrap(flow.fonts, text, style, columnWidth);
  const height = lines.length * leadingOf(style) + 2 * leadingOf(body);
  if (flow.pages() > 0 && !flow.fits(height + 10)) flow.gap(sheet.height);
  else flow.gap(10);
  flow.text(text, style);
  flow.gap(3);
}

function drawList(flow: PageFlow, items: string[], ordered: boolean): void {
  for (const [index, item] of items.entries()) {
    const lines = wrap(flow.fonts, item, body, columnWidth - LIST_INDENT);
    for (const [number, line] of lines.entries()) {
      const { canvas, top } = flow.reserve(leadingOf(body));
      const baseline = top - body.size;
      if (number === 0) canvas.text(ordered ? `${index + 1}.` : '•', sheet.left + 4, baseline, body);
      canvas.text(line, sheet.left + LIST_INDENT, baseline, body);
    }
    flow.gap(2);
  }
  flow.gap(4);
}

function drawBlock(flow: PageFlow, block: TextBlock): void {
  switch (block.kind) {
    case 'heading':
      return drawHeading(flow, block.text, block.level === 2 ? styles.name : styles.heading);
    case 'paragraph':
      flow.text(block.text, body);
      return flow.gap(6);
    case 'list':
      return drawList(flow, block.items, block.ordered ?? false);
  }
}

/** Parties side by side, as contracts end. */
function drawParties(flow: PageFlow, parties: AgreementRequest['parties'], title: string): void {
  if (parties.length === 0) return;
  const width = (columnWidth - 20) / 2;
  const columns = parties.map(({ role, name, lines = [] }) => [
    ...wrap(flow.fonts, role ?? '', styles.small, width).map((text) => ({ text, style: styles.small })),
    ...wrap(flow.fonts, name, styles.name, width).map((text) => ({ text, style: styles.name })),
    ...lines.flatMap((line) =>
      wrap(flow.fonts, line, styles.body, width).map((text) => ({ text, style: styles.body })),
    ),
  ]);
  const heightOf = (column: (typeof columns)[number]): number =>
    column.reduce((sum, { style }) => sum + leadingOf(style), 0);
  drawSection(flow, title, Math.min(300, Math.max(...columns.slice(0, 2).map(heightOf))));
  for (let index = 0; index < columns.length; index += 2) {
    const pair = columns.slice(index, index + 2);
    const height = Math.min(600, Math.max(...pair.map(heightOf)));
    const { canvas, top } = flow.reserve(height + 14);
    for (const [place, column] of pair.entries()) {
      let y = top;
      for (const { text, style } of column) {
        canvas.text(text, sheet.left + place * (width + 20), y - style.size, style);
        y -= leadingOf(style);
      }
    }
  }
}

/** See PdfEngine.renderAgreement. */
export async function renderAgreement(request: AgreementRequest): Promise<RenderedDocument> {
  const t = createTranslator(request.lang);
  const pdf = newDocument({ title: request.title, lang: request.lang, at: request.createdAt });
  const fonts = createFonts(pdf);
  const flow = createPageFlow(fonts);
  flow.text(request.title, { ...styles.title, size: 16, leading: 21 });
  if (request.subtitle) {
    flow.gap(2);
    flow.text(request.subtitle, { ...styles.body, color: palette.muted });
  }
  flow.gap(12);
  for (const block of request.blocks) drawBlock(flow, block);
  drawParties(flow, request.parties, t('report.agreement_parties'));
  flow.finish(pdf, (canvas, page, pages) => {
    drawFoot(fonts, canvas, request.title, t('report.page_number', { page, pages }));
  });
  const bytes = await pdf.save({ subsetFonts: true });
  return {
    pdf: bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    pages: pdf.getPageCount(),
  };
}
