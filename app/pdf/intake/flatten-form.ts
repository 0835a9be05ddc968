import { PDF, PdfArray, PdfDict } from '@libpdf/core';
import type { PdfObject, PdfRef, PdfStream } from '@libpdf/core';
import type { Matrix } from '../drawing/canvas.ts';
import { createFonts } from '../drawing/fonts.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { arrayOf, dictOf, name, nameOf, numberOf, resolve } from '../drawing/pdf-objects.ts';
import { appendForms } from '../sealing/place-marks.ts';
import { balanceContent } from './balance-content.ts';
import { composeAppearance, currentAppearance, hasText } from './form-appearances.ts';

/** Bits of /F: Hidden and NoView (ISO 32000-1, table 165). */
const NOT_SHOWN = 2 | 32;

const isWidget = (pdf: PDF, annotation: PdfObject): boolean =>
  nameOf(pdf, dictOf(pdf, annotation)?.get('Subtype')) === 'Widget';

/**
 * Turns form fields into page content: what they show is painted where they stood, then there is no form any more. By our
 * own hand, because libpdf loses the content of pages that inherit their resources and qpdf flattens comments too.
 * @returns the document, written and read again, or undefined when there was nothing to flatten
 */
export async function flattenForm(pdf: PDF): Promise<PDF | undefined> {
  const catalog = pdf.getCatalog();
  const form = dictOf(pdf, catalog.get('AcroForm'));
  const needed = resolve(pdf, form?.get('NeedAppearances'));
  const stale = needed?.type === 'bool' && needed.value;
  const fonts = createFonts(pdf);
  const removed = new Set<PdfObject>();
  for (const { dict: page } of pdf.getPages()) {
    const annotations = arrayOf(pdf, page.get('Annots'))?.toArray() ?? [];
    const widgets = annotations.filter((annotation) => isWidget(pdf, annotation));
    if (widgets.length === 0) continue;
    const painted = widgets
      .map((widget) => paint(pdf, fonts, dictOf(pdf, widget), stale))
      .filter((one) => one !== undefined);
    if (painted.length > 0) {
      balanceContent(pdf, page);
      appendForms(pdf, page, painted);
    }
    for (const widget of widgets) removed.add(widget);
    page.set('Annots', new PdfArray(annotations.filter((annotation) => !removed.has(annotation))));
  }
  if (!form && removed.size === 0) return undefined;
  catalog.delete('AcroForm');
  dropFromStructure(pdf, removed);
  return PDF.load(await pdf.save({ subsetFonts: true }));
}

function paint(
  pdf: PDF,
  fonts: Fonts,
  widget: PdfDict | undefined,
  stale: boolean,
): { ref: PdfRef; matrix: Matrix } | undefined {
  const rectangle = widget && rectangleOf(pdf, widget.get('Rect'));
  if (!rectangle || (numberOf(pdf, widget.get('F')) ?? 0) & NOT_SHOWN) return undefined;
  const [x, y, right, top] = rectangle;
  const size = { width: right - x, height: top - y };
  if (size.width <= 0 || size.height <= 0) return undefined;
  const current = stale && hasText(pdf, widget) ? undefined : currentAppearance(pdf, widget);
  const states = resolve(pdf, dictOf(pdf, widget.get('AP'))?.get('N'));
  // A button with states, none of which is on, shows nothing; so does one without a state of that name.
  if (!current && states?.type === 'dict' && !(stale && hasText(pdf, widget))) return undefined;
  const ref = current?.ref ?? composeAppearance(pdf, fonts, widget, size);
  const stream = ref && (resolve(pdf, ref) as PdfStream);
  const matrix = stream && fitting(pdf, stream, rectangle);
  if (!matrix) return undefined;
  stream.set('Subtype', name('Form')); // some writers leave it out of appearances, where it goes without saying
  const layer = widget.get('OC');
  if (layer && !stream.has('OC')) stream.set('OC', layer);
  return { ref, matrix };
}

function rectangleOf(pdf: PDF, object: PdfObject | undefined): [number, number, number, number] | undefined {
  const values =
    arrayOf(pdf, object)
      ?.toArray()
      .map((value) => numberOf(pdf, value)) ?? [];
  const [x1, y1, x2, y2] = values;
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return undefined;
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

/** The matrix that brings an appearance's box, turned by its own matrix, onto the rectangle (ISO 32000-1, 12.5.5). */
function fitting(
  pdf: PDF,
  stream: PdfStream,
  [x, y, right, top]: [number, number, number, number],
): Matrix | undefined {
  const box = rectangleOf(pdf, stream.get('BBox'));
  if (!box) return undefined;
  const own = arrayOf(pdf, stream.get('Matrix'))
    ?.toArray()
    .map((value) => numberOf(pdf, value) ?? 0);
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = own ?? [];
  const corners = [box[0], box[2]].flatMap((u) =>
    [box[1], box[3]].map((v) => [a * u + c * v + e, b * u + d * v + f] as const),
  );
  const [us, vs] = [corners.map(([u]) => u), corners.map(([, v]) => v)];
  const [left, bottom] = [Math.min(...us), Math.min(...vs)];
  const [width, height] = [Math.max(...us) - left, Math.max(...vs) - bottom];
  if (width <= 0 || height <= 0) return undefined;
  const [sx, sy] = [(right - x) / width, (top - y) / height];
  return [sx, 0, 0, sy, x - left * sx, y - bottom * sy];
}

/** Structure elements must not point to annotations that are on no page any more (ISO 32000-1, 14.7.4.3). */
function dropFromStructure(pdf: PDF, removed: Set<PdfObject>): void {
  const seen = new Set<PdfDict>();
  const isGone = (kid: PdfObject): boolean => {
    const reference = dictOf(pdf, kid)?.get('Obj');
    return reference !== undefined && removed.has(reference);
  };
  const root = dictOf(pdf, pdf.getCatalog().get('StructTreeRoot'));
  const stack = root ? [root] : [];
  for (let element = stack.pop(); element; element = stack.pop()) {
    if (seen.has(element)) continue;
    seen.add(element);
    const kids = resolve(pdf, element.get('K'));
    const list = kids instanceof PdfArray ? kids.toArray() : kids instanceof PdfDict ? [kids] : [];
    const kept = list.filter((kid) => !isGone(kid));
    if (kept.length < list.length) element.set('K', new PdfArray(kept));
    stack.push(...kept.map((kid) => dictOf(pdf, kid)).filter((kid) => kid !== undefined));
  }
}
