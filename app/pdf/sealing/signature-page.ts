import { createTranslator } from '../../i18n/translator.ts';
import type { SealSigner, SigningRef } from '../../ports/pdf-engine.ts';
import type { Box, Canvas } from '../drawing/canvas.ts';
import { formatMoment } from '../drawing/format-moment.ts';
import { columnWidth, createPageFlow, sheet } from '../drawing/page-flow.ts';
import type { PageFlow } from '../drawing/page-flow.ts';
import { drawHead } from '../drawing/page-parts.ts';
import { palette, styles } from '../drawing/palette.ts';
import { leadingOf, wrap } from '../drawing/typesetting.ts';
import type { TextStyle } from '../drawing/typesetting.ts';
import type { Fonts } from '../drawing/fonts.ts';
import type { MarkPainter } from './draw-mark.ts';

const PADDING = 12;
const MARK_WIDTH = 172;
const MARK_HEIGHT = 66;
const LABEL_WIDTH = 88;
const TEXT_X = PADDING + MARK_WIDTH + 18;
const TEXT_WIDTH = columnWidth - TEXT_X - PADDING;

interface Line {
  text: string;
  style: TextStyle;
  x: number;
  /** Leaves the next line on the same height (label before value). */
  stay?: boolean;
}

function linesOf(fonts: Fonts, signer: SealSigner, signing: SigningRef): Line[] {
  const t = createTranslator(signing.lang);
  const lines: Line[] = [];
  const add = (content: string | undefined, style: TextStyle, x = 0): void => {
    for (const line of content ? wrap(fonts, content, style, TEXT_WIDTH - x) : []) {
      lines.push({ text: line, style, x });
    }
  };
  add(signer.name, styles.name);
  add([signer.role, signer.position, signer.company].filter(Boolean).join(' · '), styles.small);
  const facts: [string, string][] = [
    [t('pdf.page.signed_at'), formatMoment(signer.signedAt, signing.lang, signing.timeZone)],
    [t('pdf.page.purpose'), signer.purposeText],
    [t('pdf.page.identified'), signer.identifiedBy],
  ];
  for (const [label, value] of facts) {
    if (!value) continue;
    lines.push({ text: label, style: { ...styles.small, leading: 12.6 }, x: 0, stay: true });
    add(value, styles.body, LABEL_WIDTH);
  }
  return lines;
}

/** Mark at the left, who, when and how identified at the right. */
function drawCard(flow: PageFlow, signer: SealSigner, signing: SigningRef, painter: MarkPainter): void {
  const t = createTranslator(signing.lang);
  const lines = linesOf(flow.fonts, signer, signing);
  const textHeight = lines.reduce((sum, { style, stay }) => sum + (stay ? 0 : leadingOf(style)), 0);
  const height = Math.max(MARK_HEIGHT, textHeight) + 2 * PADDING;
  const { canvas, top } = flow.reserve(height + 10);
  const bottom = top - height;
  canvas.rectangle(
    { x: sheet.left, y: bottom, width: columnWidth, height },
    { stroke: palette.line, radius: 5 },
  );
  const panel: Box = {
    x: sheet.left + PADDING,
    y: top - PADDING - MARK_HEIGHT,
    width: MARK_WIDTH,
    height: MARK_HEIGHT,
  };
  canvas.rectangle(panel, { fill: palette.panel, radius: 4 });
  drawCardMarks(canvas, panel, signer, painter, t('pdf.page.no_mark'));

  let y = top - PADDING;
  for (const { text, style, x, stay } of lines) {
    canvas.text(text, sheet.left + TEXT_X + x, y - (stay ? styles.body.size : style.size), style);
    if (!stay) y -= leadingOf(style);
  }
}

function drawCardMarks(
  canvas: Canvas,
  panel: Box,
  signer: SealSigner,
  painter: MarkPainter,
  noMark: string,
): void {
  const stamp = painter.has(signer, 'stamp') ? panel.height : 0;
  const mark = { x: panel.x + 8, y: panel.y + 5, width: panel.width - 16 - stamp, height: panel.height - 10 };
  if (painter.has(signer, 'sign')) painter.draw(canvas, mark, signer, 'sign');
  else if (!stamp) canvas.text(noMark, mark.x, panel.y + panel.height / 2 - 3, styles.small);
  if (stamp) {
    const box = { x: panel.x + panel.width - stamp, y: panel.y + 2, width: stamp - 4, height: stamp - 4 };
    painter.draw(canvas, box, signer, 'stamp');
  }
}

/** Height of the seal's own box at the end of the page: the visible signature field. */
export const SEAL_HEIGHT = 62;

/** Pages with one block per signer; the last has a free box for the seal. */
export function composeSignaturePages(
  fonts: Fonts,
  signers: SealSigner[],
  signing: SigningRef,
  painter: MarkPainter,
): { flow: PageFlow; seal: { page: number; box: Box } } {
  const t = createTranslator(signing.lang);
  const flow = createPageFlow(fonts);
  drawHead(flow, {
    eyebrow: t('pdf.page.eyebrow'),
    title: t('pdf.page.title'),
    subtitle: signing.title,
    facts: [
      [t('pdf.page.signing_id'), signing.id, { ...styles.code, size: 8.2, leading: 12.6 }],
      [t('pdf.page.signers'), String(signers.length)],
    ],
    qr: { url: signing.verifyUrl, caption: t('pdf.page.qr_caption') },
  });
  flow.gap(10);
  for (const signer of signers) drawCard(flow, signer, signing, painter);
  const { top, page } = flow.reserve(SEAL_HEIGHT + 4);
  const box = { x: sheet.left, y: top - SEAL_HEIGHT, width: columnWidth, height: SEAL_HEIGHT };
  return { flow, seal: { page, box } };
}
