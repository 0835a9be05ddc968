import { columnWidth, sheet } from '../drawing/page-flow.ts';
import type { PageFlow } from '../drawing/page-flow.ts';
import { styles } from '../drawing/palette.ts';
import { leadingOf, wrap } from '../drawing/typesetting.ts';
import type { TextStyle } from '../drawing/typesetting.ts';
import { LABEL_WIDTH } from './draw-rows.ts';
import { keepTogether } from './page-breaks.ts';

const timeStyle: TextStyle = { ...styles.label, size: 7.4 };
/** So many lines of an entry stand on one page with its time. */
const TOGETHER = 8;

/**
 * Time at the left, text at the right; the first lines of an entry are not parted.
 * @param parts paragraphs, each in its own style; empty ones are left out
 * @param after points left free below
 */
export function drawTimed(flow: PageFlow, times: string[], parts: [string, TextStyle][], after = 3): void {
  const lines = parts.flatMap(([text, style]) =>
    text ? wrap(flow.fonts, text, style, columnWidth - LABEL_WIDTH).map((line) => ({ line, style })) : [],
  );
  keepTogether(
    flow,
    lines.slice(0, TOGETHER).reduce((sum, { style }) => sum + leadingOf(style), 0),
  );
  for (let index = 0; index < Math.max(lines.length, times.length); index++) {
    const { line = '', style = styles.small } = lines[index] ?? {};
    const { canvas, top } = flow.reserve(leadingOf(style));
    const baseline = top - styles.body.size;
    canvas.text(times[index] ?? '', sheet.left, baseline, timeStyle);
    canvas.text(line, sheet.left + LABEL_WIDTH, baseline, style);
  }
  flow.gap(after);
}
