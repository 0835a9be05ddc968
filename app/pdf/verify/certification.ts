import type { PDF, PdfDict } from '@libpdf/core';
import { arrayOf, dictOf, nameOf, numberOf } from '../drawing/pdf-objects.ts';

/** DocMDP level of a signature that certifies its document (ISO 32000-1, 12.8.2.2); 2 when none is written. */
export function certificationOf(pdf: PDF, signature: PdfDict): 1 | 2 | 3 | undefined {
  for (const entry of arrayOf(pdf, signature.get('Reference')) ?? []) {
    const reference = dictOf(pdf, entry);
    if (nameOf(pdf, reference?.get('TransformMethod')) !== 'DocMDP') continue;
    const level = numberOf(pdf, dictOf(pdf, reference?.get('TransformParams'))?.get('P'));
    return level === 1 || level === 3 ? level : 2;
  }
  return undefined;
}
