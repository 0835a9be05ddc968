import { PdfDict, PdfString } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { dictOf, text } from '../drawing/pdf-objects.ts';
import type { Copier } from './copy-objects.ts';
import { nameTreeEntries, nameTreeLeaf } from './name-tree.ts';

/** Files embedded in the documents of a merge, each under a key of its own. */
export type Attachments = Map<string, [PdfString, PdfObject]>;

export function carryAttachments(source: PDF, copier: Copier, attachments: Attachments): void {
  const names = dictOf(source, source.getCatalog().get('Names'));
  for (const [key, value] of nameTreeEntries(source, dictOf(source, names?.get('EmbeddedFiles')))) {
    const wanted = key.asString();
    let free = wanted;
    for (let number = 2; attachments.has(free); number++) free = `${wanted} (${number})`;
    attachments.set(free, [free === wanted ? key : text(free), copier.copy(value)]);
  }
}

export function writeAttachments(pdf: PDF, attachments: Attachments): void {
  if (attachments.size === 0) return;
  const files = PdfDict.of({ Names: nameTreeLeaf(attachments.values()) });
  pdf.getCatalog().set('Names', PdfDict.of({ EmbeddedFiles: pdf.register(files) }));
}
