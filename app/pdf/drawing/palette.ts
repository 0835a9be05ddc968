import type { Color, TextStyle } from './typesetting.ts';

export const palette = {
  ink: [0.11, 0.14, 0.19],
  muted: [0.4, 0.45, 0.51],
  line: [0.84, 0.87, 0.9],
  panel: [0.965, 0.973, 0.98],
  accent: [0.09, 0.39, 0.67],
  /** Of typed signatures: a pen's blue. */
  pen: [0.09, 0.18, 0.47],
} satisfies Record<string, Color>;

/** One scale for every page that this program writes. */
export const styles = {
  title: { font: 'bold', size: 18, color: palette.ink, leading: 23 },
  heading: { font: 'bold', size: 11.5, color: palette.ink, leading: 16 },
  name: { font: 'bold', size: 10.5, color: palette.ink, leading: 14 },
  body: { font: 'regular', size: 9, color: palette.ink, leading: 12.6 },
  strong: { font: 'bold', size: 9, color: palette.ink, leading: 12.6 },
  small: { font: 'regular', size: 7.8, color: palette.muted, leading: 10.8 },
  label: { font: 'regular', size: 8.2, color: palette.muted, leading: 12.6 },
  code: { font: 'mono', size: 7, color: palette.ink, leading: 10 },
  link: { font: 'regular', size: 7.8, color: palette.accent, leading: 10.8 },
} satisfies Record<string, TextStyle>;
