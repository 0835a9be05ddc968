import type { PDF, PdfObject } from '@libpdf/core';
import { PdfDict, PdfRef } from '@libpdf/core';
import { arrayOf, dictOf, nameOf, stringOf } from '../drawing/pdf-objects.ts';

export interface SignatureField {
  /** Full name: partial names joined by dots (ISO 32000-1, 12.7.3.2). */
  name: string;
  field: PdfDict;
  signature: PdfDict;
}

const MAX_FIELDS = 20_000;

/** Every filled signature field that the form reaches, in the form's order. */
export function findSignatureFields(pdf: PDF): SignatureField[] {
  const found: SignatureField[] = [];
  const seen = new Set<PdfDict>();
  const form = dictOf(pdf, pdf.getCatalog().get('AcroForm'));
  const visit = (
    object: PdfObject,
    parentName: string,
    parentType: string | undefined,
    depth: number,
  ): void => {
    const field = dictOf(pdf, object);
    if (!field || seen.has(field) || depth > 30 || seen.size > MAX_FIELDS) return;
    seen.add(field);
    const partial = stringOf(pdf, field.get('T'));
    const fullName = partial === undefined ? parentName : parentName ? `${parentName}.${partial}` : partial;
    const type = nameOf(pdf, field.get('FT')) ?? parentType;
    const signature = dictOf(pdf, field.get('V'));
    if (type === 'Sig' && signature) found.push({ name: fullName, field, signature });
    for (const child of arrayOf(pdf, field.get('Kids')) ?? []) visit(child, fullName, type, depth + 1);
  };
  for (const field of arrayOf(pdf, form?.get('Fields')) ?? []) {
    if (field instanceof PdfRef || field instanceof PdfDict) visit(field, '', undefined, 0);
  }
  return found;
}
