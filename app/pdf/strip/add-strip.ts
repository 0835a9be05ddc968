import { PDF, PdfDict } from '@libpdf/core';
import { resolvePages } from '../../domain/signature-positions.ts';
import type { SignaturePosition } from '../../domain/signature-positions.ts';
import type { PageStrip } from '../../ports/pdf-engine.ts';
import type { Box, Matrix } from '../drawing/canvas.ts';
import { placement, positionBox, userRectangle, visiblePage } from '../drawing/page-geometry.ts';
import type { VisiblePage } from '../drawing/page-geometry.ts';
import { name, numbers, text } from '../drawing/pdf-objects.ts';
import { balanceContent } from '../intake/balance-content.ts';
import { addAnnotation, appendForms } from '../sealing/place-marks.ts';
import { composeStrip } from './compose-strip.ts';
import type { StripDesign } from './compose-strip.ts';
import { findFreePlace } from './find-free-place.ts';
import { growPage } from './grow-page.ts';
import { lookAtPages } from './look-at-pages.ts';

/** Around the strip on paper that was added for it, points. */
const PAPER_MARGIN = 4;

/** Where the strip stands, points from the visible bottom left; `paper` is what was added to the page for it. */
interface Place {
  view: VisiblePage;
  box: Box;
  paper?: Box;
}

/**
 * Puts the strip on every page, where the page is free; a page that is nowhere free gets more paper at its foot.
 * @param kept places for marks, which the strip leaves free
 * @param clock milliseconds; bounds the time that goes into looking at pages
 */
export async function addStrip(
  bytes: Uint8Array,
  strip: PageStrip,
  kept: SignaturePosition[],
  clock: () => number,
): Promise<Uint8Array> {
  const pdf = await PDF.load(bytes);
  const pages = pdf.getPages().map(({ dict }) => dict);
  const design = composeStrip(pdf, strip, pages.length);
  const look = await lookAtPages(bytes, pdf, clock);
  try {
    for (const [index, page] of pages.entries()) {
      const view = visiblePage(pdf, page);
      const marks = kept
        .filter((position) => resolvePages(position.page, pages.length).includes(index))
        .map((position) => positionBox(view, position))
        .filter((box) => box !== undefined);
      const image = await look.at(index, page);
      const free = image && findFreePlace(image, view, design, marks);
      const place: Place = free ? { view, box: free } : addPaper(pdf, page, design);
      draw(pdf, page, design, index + 1, place);
      addLink(pdf, page, strip.verifyUrl, place);
    }
  } finally {
    look.close();
  }
  return pdf.save({ subsetFonts: true });
}

/** Paper for the strip; on a page that is narrower than the strip, a smaller strip. */
function addPaper(pdf: PDF, page: PdfDict, design: StripDesign): Place {
  const { width } = visiblePage(pdf, page);
  const scale = Math.max(0.1, Math.min(1, (width - 2 * PAPER_MARGIN) / design.width));
  const box = {
    x: width - PAPER_MARGIN - design.width * scale,
    y: PAPER_MARGIN,
    width: design.width * scale,
    height: design.height * scale,
  };
  const height = box.height + 2 * PAPER_MARGIN;
  return { view: growPage(pdf, page, height), box, paper: { x: 0, y: 0, width, height } };
}

const stretched = ([a, b, c, d, e, f]: Matrix, x: number, y: number): Matrix => [
  a * x,
  b * x,
  c * y,
  d * y,
  e,
  f,
];

function draw(pdf: PDF, page: PdfDict, design: StripDesign, number: number, place: Place): void {
  const { view, box, paper } = place;
  const scale = box.width / design.width;
  const matrix = stretched(placement(view, box), scale, scale);
  const forms = [
    { ref: design.constant, matrix },
    { ref: design.pageNumber(number), matrix },
  ];
  // What the page had outside of its edge was not to be seen, and is not to be seen now.
  if (paper) {
    forms.unshift({
      ref: design.white,
      matrix: stretched(placement(view, paper), paper.width, paper.height),
    });
  }
  balanceContent(pdf, page);
  appendForms(pdf, page, forms);
}

/** Whoever reads on a screen clicks what others scan. */
function addLink(pdf: PDF, page: PdfDict, url: string, { view, box }: Place): void {
  const link = PdfDict.of({
    Type: name('Annot'),
    Subtype: name('Link'),
    Rect: numbers(...userRectangle(view, box)),
    Border: numbers(0, 0, 0),
    A: PdfDict.of({ Type: name('Action'), S: name('URI'), URI: text(new URL(url).href) }),
  });
  addAnnotation(pdf, page, pdf.register(link));
}
