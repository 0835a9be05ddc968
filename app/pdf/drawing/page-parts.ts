/** Parts that the signature page, the report and the agreement have in common. */
import { columnWidth, sheet } from './page-flow.ts';
import type { PageFlow } from './page-flow.ts';
import type { Canvas } from './canvas.ts';
import { palette, styles } from './palette.ts';
import { drawQrCode } from './qr-code.ts';
import { leadingOf, measure, wrap } from './typesetting.ts';
import type { TextStyle } from './typesetting.ts';
import type { Fonts } from './fonts.ts';

export interface Head {
  /** Small line above the title. */
  eyebrow: string;
  title: string;
  subtitle?: string;
  /** Caption and value pairs under the title. */
  facts: [label: string, value: string, style?: TextStyle][];
  qr?: { url: string; caption: string };
}

const QR_SIZE = 84;
const QR_COLUMN = 108;

/** Title block with a QR code at the right. */
export function drawHead(flow: PageFlow, head: Head): void {
  const width = columnWidth - (head.qr ? QR_COLUMN + 20 : 0);
  const { fonts } = flow;
  const title = wrap(fonts, head.title, styles.title, width);
  const subtitle = head.subtitle ? wrap(fonts, head.subtitle, styles.heading, width) : [];
  const facts = head.facts.map(([label, value, style = styles.body]) => ({
    label: wrap(fonts, label, styles.label, 96),
    value: wrap(fonts, value, style, width - 104),
    style,
  }));
  const rowHeight = (row: (typeof facts)[number]): number =>
    Math.max(row.label.length * leadingOf(styles.label), row.value.length * leadingOf(row.style)) + 2;
  const textHeight =
    16 +
    title.length * leadingOf(styles.title) +
    4 +
    subtitle.length * leadingOf(styles.heading) +
    8 +
    facts.reduce((sum, row) => sum + rowHeight(row), 0);
  const captions = head.qr ? wrap(fonts, head.qr.caption, styles.small, QR_COLUMN) : [];
  const qrHeight = head.qr ? QR_SIZE + 10 + captions.length * leadingOf(styles.small) : 0;
  const height = Math.max(textHeight, qrHeight) + 10;
  const { canvas, top, page } = flow.reserve(height);

  let y = top;
  const lines = (content: string[], style: TextStyle, x: number = sheet.left): void => {
    for (const line of content) {
      canvas.text(line, x, y - style.size, style);
      y -= leadingOf(style);
    }
  };
  canvas.rectangle({ x: sheet.left, y: top + 8, width: 34, height: 3 }, { fill: palette.accent });
  lines(wrap(fonts, head.eyebrow, styles.small, width).slice(0, 1), {
    ...styles.small,
    color: palette.accent,
    leading: 16,
  });
  lines(title, styles.title);
  y -= 4;
  lines(subtitle, styles.heading);
  y -= 8;
  for (const row of facts) {
    const start = y;
    lines(row.label, styles.label);
    y = start;
    lines(row.value, row.style, sheet.left + 104);
    y = start - rowHeight(row);
  }
  if (head.qr) {
    const x = sheet.left + columnWidth - QR_COLUMN;
    const qrX = x + QR_COLUMN - QR_SIZE;
    drawQrCode(canvas, head.qr.url, { x: qrX, y: top - QR_SIZE, size: QR_SIZE }, palette.ink);
    flow.link(page, { x: qrX, y: top - QR_SIZE, width: QR_SIZE, height: QR_SIZE }, head.qr.url);
    let captionY = top - QR_SIZE - 10;
    for (const line of captions) {
      const right = x + QR_COLUMN - measure(fonts, line, styles.small);
      canvas.text(line, right, captionY - styles.small.size + 4, styles.small);
      captionY -= leadingOf(styles.small);
    }
  }
}

/** Section heading that never stands alone at the foot of a page: `next` is the height that must fit below it. */
export function drawSection(flow: PageFlow, title: string, next = 40): void {
  const height = 36;
  if (!flow.fits(height + next) && flow.pages() > 0) flow.gap(sheet.height);
  const { canvas, top } = flow.reserve(height);
  const y = top - 14;
  canvas.line(sheet.left, y + 2, sheet.left + columnWidth, y + 2, palette.line, 0.75);
  canvas.text(title, sheet.left, y - 15, styles.heading);
}

/** Foot of every page: text at the left, page number at the right of `width` points. */
export function drawFoot(
  fonts: Fonts,
  canvas: Canvas,
  left: string,
  right: string,
  width = columnWidth,
): void {
  const y = sheet.bottom - 22;
  const numberWidth = measure(fonts, right, styles.small);
  canvas.line(sheet.left, y + 8, sheet.left + width, y + 8, palette.line, 0.5);
  const lines = wrap(fonts, left, styles.small, width - numberWidth - 24).slice(0, 3);
  for (const [index, line] of lines.entries()) {
    canvas.text(line, sheet.left, y - styles.small.size + 2 - index * leadingOf(styles.small), styles.small);
  }
  canvas.text(right, sheet.left + width - numberWidth, y - styles.small.size + 2, styles.small);
}
