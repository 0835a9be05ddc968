import { PdfArray, PdfDict, PdfName, PdfStream, PdfString } from '@libpdf/core';
import type { PDF, PdfObject, PdfRef } from '@libpdf/core';
import { canvasToForm, createCanvas } from '../drawing/canvas.ts';
import type { Canvas, Matrix } from '../drawing/canvas.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { palette } from '../drawing/palette.ts';
import {
  arrayOf,
  dictOf,
  inheritedAttribute,
  nameOf,
  numberOf,
  resolve,
  stringOf,
} from '../drawing/pdf-objects.ts';
import { measure, wrap } from '../drawing/typesetting.ts';
import type { TextStyle } from '../drawing/typesetting.ts';

/** Bits of /Ff (ISO 32000-1, tables 226 and 228). */
const MULTILINE = 1 << 12;
const PASSWORD = 1 << 13;
const PADDING = 2;
const [LARGEST, SMALLEST] = [12, 4];

/** The appearance of a widget as it stands in the file: its stream, or of several states the one that is on. */
export function currentAppearance(pdf: PDF, widget: PdfDict): { ref: PdfRef; stream: PdfStream } | undefined {
  const normal = dictOf(pdf, widget.get('AP'))?.get('N');
  const states = resolve(pdf, normal);
  const state = nameOf(pdf, widget.get('AS'));
  const entry =
    states instanceof PdfStream ? normal : states instanceof PdfDict && state ? states.get(state) : undefined;
  const stream = resolve(pdf, entry);
  return stream instanceof PdfStream && entry?.type === 'ref' ? { ref: entry, stream } : undefined;
}

/** Whether the widget's field has its looks from its value alone: a viewer would draw it from that. */
export function hasText(pdf: PDF, widget: PdfDict): boolean {
  const type = nameOf(pdf, inheritedAttribute(pdf, widget, 'FT'));
  return (type === 'Tx' || type === 'Ch') && valueOf(pdf, widget) !== '';
}

/** What the field shows: for a choice the words beside the chosen values (ISO 32000-1, table 231). */
function valueOf(pdf: PDF, widget: PdfDict): string {
  const value = inheritedAttribute(pdf, widget, 'V');
  const shown = new Map<string, string>();
  const options = inheritedAttribute(pdf, widget, 'Opt');
  for (const option of options instanceof PdfArray ? options : []) {
    const [exported, words] = arrayOf(pdf, option)?.toArray() ?? [];
    shown.set(stringOf(pdf, exported) ?? '', stringOf(pdf, words) ?? '');
  }
  const textOf = (one: PdfObject | undefined): string => {
    const text = stringOf(pdf, one) ?? '';
    return shown.get(text) ?? text;
  };
  if (value instanceof PdfArray) return value.toArray().map(textOf).join(', ');
  return value instanceof PdfString ? textOf(value) : '';
}

/** Turned as the field's own characteristics say (/MK /R), which is how fields stand upright on turned pages. */
function turned(pdf: PDF, widget: PdfDict): Matrix | undefined {
  const angle = numberOf(pdf, dictOf(pdf, widget.get('MK'))?.get('R')) ?? 0;
  const matrices: Record<number, Matrix> = {
    90: [0, 1, -1, 0, 0, 0],
    180: [-1, 0, 0, -1, 0, 0],
    270: [0, -1, 1, 0, 0, 0],
  };
  return matrices[((angle % 360) + 360) % 360];
}

/**
 * Draws what a viewer would make of a field without an appearance: its text in our own font, which has letters that the
 * field's may not have, or a cross for a button that is on.
 * @param size of the widget in user space
 */
export function composeAppearance(
  pdf: PDF,
  fonts: Fonts,
  widget: PdfDict,
  size: { width: number; height: number },
): PdfRef | undefined {
  const matrix = turned(pdf, widget);
  const [width, height] = matrix?.[0] === 0 ? [size.height, size.width] : [size.width, size.height];
  const canvas = createCanvas(fonts, width, height);
  if (nameOf(pdf, inheritedAttribute(pdf, widget, 'FT')) === 'Btn') {
    if (!isOn(pdf, widget)) return undefined;
    const [left, right] = [width * 0.2, width * 0.8];
    canvas.line(left, height * 0.2, right, height * 0.8, palette.ink, 1);
    canvas.line(left, height * 0.8, right, height * 0.2, palette.ink, 1);
  } else {
    if (!hasText(pdf, widget)) return undefined;
    drawValue(pdf, fonts, canvas, widget);
  }
  return canvasToForm(pdf, canvas, matrix);
}

function isOn(pdf: PDF, widget: PdfDict): boolean {
  const value = inheritedAttribute(pdf, widget, 'V');
  const state = nameOf(pdf, widget.get('AS')) ?? (value instanceof PdfName ? value.value : 'Off');
  return state !== 'Off';
}

function drawValue(pdf: PDF, fonts: Fonts, canvas: Canvas, widget: PdfDict): void {
  const flag = inheritedAttribute(pdf, widget, 'Ff');
  const flags = flag?.type === 'number' ? flag.value : 0;
  const value = valueOf(pdf, widget);
  const content = flags & PASSWORD ? '•'.repeat(value.length) : value;
  const room = Math.max(1, canvas.width - 2 * PADDING);
  const wanted = fontSize(pdf, widget) || Math.min(LARGEST, canvas.height * 0.7);
  const lay = (textSize: number): { style: TextStyle; lines: string[] } => {
    const style: TextStyle = { font: 'regular', size: textSize, color: palette.ink, leading: textSize * 1.2 };
    if (flags & MULTILINE) return { style, lines: wrap(fonts, content, style, room) };
    return { style, lines: [content.replace(/\s+/g, ' ')] };
  };
  const fits = ({ style, lines }: ReturnType<typeof lay>): boolean =>
    lines.length * style.size * 1.2 <= canvas.height &&
    lines.every((line) => measure(fonts, line, style) <= room);
  let laid = lay(wanted);
  while (!fits(laid) && laid.style.size > SMALLEST) laid = lay(laid.style.size - 0.5);

  const { style, lines } = laid;
  const middle = (canvas.height - style.size) / 2 + style.size * 0.22;
  let y = flags & MULTILINE ? canvas.height - PADDING - style.size : middle;
  const alignment = inheritedAttribute(pdf, widget, 'Q');
  const share = alignment?.type === 'number' ? Math.min(2, Math.max(0, alignment.value)) / 2 : 0;
  for (const line of lines) {
    canvas.text(line, PADDING + (room - measure(fonts, line, style)) * share, y, style);
    y -= style.size * 1.2;
  }
}

/** From the default appearance string ("/Helv 12 Tf 0 g"); 0 means that the size follows the box. */
function fontSize(pdf: PDF, widget: PdfDict): number {
  const form = dictOf(pdf, pdf.getCatalog().get('AcroForm'));
  const appearance = inheritedAttribute(pdf, widget, 'DA') ?? resolve(pdf, form?.get('DA'));
  const words = appearance instanceof PdfString ? appearance.asString() : '';
  return Math.min(144, Math.abs(Number(/(-?[\d.]+)\s+Tf/.exec(words)?.[1] ?? 0)) || 0);
}
