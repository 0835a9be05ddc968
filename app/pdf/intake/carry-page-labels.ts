import { PdfArray, PdfDict } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { dictOf, name, number } from '../drawing/pdf-objects.ts';
import type { Copier } from './copy-objects.ts';
import { numberTreeEntries } from './name-tree.ts';

/** Page labels of a merge: index of the first page that a label is for, and the label (ISO 32000-1, 12.4.2). */
export type PageLabels = [index: number, label: PdfObject][];

/**
 * A part keeps its own labels; one without any is counted on its own from 1.
 * @param firstPage index of the part's first page in the merge, from 0
 * @returns whether it had labels
 */
export function carryPageLabels(source: PDF, copier: Copier, firstPage: number, labels: PageLabels): boolean {
  const own = [...numberTreeEntries(source, dictOf(source, source.getCatalog().get('PageLabels')))]
    .filter(([index]) => index >= 0 && index < source.getPageCount())
    .sort(([a], [b]) => a - b);
  if (own[0]?.[0] !== 0) labels.push([firstPage, PdfDict.of({ S: name('D') })]);
  for (const [index, label] of own) labels.push([firstPage + index, copier.copy(label)]);
  return own.length > 0;
}

export function writePageLabels(pdf: PDF, labels: PageLabels): void {
  const leaf = new PdfArray(labels.flatMap(([index, label]) => [number(index), label]));
  pdf.getCatalog().set('PageLabels', PdfDict.of({ Nums: leaf }));
}
