import { PdfArray, PdfDict } from '@libpdf/core';
import type { PDF, PdfRef } from '@libpdf/core';
import { arrayOf, dictOf, name, number, numberOf, numbers, stringOf, text } from '../drawing/pdf-objects.ts';
import { addAnnotation } from './place-marks.ts';

/** Flags of the form as a whole: it has signatures, and a writer must append (ISO 32000-1, table 219). */
const SIGNATURES_EXIST = 1;
const APPEND_ONLY = 2;
/** Flags of an annotation: printed with its page, its place fixed (ISO 32000-1, table 165). */
const PRINTED_AND_LOCKED = 4 + 128;

/** The document's form, made if there is none. */
export function formOf(pdf: PDF): { form: PdfDict; fields: PdfArray } {
  const catalog = pdf.getCatalog();
  const form = dictOf(pdf, catalog.get('AcroForm')) ?? new PdfDict();
  if (!dictOf(pdf, catalog.get('AcroForm'))) catalog.set('AcroForm', pdf.register(form));
  const fields = arrayOf(pdf, form.get('Fields')) ?? new PdfArray();
  if (!arrayOf(pdf, form.get('Fields'))) form.set('Fields', fields);
  return { form, fields };
}

/** Partial names of the form's fields at its top. */
export function namesInUse(pdf: PDF): Set<string> {
  const names = formOf(pdf)
    .fields.toArray()
    .map((field) => stringOf(pdf, dictOf(pdf, field)?.get('T')));
  return new Set(names.filter((known) => known !== undefined));
}

/** `wanted`, or with the next free number behind it. */
export function freeName(inUse: ReadonlySet<string>, wanted: string): string {
  let candidate = wanted;
  for (let counter = 2; inUse.has(candidate); counter++) candidate = `${wanted}${counter}`;
  return candidate;
}

export interface NewField {
  /** Partial name, not in use. */
  name: string;
  type: 'Sig' | 'Tx' | 'Btn';
  page: { ref: PdfRef; dict: PdfDict };
  /** In user space; empty for an invisible field. */
  rectangle?: [number, number, number, number];
  appearance?: PdfRef;
}

/**
 * Adds a field, with its one widget in the same dictionary, to the form and to its page. What else it has is the caller's
 * to set.
 */
export function addField(pdf: PDF, wanted: NewField): { ref: PdfRef; dict: PdfDict } {
  const { form, fields } = formOf(pdf);
  const dict = PdfDict.of({
    Type: name('Annot'),
    Subtype: name('Widget'),
    FT: name(wanted.type),
    T: text(wanted.name),
    F: number(PRINTED_AND_LOCKED),
    P: wanted.page.ref,
    Rect: numbers(...(wanted.rectangle ?? [0, 0, 0, 0])),
  });
  if (wanted.appearance) dict.set('AP', PdfDict.of({ N: wanted.appearance }));
  const ref = pdf.register(dict);
  fields.push(ref);
  addAnnotation(pdf, wanted.page.dict, ref);
  if (wanted.type === 'Sig') {
    const flags = numberOf(pdf, form.get('SigFlags')) ?? 0;
    const wantedFlags = flags | SIGNATURES_EXIST | APPEND_ONLY;
    if (wantedFlags !== flags) form.set('SigFlags', number(wantedFlags));
  }
  return { ref, dict };
}
