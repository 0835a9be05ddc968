import { PdfArray, PdfDict, PdfName, PdfString } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { dictOf, nameOf, resolve } from '../drawing/pdf-objects.ts';
import type { Copier } from './copy-objects.ts';
import { nameTreeEntries } from './name-tree.ts';

/**
 * Two files may give one name to different places, so in a merge links lead to their place itself and not by its name
 * (ISO 32000-1, 12.3.2).
 * @returns to be called for every copied dictionary
 */
export function createDestinationRewriter(
  source: PDF,
): (copy: PdfDict, original: PdfDict, copier: Copier) => void {
  let places: Map<string, PdfObject> | undefined;
  const explicit = (target: PdfObject | undefined): PdfArray | undefined => {
    if (!(target instanceof PdfString) && !(target instanceof PdfName)) return undefined;
    places ??= namedPlaces(source);
    const found = resolve(source, places.get(target instanceof PdfName ? target.value : target.asString()));
    const place = found instanceof PdfDict ? resolve(source, found.get('D')) : found;
    return place instanceof PdfArray ? place : undefined;
  };
  return (copy, original, copier) => {
    const key = original.has('Dest')
      ? 'Dest'
      : nameOf(source, original.get('S')) === 'GoTo'
        ? 'D'
        : undefined;
    const place = key && explicit(resolve(source, original.get(key)));
    if (key && place) copy.set(key, copier.copy(place));
  };
}

/** From the old dictionary (PDF 1.1) and the name tree (PDF 1.2). */
function namedPlaces(pdf: PDF): Map<string, PdfObject> {
  const catalog = pdf.getCatalog();
  const places = new Map<string, PdfObject>();
  for (const [key, value] of dictOf(pdf, catalog.get('Dests')) ?? []) places.set(key.value, value);
  const names = dictOf(pdf, catalog.get('Names'));
  for (const [key, value] of nameTreeEntries(pdf, dictOf(pdf, names?.get('Dests')))) {
    places.set(key.asString(), value);
  }
  return places;
}
