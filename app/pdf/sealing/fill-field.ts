import { PdfDict } from '@libpdf/core';
import type { PDF } from '@libpdf/core';
import { PdfEngineFailure } from '../../ports/pdf-engine.ts';
import type { SealSigner, SigningRef } from '../../ports/pdf-engine.ts';
import { canvasToForm, createCanvas } from '../drawing/canvas.ts';
import type { Box, Canvas } from '../drawing/canvas.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { uprightMatrix, visiblePage, visibleSize } from '../drawing/page-geometry.ts';
import { arrayOf, dictOf, numberOf, text } from '../drawing/pdf-objects.ts';
import { textOfMark } from './draw-mark.ts';
import type { MarkPainter } from './draw-mark.ts';
import type { MadeField } from './mark-fields.ts';
import { drawSignedCard } from './signer-card.ts';
import { signedWithoutImage } from './signed-without-image.ts';

function rectangleOf(pdf: PDF, field: PdfDict): [number, number, number, number] {
  const [left, bottom, right, top] = (arrayOf(pdf, field.get('Rect'))?.toArray() ?? []).map((item) =>
    numberOf(pdf, item),
  );
  if (left === undefined || bottom === undefined || right === undefined || top === undefined) {
    throw new PdfEngineFailure('internal', 'a field has no place');
  }
  return [left, bottom, right, top];
}

/** Gives a field of this signer its value and its appearance; one for which there is nothing is left as it is. */
export function fillField(
  pdf: PDF,
  fonts: Fonts,
  painter: MarkPainter,
  { purpose, dict }: MadeField,
  signer: SealSigner,
  signing: SigningRef,
): void {
  const page = dictOf(pdf, dict.get('P'));
  if (!page) throw new PdfEngineFailure('internal', 'a field has no page');
  const view = visiblePage(pdf, page);
  const size = visibleSize(view, rectangleOf(pdf, dict));
  const show = (draw: (canvas: Canvas, box: Box) => void): void => {
    const canvas = createCanvas(fonts, size.width, size.height);
    draw(canvas, { x: 0, y: 0, ...size });
    dict.set('AP', PdfDict.of({ N: canvasToForm(pdf, canvas, uprightMatrix(view)) }));
  };

  switch (purpose) {
    case 'card':
      return show((canvas, box) => drawSignedCard(fonts, canvas, box, signer, signing, painter, true));
    case 'sign':
      return show((canvas, box) => {
        if (painter.has(signer, 'sign')) painter.draw(canvas, box, signer, 'sign');
        else signedWithoutImage(fonts, canvas, box, signer, signing);
      });
    case 'stamp':
      if (painter.has(signer, 'stamp')) show((canvas, box) => painter.draw(canvas, box, signer, 'stamp'));
      return;
    default:
      dict.set('V', text(textOfMark(signer, purpose, signing)));
      show((canvas, box) => painter.draw(canvas, box, signer, purpose));
  }
}
