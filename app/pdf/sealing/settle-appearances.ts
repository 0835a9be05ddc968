import { PdfBool } from '@libpdf/core';
import type { PDF } from '@libpdf/core';
import type { Fonts } from '../drawing/fonts.ts';
import { dictOf, resolve } from '../drawing/pdf-objects.ts';

/**
 * Ends /NeedAppearances of a form (ISO 32000-1, table 218): with it every viewer draws the fields anew, by its own means,
 * so nobody could say what a signer saw, and some viewers take their own drawing for a change after signing. Fields that
 * were counting on it get their appearance now.
 */
export function settleAppearances(pdf: PDF, fonts: Fonts): void {
  const dict = dictOf(pdf, pdf.getCatalog().get('AcroForm'));
  const needed = resolve(pdf, dict?.get('NeedAppearances'));
  if (!dict || !(needed instanceof PdfBool) || !needed.value) return;
  dict.delete('NeedAppearances');
  const form = pdf.getForm();
  const bare = form?.getFields().filter((field) => !dictOf(pdf, field.getDict().get('AP'))) ?? [];
  if (!form || bare.length === 0) return;
  for (const field of bare) if ('needsAppearanceUpdate' in field) field.needsAppearanceUpdate = true;
  form.acroForm().setDefaultFont(fonts.get('regular'));
  form.updateAppearances();
}
