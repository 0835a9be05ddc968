import type { PDF, PdfDict } from '@libpdf/core';
import type { ApplySignatureRequest } from '../../ports/pdf-engine.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { uprightMatrix, userRectangle, visiblePage } from '../drawing/page-geometry.ts';
import type { MarkPainter } from './draw-mark.ts';
import type { FieldNames } from './field-names.ts';
import { findFreeCell } from './find-free-cell.ts';
import { addField } from './form-fields.ts';
import { pageAt, planMarks } from './place-marks.ts';
import { cellIn, cellsAppearance, stripBox } from './signer-cell.ts';

/**
 * A new signature field in a document that was signed before it came, with all marks of this signer inside it: at their
 * first given place to sign, else in their cell of the strip at the foot of the last page, or above what is there.
 * @param pdf the file of the request, read
 * @returns the field, and whether a given place could not be used
 */
export async function addForeignField(
  pdf: PDF,
  fonts: Fonts,
  painter: MarkPainter,
  names: FieldNames,
  { pdf: bytes, signer, signers, signing, positions = [] }: ApplySignatureRequest,
): Promise<{ dict: PdfDict; outside: boolean }> {
  const { marks, outside } = planMarks(pdf, signers, positions);
  const mine = marks.filter((mark) => mark.signer.id === signer.id);
  const wanted = mine.find(({ position }) => position.kind === 'sign');
  const page = pageAt(pdf, wanted ? wanted.page : pdf.getPageCount() - 1);
  const view = visiblePage(pdf, page.dict);
  const index = Math.max(
    0,
    signers.findIndex(({ id }) => id === signer.id),
  );
  const own = cellIn(stripBox(signers.length, view.width), index, signers.length);
  const box = wanted?.box ?? (await findFreeCell(bytes, pdf, page, view, own));
  const { dict } = addField(pdf, {
    name: names.of(signer.id, 'sign', 1),
    type: 'Sig',
    page,
    rectangle: userRectangle(view, box),
    appearance: cellsAppearance(pdf, fonts, box, [signer], signing, painter, uprightMatrix(view)),
  });
  return { dict, outside: outside > 0 || mine.length > (wanted ? 1 : 0) };
}
