import { PDF, PdfArray, PdfDict, PdfRef } from '@libpdf/core';
import type { PdfObject } from '@libpdf/core';
import { dictOf, name, number, numbers, resolve, stringOf } from '../drawing/pdf-objects.ts';
import { carryAttachments, writeAttachments } from './carry-attachments.ts';
import type { Attachments } from './carry-attachments.ts';
import { carryLayers, writeLayers } from './carry-layers.ts';
import { bookmarkTo, readBookmarks, writeOutline } from './carry-outlines.ts';
import type { Bookmark } from './carry-outlines.ts';
import { carryPageLabels, writePageLabels } from './carry-page-labels.ts';
import type { PageLabels } from './carry-page-labels.ts';
import { createMergedStructure } from './carry-structure.ts';
import { createCopier } from './copy-objects.ts';
import { createDestinationRewriter } from './explicit-destinations.ts';

/** One document of a merge, without a form (flattened) and without a signature. */
export interface MergePart {
  /** Of its bookmark. */
  name: string;
  pdf: PDF;
}

/**
 * Gives a page everything it inherits from its tree (ISO 32000-1, table 30), which does not come along into the merge:
 * without its fonts a page loses its text, without its rotation it falls over.
 */
function makeIndependent(pdf: PDF, page: PdfDict): void {
  for (const key of ['Resources', 'MediaBox', 'CropBox', 'Rotate']) {
    let node: PdfDict | undefined = page;
    for (let depth = 0; node && !page.has(key) && depth < 64; depth++) {
      node = dictOf(pdf, node.get('Parent'));
      const value = node?.get(key);
      if (value) page.set(key, value); // a reference stays one: the copies of all pages share what it leads to
    }
  }
  if (!page.has('MediaBox')) page.set('MediaBox', numbers(0, 0, 612, 792)); // what readers assume
  page.set('Type', name('Page'));
  page.delete('B'); // article beads: their threads stay behind
}

/**
 * One new document with all pages in order: a bookmark per part with the part's own bookmarks under it, everybody's
 * attachments, layers, page labels and structure trees. Links lead where they led.
 * @returns the merged file, and the parts (index) whose bookmarks could not all be taken over
 */
export async function mergeDocuments(
  parts: MergePart[],
): Promise<{ bytes: Uint8Array; incomplete: number[] }> {
  const target = PDF.create();
  const root = PdfDict.of({ Type: name('Pages') });
  const rootRef = target.register(root);
  const structure = createMergedStructure(target);
  const [nodes, layers]: [PdfRef[], PdfObject[]] = [[], []];
  const bookmarks: Bookmark[] = [];
  const attachments: Attachments = new Map();
  const labels: PageLabels = [];
  const incomplete: number[] = [];
  let labelled = false;
  let count = 0;

  for (const [index, part] of parts.entries()) {
    const source = part.pdf;
    const makeExplicit = createDestinationRewriter(source);
    structure.begin(source);
    const copier = createCopier(source, target, (copy, original, self) => {
      makeExplicit(copy, original, self);
      structure.adapt(copy, original);
    });
    const node = PdfDict.of({ Type: name('Pages'), Parent: rootRef });
    const nodeRef = target.register(node);
    const pages = source.getPages();
    for (const { dict } of pages) makeIndependent(source, dict);
    const refs = pages.map(({ ref }) => copier.copy(ref)).filter((copy) => copy instanceof PdfRef);
    for (const ref of refs) (resolve(target, ref) as PdfDict).set('Parent', nodeRef);
    node.set('Kids', new PdfArray(refs));
    node.set('Count', number(refs.length));
    nodes.push(nodeRef);

    const own = readBookmarks(source, copier);
    if (!own.complete) incomplete.push(index);
    if (refs[0]) bookmarks.push(bookmarkTo(refs[0], part.name, own.bookmarks));
    layers.push(...carryLayers(source, copier));
    carryAttachments(source, copier, attachments);
    labelled = carryPageLabels(source, copier, count, labels) || labelled;
    structure.carry(copier);
    count += refs.length;
  }
  root.set('Kids', new PdfArray(nodes));
  root.set('Count', number(count));
  target.getCatalog().set('Pages', rootRef);
  writeOutline(target, bookmarks);
  writeLayers(target, layers);
  writeAttachments(target, attachments);
  if (labelled) writePageLabels(target, labels);
  structure.write();
  describe(target, parts);
  const bytes = await target.save();
  const written = await PDF.load(bytes);
  if (written.getPageCount() !== count || written.recoveredViaBruteForce) {
    throw new Error(`merging gave ${written.getPageCount()} pages instead of ${count}`);
  }
  return { bytes, incomplete };
}

/** The language that all parts have in common; nothing else of the sources' descriptions is true of the whole. */
function describe(target: PDF, parts: MergePart[]): void {
  const info = dictOf(target, target.context.info.trailer.get('Info'));
  for (const key of [...(info?.keys() ?? [])]) info?.delete(key); // "Untitled", and the time of this machine
  target.setProducer('Countersign');
  const languages = new Set(parts.map(({ pdf }) => stringOf(pdf, pdf.getCatalog().get('Lang'))));
  const [language] = languages;
  if (languages.size === 1 && language) target.setLanguage(language);
  const versions = parts.map(({ pdf }) => pdf.version);
  if (versions.includes('2.0')) target.upgradeVersion('2.0');
}
