import { columnWidth, sheet } from '../drawing/page-flow.ts';
import type { PageFlow } from '../drawing/page-flow.ts';
import { styles } from '../drawing/palette.ts';
import { leadingOf, wrap } from '../drawing/typesetting.ts';
import type { TextStyle } from '../drawing/typesetting.ts';

export const LABEL_WIDTH = 128;

/** One value, or several lines each in its own style. */
export type Row = [label: string, value: string | undefined, style?: TextStyle];

/** Label and value side by side; rows without a value are left out; a long value goes on on the next page. */
export function drawRows(flow: PageFlow, rows: Row[], indent = 0): void {
  const valueX = sheet.left + indent + LABEL_WIDTH;
  const valueWidth = columnWidth - indent - LABEL_WIDTH;
  for (const [label, value, style = styles.body] of rows) {
    if (!value) continue;
    const labels = wrap(flow.fonts, label, styles.label, LABEL_WIDTH - 10);
    const values = wrap(flow.fonts, value, style, valueWidth);
    const leading = Math.max(leadingOf(styles.label), leadingOf(style));
    for (let line = 0; line < Math.max(labels.length, values.length); line++) {
      const { canvas, top } = flow.reserve(leading);
      canvas.text(labels[line] ?? '', sheet.left + indent, top - styles.body.size, styles.label);
      canvas.text(values[line] ?? '', valueX, top - styles.body.size, style);
    }
  }
}
