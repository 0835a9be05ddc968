import { PdfArray, PdfDict, PdfRef } from '@libpdf/core';
import type { PDF, PdfStream } from '@libpdf/core';
import { dictOf, inheritedAttribute, isStream, nameOf, resolve } from '../drawing/pdf-objects.ts';

/** One content stream of a page: the page's own, or that of a form XObject that it draws. */
export interface ContentNode {
  /** The same for the same form, wherever it is drawn. */
  key: string;
  bytes: Uint8Array;
  resources: PdfDict;
  /** Absent for the page itself. */
  form?: PdfStream;
}

/**
 * A page's content as one stream: its parts are read as if they stood behind each other with a blank between them
 * (ISO 32000-1, table 30).
 * @throws when a part cannot be decoded
 */
export function readPageContent(pdf: PDF, page: PdfDict): ContentNode {
  const contents = resolve(pdf, page.get('Contents'));
  const streams = contents instanceof PdfArray ? contents.toArray() : [contents];
  const parts = streams.map((entry) => {
    const stream = resolve(pdf, entry);
    return isStream(stream) ? Buffer.from(stream.getDecodedData()) : Buffer.alloc(0);
  });
  const bytes = new Uint8Array(Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')])));
  const resources = inheritedAttribute(pdf, page, 'Resources');
  return { key: 'page', bytes, resources: resources instanceof PdfDict ? resources : new PdfDict() };
}

/** The form XObject that `name` means under these resources; undefined for an image and for what cannot be read. */
export function readForm(pdf: PDF, parent: ContentNode, name: string): ContentNode | undefined {
  const entry = dictOf(pdf, parent.resources.get('XObject'))?.get(name);
  const form = resolve(pdf, entry);
  if (!isStream(form) || nameOf(pdf, form.get('Subtype')) !== 'Form') return undefined;
  const key = entry instanceof PdfRef ? `${entry.objectNumber} ${entry.generation}` : `${parent.key}/${name}`;
  try {
    // Forms of before PDF 1.2 use the resources of the page (7.8.3).
    const resources = dictOf(pdf, form.get('Resources')) ?? parent.resources;
    return { key, bytes: form.getDecodedData(), resources, form };
  } catch {
    return undefined;
  }
}
