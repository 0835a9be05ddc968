/** One number, and what was promised about it. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | '×';
  /** Absent: only there to judge the others by. */
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
}

const isMet = (value: number, target: NonNullable<Figure['target']>): boolean =>
  'atMost' in target ? value <= target.atMost : value >= target.atLeast;

/** For a table. */
export function figureRow({ what, value, unit, target }: Figure): Record<string, string> {
  const row = { what, value: `${value.toFixed(1)} ${unit}`, target: '', '': '' };
  if (!target) return row;
  const bound = 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
  return { ...row, target: `${bound} ${unit}`, '': isMet(value, target) ? 'met' : 'MISSED' };
}
