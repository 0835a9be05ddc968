import { createTranslator } from '../../i18n/translator.ts';
import type { ExpectedSigner, SealSigner, SigningRef } from '../../ports/pdf-engine.ts';
import type { Box, Canvas } from '../drawing/canvas.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { formatMoment } from '../drawing/format-moment.ts';
import { palette, styles } from '../drawing/palette.ts';
import { leadingOf, measure } from '../drawing/typesetting.ts';
import type { TextStyle } from '../drawing/typesetting.ts';
import type { MarkPainter } from './draw-mark.ts';
import { wrapAtMost } from './shorten-lines.ts';

const PADDING = 12;
const MARK_WIDTH = 172;
const MARK_HEIGHT = 66;
const LABEL_WIDTH = 88;
const TEXT_X = PADDING + MARK_WIDTH + 18;
/** Half of the frame's line, which would be cut off at the edge of a field. */
const EDGE = 0.4;

type Part = 'name' | 'description' | 'signedAt' | 'purpose' | 'identifiedBy';
/** How many lines each part of the text may have. */
type CardLines = Record<Part, number>;

/** A card that is drawn when everything is known has room for all of it. */
const ALL_LINES: CardLines = {
  name: Infinity,
  description: Infinity,
  signedAt: Infinity,
  purpose: Infinity,
  identifiedBy: Infinity,
};
/** A card that is a field has its size before it has its text; what has no room stands in the report in full. */
const FIELD_LINES: CardLines = { name: 2, description: 5, signedAt: 1, purpose: 2, identifiedBy: 2 };

interface Line {
  text: string;
  style: TextStyle;
  x: number;
  /** Leaves the next line on the same height (label before value). */
  stay?: boolean;
}

/** What stands at the right of a card: who, and once signed when and how identified. */
function linesOf(
  fonts: Fonts,
  signer: ExpectedSigner | SealSigner,
  signing: SigningRef,
  most: CardLines,
  width: number,
): Line[] {
  const t = createTranslator(signing.lang);
  const lines: Line[] = [];
  const add = (content: string, style: TextStyle, part: Part, x = 0): void => {
    if (!content) return;
    for (const text of wrapAtMost(fonts, content, style, width - x, most[part]))
      lines.push({ text, style, x });
  };
  add(signer.name, styles.name, 'name');
  add(
    [signer.role, signer.position, signer.company].filter(Boolean).join(' · '),
    styles.small,
    'description',
  );
  const signed = 'signedAt' in signer;
  const facts: [Part, label: string, value: string | undefined][] = [
    [
      'signedAt',
      t('pdf.page.signed_at'),
      signed ? formatMoment(signer.signedAt, signing.lang, signing.timeZone) : undefined,
    ],
    ['purpose', t('pdf.page.purpose'), signer.purposeText],
    ['identifiedBy', t('pdf.page.identified'), signed ? signer.identifiedBy : undefined],
  ];
  for (const [part, label, value] of facts) {
    if (!value) continue;
    lines.push({ text: label, style: { ...styles.small, leading: 12.6 }, x: 0, stay: true });
    add(value, styles.body, part, LABEL_WIDTH);
  }
  return lines;
}

/** Without anything that is known only once they have signed, even where the caller knows it. */
function asExpected(signer: ExpectedSigner): ExpectedSigner {
  const { id, step, name, role, position, company, purposeText } = signer;
  return { id, step, name, role, position, company, purposeText };
}

const textWidth = (width: number): number => width - TEXT_X - PADDING;
const heightFor = (textHeight: number): number => Math.max(MARK_HEIGHT, textHeight) + 2 * PADDING;
const heightOf = (lines: Line[]): number =>
  lines.reduce((sum, { style, stay }) => sum + (stay ? 0 : leadingOf(style)), 0);

/** Height of the card of somebody who has signed, with all its text. */
export function cardHeight(fonts: Fonts, signer: SealSigner, signing: SigningRef, width: number): number {
  return heightFor(heightOf(linesOf(fonts, signer, signing, ALL_LINES, textWidth(width))));
}

/** Height of a card that is a field: what is known already, one line for when and two for how identified. */
export function cardFieldHeight(
  fonts: Fonts,
  signer: ExpectedSigner,
  signing: SigningRef,
  width: number,
): number {
  const known = heightOf(linesOf(fonts, asExpected(signer), signing, FIELD_LINES, textWidth(width)));
  return heightFor(known + (FIELD_LINES.signedAt + FIELD_LINES.identifiedBy) * leadingOf(styles.body));
}

/** The frame with the panel for the mark, and the lines beside it. */
function drawFrame(canvas: Canvas, box: Box, lines: Line[]): Box {
  canvas.rectangle(
    { x: box.x + EDGE, y: box.y + EDGE, width: box.width - 2 * EDGE, height: box.height - 2 * EDGE },
    { stroke: palette.line, radius: 5 },
  );
  const top = box.y + box.height;
  const panel: Box = {
    x: box.x + PADDING,
    y: top - PADDING - MARK_HEIGHT,
    width: MARK_WIDTH,
    height: MARK_HEIGHT,
  };
  canvas.rectangle(panel, { fill: palette.panel, radius: 4 });
  let y = top - PADDING;
  for (const { text, style, x, stay } of lines) {
    canvas.text(text, box.x + TEXT_X + x, y - (stay ? styles.body.size : style.size), style);
    if (!stay) y -= leadingOf(style);
  }
  return panel;
}

/** A short quiet text in the middle of the panel, where the mark is not. */
function drawPanelNote(fonts: Fonts, canvas: Canvas, panel: Box, note: string): void {
  const x = panel.x + (panel.width - measure(fonts, note, styles.small)) / 2;
  canvas.text(note, x, panel.y + panel.height / 2 - 3, styles.small);
}

/** The card of somebody who is still to sign. */
export function drawWaitingCard(
  fonts: Fonts,
  canvas: Canvas,
  box: Box,
  signer: ExpectedSigner,
  signing: SigningRef,
): void {
  const lines = linesOf(fonts, asExpected(signer), signing, FIELD_LINES, textWidth(box.width));
  const panel = drawFrame(canvas, box, lines);
  drawPanelNote(fonts, canvas, panel, createTranslator(signing.lang)('pdf.page.not_signed'));
}

/**
 * The card of somebody who has signed: mark and stamp at the left, who, when and how identified at the right.
 * @param field whether the card is a field, whose size was fixed before
 */
export function drawSignedCard(
  fonts: Fonts,
  canvas: Canvas,
  box: Box,
  signer: SealSigner,
  signing: SigningRef,
  painter: MarkPainter,
  field: boolean,
): void {
  const most = field ? FIELD_LINES : ALL_LINES;
  const panel = drawFrame(canvas, box, linesOf(fonts, signer, signing, most, textWidth(box.width)));
  const stamp = painter.has(signer, 'stamp') ? panel.height : 0;
  const mark = { x: panel.x + 8, y: panel.y + 5, width: panel.width - 16 - stamp, height: panel.height - 10 };
  if (painter.has(signer, 'sign')) painter.draw(canvas, mark, signer, 'sign');
  else if (!stamp) drawPanelNote(fonts, canvas, panel, createTranslator(signing.lang)('pdf.page.no_mark'));
  if (stamp) {
    const side = stamp - 4;
    const at = { x: panel.x + panel.width - stamp, y: panel.y + 2, width: side, height: side };
    painter.draw(canvas, at, signer, 'stamp');
  }
}
