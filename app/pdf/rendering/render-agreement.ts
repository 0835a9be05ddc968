import { createHash } from 'node:crypto';
import { createTranslator } from '../../i18n/translator.ts';
import type { AgreementRequest, RenderedDocument, TextBlock } from '../../ports/pdf-engine.ts';
import { createFonts } from '../drawing/fonts.ts';
import { columnWidth, createPageFlow, sheet } from '../drawing/page-flow.ts';
import type { PageFlow } from '../drawing/page-flow.ts';
import { drawFoot } from '../drawing/page-parts.ts';
import { palette, styles } from '../drawing/palette.ts';
import { leadingOf, wrap } from '../drawing/typesetting.ts';
import type { TextStyle } from '../drawing/typesetting.ts';
import { drawParties } from './draw-parties.ts';
import { newDocument } from './new-document.ts';
import { keepTogether } from './page-breaks.ts';

const body: TextStyle = { ...styles.body, size: 10, leading: 14 };
/** Leaves the right corner to the page strip, which would otherwise need more paper than A4. */
const FOOT_WIDTH = columnWidth - 112;
/** Room for a mark: a bullet or a number of three digits. */
const LIST_INDENT = 26;
const ABOVE_HEADING = 8;
const BELOW_HEADING = 3;
/** A list of headings alone is no reason for an empty page. */
const MOST_TOGETHER = 200;

const headingStyle = (level = 1): TextStyle => (level === 2 ? styles.name : styles.heading);

/** What a heading takes together with all headings directly below it. */
function headingsHeight(flow: PageFlow, blocks: TextBlock[]): number {
  let height = 0;
  for (const block of blocks) {
    if (block.kind !== 'heading' || height > MOST_TOGETHER) break;
    const style = headingStyle(block.level);
    const lines = wrap(flow.fonts, block.text, style, columnWidth);
    height += ABOVE_HEADING + lines.length * leadingOf(style) + BELOW_HEADING;
  }
  return height;
}

/** A heading is not parted from what it stands above: where two lines of it do not fit, it goes to the next page. */
function drawHeading(flow: PageFlow, text: string, style: TextStyle, together: number): void {
  keepTogether(flow, together + 2 * leadingOf(body));
  flow.gap(ABOVE_HEADING);
  flow.text(text, style);
  flow.gap(BELOW_HEADING);
}

function drawList(flow: PageFlow, items: string[], numberOf?: (index: number) => number): void {
  for (const [index, item] of items.entries()) {
    const lines = wrap(flow.fonts, item, body, columnWidth - LIST_INDENT);
    keepTogether(flow, Math.min(2, lines.length) * leadingOf(body));
    for (const [number, line] of lines.entries()) {
      const { canvas, top } = flow.reserve(leadingOf(body));
      const baseline = top - body.size;
      const mark = numberOf ? `${numberOf(index)}.` : '•';
      if (number === 0) canvas.text(mark, sheet.left + 4, baseline, body);
      canvas.text(line, sheet.left + LIST_INDENT, baseline, body);
    }
    flow.gap(2);
  }
  flow.gap(4);
}

/** @param rest the blocks from this one on */
function drawBlock(flow: PageFlow, block: TextBlock, rest: TextBlock[]): void {
  switch (block.kind) {
    case 'heading':
      return drawHeading(flow, block.text, headingStyle(block.level), headingsHeight(flow, rest));
    case 'paragraph':
      flow.text(block.text, body);
      return flow.gap(6);
    case 'list': {
      const { items, ordered, start = 1 } = block;
      return drawList(flow, items, ordered ? (index) => start + index : undefined);
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
  for (const [index, block] of request.blocks.entries()) drawBlock(flow, block, request.blocks.slice(index));
  drawParties(flow, request.parties, t('report.agreement_parties'));
  flow.finish(pdf, (canvas, page, pages) => {
    drawFoot(fonts, canvas, request.title, t('report.page_number', { page, pages }), FOOT_WIDTH);
  });
  const bytes = await pdf.save({ subsetFonts: true });
  return {
    pdf: bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    pages: pdf.getPageCount(),
  };
}
