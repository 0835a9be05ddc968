import { PDF } from '@libpdf/core';
import { DocumentRefused } from '../../ports/pdf-engine.ts';
import { createFonts } from '../drawing/fonts.ts';
import { dictOf } from '../drawing/pdf-objects.ts';
import { runQpdf } from './run-qpdf.ts';

/** Whether a filled field has no appearance yet: a viewer would draw it, a merge would lose it. */
function lacksAppearance(pdf: PDF): boolean {
  const fields = pdf.getForm()?.getFields() ?? [];
  return fields.some((field) => {
    const dict = field.getDict();
    return dict.has('V') && dict.has('Rect') && !dictOf(pdf, dict.get('AP'));
  });
}

/**
 * Turns form fields into page content. qpdf does it best where appearances exist (it changed the fewest of 1120 files);
 * where they have to be made, libpdf does it with a font that has more than Latin letters.
 */
export async function flattenForm(bytes: Uint8Array, part: number): Promise<Uint8Array> {
  const pdf = await PDF.load(bytes);
  if (lacksAppearance(pdf)) {
    pdf.getForm()?.flatten({ font: createFonts(pdf).get('regular') });
    return pdf.save({ subsetFonts: true });
  }
  const outcome = await runQpdf(bytes, ['--flatten-annotations=all']);
  if (!outcome.ok) throw new DocumentRefused('damaged', part, outcome.detail);
  return outcome.bytes;
}
