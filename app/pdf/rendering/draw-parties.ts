import type { AgreementRequest } from '../../ports/pdf-engine.ts';
import { columnWidth, sheet } from '../drawing/page-flow.ts';
import type { PageFlow } from '../drawing/page-flow.ts';
import { drawSection } from '../drawing/page-parts.ts';
import { styles } from '../drawing/palette.ts';
import { leadingOf, wrap } from '../drawing/typesetting.ts';
import type { TextStyle } from '../drawing/typesetting.ts';
import { keepTogether } from './page-breaks.ts';

type Party = AgreementRequest['parties'][number];
type Line = { text: string; style: TextStyle };

const BETWEEN = 20;
const WIDTH = (columnWidth - BETWEEN) / 2;
const BELOW = 14;
/** Taller than this, a pair of parties may go on on the next page. */
const MOST_TOGETHER = 300;

/** Parties side by side, as contracts end. */
export function drawParties(flow: PageFlow, parties: Party[], title: string): void {
  const columns = parties.map((party) => linesOf(flow, party));
  const pairs = columns.flatMap((left, index) => (index % 2 ? [] : [[left, columns[index + 1] ?? []]]));
  for (const [index, pair] of pairs.entries()) {
    const height = Math.min(MOST_TOGETHER, Math.max(...pair.map(heightOf)));
    if (index === 0) drawSection(flow, title, height);
    else keepTogether(flow, height);
    drawPair(flow, pair);
    flow.gap(BELOW);
  }
}

function linesOf({ fonts }: PageFlow, { role, name, lines = [] }: Party): Line[] {
  const parts: [string, TextStyle][] = [
    [role ?? '', styles.small],
    [name, styles.name],
    ...lines.map((line): [string, TextStyle] => [line, styles.body]),
  ];
  return parts.flatMap(([content, style]) =>
    content ? wrap(fonts, content, style, WIDTH).map((text) => ({ text, style })) : [],
  );
}

const heightOf = (lines: Line[]): number => lines.reduce((sum, { style }) => sum + leadingOf(style), 0);

/** Line by line, so that requisites of any length go on on the next page. */
function drawPair(flow: PageFlow, pair: Line[][]): void {
  const rows = Math.max(...pair.map((lines) => lines.length));
  for (let row = 0; row < rows; row++) {
    const leading = Math.max(...pair.map((lines) => heightOf(lines.slice(row, row + 1))));
    const { canvas, top } = flow.reserve(leading);
    for (const [place, lines] of pair.entries()) {
      const line = lines[row];
      if (!line) continue;
      canvas.text(line.text, sheet.left + place * (WIDTH + BETWEEN), top - line.style.size, line.style);
    }
  }
}
