import { PdfArray, PdfDict } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { arrayOf, dictOf, nameOf, text } from '../drawing/pdf-objects.ts';
import type { Copier } from './copy-objects.ts';

/** Whether a layer's usage says OFF for looking at it, printing or exporting (ISO 32000-1, table 102). */
function isOffByUsage(pdf: PDF, group: PdfDict | undefined): boolean {
  const usage = dictOf(pdf, group?.get('Usage'));
  return ['View', 'Print', 'Export'].some(
    (event) => nameOf(pdf, dictOf(pdf, usage?.get(event))?.get(`${event}State`)) === 'OFF',
  );
}

/** Layers that are off when the document is opened, or that a viewer switches off by itself in some use. */
export function hasHiddenLayers(pdf: PDF): boolean {
  const properties = dictOf(pdf, pdf.getCatalog().get('OCProperties'));
  const config = dictOf(pdf, properties?.get('D'));
  if ((arrayOf(pdf, config?.get('OFF'))?.length ?? 0) > 0) return true;
  if (nameOf(pdf, config?.get('BaseState')) === 'OFF') return true;
  if (!arrayOf(pdf, config?.get('AS'))?.length) return false;
  const groups = arrayOf(pdf, properties?.get('OCGs'))?.toArray() ?? [];
  return groups.some((group) => isOffByUsage(pdf, dictOf(pdf, group)));
}

/** Copies of a part's layers, all of them visible. */
export function carryLayers(source: PDF, copier: Copier): PdfObject[] {
  const properties = dictOf(source, source.getCatalog().get('OCProperties'));
  const groups = arrayOf(source, properties?.get('OCGs'))?.toArray() ?? [];
  return groups.filter((group) => dictOf(source, group)).map((group) => copier.copy(group));
}

export function writeLayers(pdf: PDF, layers: PdfObject[]): void {
  if (layers.length === 0) return;
  const config = PdfDict.of({ Name: text('Layers'), Order: new PdfArray(layers) });
  pdf.getCatalog().set('OCProperties', PdfDict.of({ OCGs: new PdfArray(layers), D: config }));
}
