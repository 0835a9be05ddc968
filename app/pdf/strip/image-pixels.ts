import type { PDF, PdfDict } from '@libpdf/core';
import { dictOf, inheritedAttribute, nameOf, numberOf } from '../drawing/pdf-objects.ts';

/** Pixels of all images that a page names itself: what drawing it will have to decode, at least. */
export function imagePixels(pdf: PDF, page: PdfDict): number {
  const resources = inheritedAttribute(pdf, page, 'Resources');
  const xobjects = resources?.type === 'dict' ? dictOf(pdf, resources.get('XObject')) : undefined;
  let pixels = 0;
  for (const [, value] of xobjects ?? []) {
    const image = dictOf(pdf, value);
    if (!image || nameOf(pdf, image.get('Subtype')) !== 'Image') continue;
    pixels += (numberOf(pdf, image.get('Width')) ?? 0) * (numberOf(pdf, image.get('Height')) ?? 0);
  }
  return pixels;
}
