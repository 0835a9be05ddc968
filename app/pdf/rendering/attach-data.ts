import { PdfArray, PdfName } from '@libpdf/core';
import type { PDF } from '@libpdf/core';
import { arrayOf, dictOf } from '../drawing/pdf-objects.ts';

/**
 * Attaches data for programs to the document, as what the document itself was made from (ISO 32000-2, 14.13: associated
 * files).
 * @param data must survive JSON
 */
export function attachData(
  pdf: PDF,
  file: { name: string; data: unknown; description: string; at: Date },
): void {
  const { name, data, description, at } = file;
  pdf.addAttachment(name, new TextEncoder().encode(`${JSON.stringify(data, null, 2)}\n`), {
    description,
    createdAt: at,
    modifiedAt: at,
  });
  const catalog = pdf.getCatalog();
  const names = dictOf(pdf, dictOf(pdf, catalog.get('Names'))?.get('EmbeddedFiles'));
  const specification = arrayOf(pdf, names?.get('Names'))?.at(1);
  if (!specification) throw new Error('the attachment is not where it was put');
  const dict = dictOf(pdf, specification);
  dict?.set('AFRelationship', PdfName.of('Data'));
  // libpdf escapes the slash of a media type twice.
  dictOf(pdf, dictOf(pdf, dict?.get('EF'))?.get('F'))?.set('Subtype', PdfName.of('application/json'));
  catalog.set('AF', new PdfArray([specification]));
}
