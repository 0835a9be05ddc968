import { PdfDict } from '@libpdf/core';
import type { PdfObject } from '@libpdf/core';
import { arrayOf, dictOf } from '../drawing/pdf-objects.ts';
import { below } from './comparison.ts';
import type { Comparison, Spot } from './comparison.ts';
import { fieldName, fieldType, listFieldNames } from './field-facts.ts';
import { laterSignatureIn } from './judge-filling.ts';

/** The interactive form: nothing may vanish from it, and only signature fields may come. */
export function compareForm(
  comparison: Comparison,
  x: PdfObject | undefined,
  y: PdfObject | undefined,
  spot: Spot,
): void {
  const a = dictOf(comparison.before, x) ?? new PdfDict();
  const b = dictOf(comparison.after, y);
  if (!b) {
    if (dictOf(comparison.before, x)) comparison.report('form_changed', 'never', spot);
    return;
  }
  for (const key of new Set([...a.keys(), ...b.keys()].map(({ value }) => value))) {
    const next = below(spot, `/${key}`);
    if (key === 'SigFlags') continue;
    if ((key === 'DA' || key === 'DR') && !a.has(key)) continue; // defaults that come with a first field
    if (key === 'Fields') compareFields(comparison, a, b, next);
    else comparison.compare(a.get(key), b.get(key), next);
  }
}

function compareFields(comparison: Comparison, a: PdfDict, b: PdfDict, spot: Spot): void {
  const before = arrayOf(comparison.before, a.get('Fields'))?.toArray() ?? [];
  const after = arrayOf(comparison.after, b.get('Fields'))?.toArray() ?? [];
  if (after.length < before.length) comparison.report('signature_removed', 'never', spot);
  for (const [index, item] of after.entries()) {
    const next = below(spot, `[${index}]`);
    if (index < before.length) comparison.compare(before[index], item, next);
    else judgeNewField(comparison, dictOf(comparison.after, item), next);
  }
}

function judgeNewField(comparison: Comparison, field: PdfDict | undefined, spot: Spot): void {
  const { after, report } = comparison;
  const name = field && fieldName(after, field);
  if (!field || fieldType(after, field) !== 'Sig' || field.has('A') || field.has('AA')) {
    report('form_field_added', 'never', spot, { field: name });
  } else if (listFieldNames(comparison.before).includes(name ?? '')) {
    report('form_changed', 'never', spot, { field: name }); // two fields of one name are one field (ISO 32000-1, 12.7.3.2)
  } else if (laterSignatureIn(comparison, field)) {
    report('new_signature', isTimestamp(comparison, field) ? 1 : 2, spot);
  } else report('new_signature_field', field.has('V') ? 'never' : 2, spot);
}

/** A document time-stamp, which proves what is there and adds nothing (ISO 32000-2, 12.8.5). */
export function isTimestamp({ after }: Comparison, field: PdfDict): boolean {
  const signature = dictOf(after, field.get('V'));
  return signature?.getName('Type', (ref) => after.getObject(ref))?.value === 'DocTimeStamp';
}
