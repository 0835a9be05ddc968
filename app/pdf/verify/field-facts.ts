import type { PDF, PdfDict, PdfObject } from '@libpdf/core';
import { arrayOf, dictOf, nameOf, resolve, stringOf } from '../drawing/pdf-objects.ts';

const MAX_DEPTH = 30;
const MAX_FIELDS = 20_000;

/** A field or widget and the fields above it, nearest first. */
function lineage(pdf: PDF, field: PdfDict): PdfDict[] {
  const found: PdfDict[] = [];
  for (let node: PdfDict | undefined = field; node && found.length < MAX_DEPTH;) {
    found.push(node);
    node = dictOf(pdf, node.get('Parent'));
  }
  return found;
}

/** An attribute of a field, its own or inherited (ISO 32000-1, 12.7.3.1). */
export function fieldAttribute(pdf: PDF, field: PdfDict, key: string): PdfObject | undefined {
  for (const node of lineage(pdf, field)) {
    const value = resolve(pdf, node.get(key));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** `Tx`, `Btn`, `Ch`, `Sig`; undefined for what is no field. */
export const fieldType = (pdf: PDF, field: PdfDict): string | undefined =>
  nameOf(pdf, fieldAttribute(pdf, field, 'FT'));

/** Full name: partial names from the top joined by dots (ISO 32000-1, 12.7.3.2). */
export const fieldName = (pdf: PDF, field: PdfDict): string =>
  lineage(pdf, field)
    .map((node) => stringOf(pdf, node.get('T')))
    .filter((part) => part !== undefined)
    .reverse()
    .join('.');

/** All fields that have no fields below them, with their full names. */
export function listFields(pdf: PDF): { name: string; field: PdfDict }[] {
  const fields: { name: string; field: PdfDict }[] = [];
  const seen = new Set<PdfDict>();
  const visit = (object: PdfObject, above: string, depth: number): void => {
    const field = dictOf(pdf, object);
    if (!field || seen.has(field) || depth > MAX_DEPTH || seen.size > MAX_FIELDS) return;
    seen.add(field);
    const partial = stringOf(pdf, field.get('T'));
    const full = partial === undefined ? above : above ? `${above}.${partial}` : partial;
    const kids = arrayOf(pdf, field.get('Kids'))?.toArray() ?? [];
    const inner = kids.filter((kid) => dictOf(pdf, kid)?.has('T'));
    if (inner.length === 0) fields.push({ name: full, field });
    for (const kid of inner) visit(kid, full, depth + 1);
  };
  const form = dictOf(pdf, pdf.getCatalog().get('AcroForm'));
  for (const field of arrayOf(pdf, form?.get('Fields'))?.toArray() ?? []) visit(field, '', 0);
  return fields;
}

/** Their names, each once. */
export const listFieldNames = (pdf: PDF): string[] => [...new Set(listFields(pdf).map(({ name }) => name))];
