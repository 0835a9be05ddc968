import { PDF } from '@libpdf/core';
import type { PdfDict } from '@libpdf/core';
import { inheritedAttribute, name, number } from '../drawing/pdf-objects.ts';
import type { InspectedDocument } from './inspect-document.ts';

/**
 * Gives a page everything it inherits from its tree (ISO 32000-1, table 30), and plain values for what it does not: in
 * the merged tree it must neither lose its fonts (libpdf 0.4.2 copies the page alone) nor take on another file's rotation.
 */
function makeIndependent(pdf: PDF, page: PdfDict): void {
  for (const key of ['Resources', 'MediaBox', 'CropBox', 'Rotate']) {
    const value = inheritedAttribute(pdf, page, key);
    if (value && !page.has(key)) page.set(key, value);
  }
  if (!page.has('Rotate')) page.set('Rotate', number(0));
  const mediaBox = page.get('MediaBox');
  if (!page.has('CropBox') && mediaBox) page.set('CropBox', mediaBox);
  if (!page.has('Type')) page.set('Type', name('Page'));
}

/** One file with all pages in order. The first document is the base: its outlines, form and attachments stay. */
export async function mergeDocuments(documents: InspectedDocument[]): Promise<Uint8Array> {
  const [first, ...others] = documents;
  if (!first) throw new Error('nothing to merge');
  const base = await PDF.load(first.bytes);
  for (const { bytes } of others) {
    const source = await PDF.load(bytes);
    const pages = source.getPages();
    for (const { dict } of pages) makeIndependent(source, dict);
    await base.copyPagesFrom(source, [...pages.keys()]);
  }
  const merged = await base.save();
  const pages = documents.reduce((sum, document) => sum + document.pages, 0);
  const written = await PDF.load(merged);
  if (written.getPageCount() !== pages || written.recoveredViaBruteForce) {
    throw new Error(`merging gave ${written.getPageCount()} pages instead of ${pages}`);
  }
  return merged;
}
