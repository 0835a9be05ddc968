import { PdfArray, PdfDict, PdfRef, PdfStream } from '@libpdf/core';
import type { PDF, PDFPage } from '@libpdf/core';
import { resolvePages } from '../../domain/signature-positions.ts';
import type { MarkKind, SignaturePosition } from '../../domain/signature-positions.ts';
import { PdfEngineFailure } from '../../ports/pdf-engine.ts';
import type { ExpectedSigner, SealSigner } from '../../ports/pdf-engine.ts';
import { canvasToForm, createCanvas } from '../drawing/canvas.ts';
import type { Box, Matrix } from '../drawing/canvas.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { arrayOf, dictOf, inheritedAttribute, resolve } from '../drawing/pdf-objects.ts';
import { placement, positionBox, visiblePage } from '../drawing/page-geometry.ts';
import type { MarkPainter } from './draw-mark.ts';

export interface PlacedMark<S extends ExpectedSigner = SealSigner> {
  signer: S;
  position: SignaturePosition;
  page: number;
  /** Points from the visible bottom left of the page. */
  box: Box;
}

/** Everyone a position speaks of. A step's signers share its box, side by side. */
function signersOf<S extends ExpectedSigner>(position: SignaturePosition, signers: S[]): S[] {
  const { by, number } = position.who;
  if (by === 'step') return signers.filter(({ step }) => step === number);
  return signers.slice(number - 1, number);
}

/**
 * Which mark goes where; positions that are not wholly on a page, or take too much of it, are counted, not planned.
 * @param wanted whether a signer has, or may come to have, a mark of that kind
 */
export function planMarks<S extends ExpectedSigner>(
  pdf: PDF,
  signers: S[],
  positions: SignaturePosition[],
  wanted: (signer: S, kind: MarkKind) => boolean = () => true,
): { marks: PlacedMark<S>[]; outside: number } {
  const marks: PlacedMark<S>[] = [];
  let outside = 0;
  const count = pdf.getPageCount();
  for (const position of positions) {
    const those = signersOf(position, signers);
    const pages = resolvePages(position.page, count);
    if (pages.length === 0) outside++;
    for (const index of pages) {
      const page = pdf.getPage(index);
      const box = page && positionBox(visiblePage(pdf, page.dict), position);
      if (!box) {
        outside++;
        continue;
      }
      const width = box.width / Math.max(1, those.length);
      for (const [place, signer] of those.entries()) {
        if (!wanted(signer, position.kind)) continue;
        marks.push({ signer, position, page: index, box: { ...box, x: box.x + place * width, width } });
      }
    }
  }
  return { marks, outside };
}

export function drawMarks(pdf: PDF, fonts: Fonts, marks: PlacedMark[], painter: MarkPainter): void {
  for (const [index, onPage] of Map.groupBy(marks, (mark) => mark.page)) {
    const page = pdf.getPage(index);
    if (!page) continue;
    const view = visiblePage(pdf, page.dict);
    const forms = onPage.map(({ box, signer, position }) => {
      const canvas = createCanvas(fonts, box.width, box.height);
      painter.draw(canvas, { x: 0, y: 0, width: box.width, height: box.height }, signer, position.kind);
      return { ref: canvasToForm(pdf, canvas), matrix: placement(view, box) };
    });
    appendForms(pdf, page.dict, forms);
  }
}

/**
 * Paints forms over a page's content. The page gets its own resources first: a new page-level dictionary would shadow
 * the inherited one and take every font and image from the page without an error (libpdf 0.4.2 does that when drawing).
 */
export function appendForms(pdf: PDF, page: PdfDict, forms: { ref: PdfRef; matrix: Matrix }[]): void {
  const resources = ownResources(pdf, page);
  const xobjects = dictOf(pdf, resources.get('XObject'))?.clone() ?? new PdfDict();
  const operators: string[] = [];
  let counter = 0;
  for (const { ref, matrix } of forms) {
    while (xobjects.has(`Countersign${counter}`)) counter++;
    const key = `Countersign${counter}`;
    xobjects.set(key, ref);
    operators.push(`q ${matrix.map((value) => value.toFixed(4)).join(' ')} cm /${key} Do Q`);
  }
  resources.set('XObject', xobjects);
  page.set('Resources', resources);

  const stream = (content: string): PdfRef =>
    pdf.register(new PdfStream([], new TextEncoder().encode(content)));
  const existing = resolve(pdf, page.get('Contents'));
  const before =
    existing instanceof PdfArray
      ? existing.toArray()
      : existing instanceof PdfStream && page.get('Contents') instanceof PdfRef
        ? [page.get('Contents') as PdfRef]
        : [];
  // The page's own transformations end with it; ours start from the page's plain coordinates.
  page.set('Contents', new PdfArray([stream('q\n'), ...before, stream(`\nQ\n${operators.join('\n')}\n`)]));
}

/** A copy of the resources in force on the page, to be changed without touching those of other pages. */
function ownResources(pdf: PDF, page: PdfDict): PdfDict {
  const inForce = inheritedAttribute(pdf, page, 'Resources');
  return inForce instanceof PdfDict ? inForce.clone() : new PdfDict();
}

/** @param index from 0 */
export function pageAt(pdf: PDF, index: number): PDFPage {
  const page = pdf.getPage(index);
  if (!page) throw new PdfEngineFailure('internal', `the document has no page ${index + 1}`);
  return page;
}

/** Adds an annotation to a page. */
export function addAnnotation(pdf: PDF, page: PdfDict, ref: PdfRef): void {
  const annotations = arrayOf(pdf, page.get('Annots'));
  if (annotations) annotations.push(ref);
  else page.set('Annots', new PdfArray([ref]));
}
