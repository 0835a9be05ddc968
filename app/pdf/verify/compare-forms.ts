import { PdfArray, PdfDict } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { arrayOf, dictOf, nameOf, numberOf, resolve } from '../drawing/pdf-objects.ts';
import { visiblePage } from '../drawing/page-geometry.ts';
import type { Comparison, Place } from './compare-revisions.ts';

/** A mark of this share of the page can replace what the page says. */
const OVERLAY_SHARE = 0.25;
/** What filling in a field touches (ISO 32000-1, 12.7.4). */
const FILLED = new Set(['V', 'AP', 'AS', 'I', 'M', 'RV']);

/** Type of a field, its own or its parent's. */
function fieldType(pdf: PDF, field: PdfDict): string | undefined {
  let node: PdfDict | undefined = field;
  for (let depth = 0; node && depth < 30; depth++) {
    const type = nameOf(pdf, node.get('FT'));
    if (type) return type;
    node = dictOf(pdf, node.get('Parent'));
  }
  return undefined;
}

/** The signature in a field, when it is one that came after the revision in question. */
const laterSignatureIn = ({ after, laterSignatures }: Comparison, field: PdfDict): boolean => {
  const signature = dictOf(after, field.get('V'));
  return signature !== undefined && laterSignatures.has(signature);
};

/** Which keys of a field or widget may differ because it was filled in or signed; undefined for anything else. */
export function isFillable(
  comparison: Comparison,
  a: PdfDict,
  b: PdfDict,
):
  | { keys: Set<string>; differ: (x: PdfObject | undefined, y: PdfObject | undefined, at: Place) => void }
  | undefined {
  const isField =
    a.has('FT') || (nameOf(comparison.before, a.get('Subtype')) === 'Widget' && a.has('Parent'));
  const type = isField ? fieldType(comparison.before, a) : undefined;
  if (type === undefined) return undefined;
  const signedLater =
    type === 'Sig' && resolve(comparison.before, a.get('V')) === undefined && laterSignatureIn(comparison, b);
  if (type === 'Sig' && !signedLater) return undefined;
  let reported = false;
  return {
    keys: FILLED,
    differ(x, y, at) {
      const [before, after] = [resolve(comparison.before, x), resolve(comparison.after, y)];
      if (before === undefined && after === undefined) return;
      if (!differs(comparison, before, after) || reported) return;
      reported = true;
      comparison.report(signedLater ? 'field_signed' : 'field_filled', at.path, true, at.page);
    },
  };
}

/** Whether two values or appearances are not the same, without listing how. */
function differs(comparison: Comparison, a: PdfObject | undefined, b: PdfObject | undefined): boolean {
  const write = (pdf: PDF, object: PdfObject | undefined, depth: number): unknown => {
    const value = resolve(pdf, object);
    if (value === undefined || depth > 6) return null;
    if (value instanceof PdfArray) return value.toArray().map((item) => write(pdf, item, depth + 1));
    if (value instanceof PdfDict) {
      const entries = [...value].map(([key, item]) => [key.value, write(pdf, item, depth + 1)]);
      const data = 'data' in value ? Buffer.from(value.data).toString('base64') : '';
      return [entries, data];
    }
    if ('bytes' in value) return Buffer.from(value.bytes).toString('hex');
    return 'value' in value ? value.value : value.type;
  };
  return JSON.stringify(write(comparison.before, a, 0)) !== JSON.stringify(write(comparison.after, b, 0));
}

/** The interactive form: nothing may vanish from it, and only signature fields may come. */
export function compareForm(
  comparison: Comparison,
  x: PdfObject | undefined,
  y: PdfObject | undefined,
  at: Place,
): void {
  const { before, after } = comparison;
  const a = dictOf(before, x) ?? new PdfDict();
  const b = dictOf(after, y);
  if (!b) {
    if (x !== undefined) comparison.report('form_changed', at.path, false);
    return;
  }
  for (const key of new Set([...a.keys(), ...b.keys()].map(({ value }) => value))) {
    const next = { path: `${at.path}/${key}` };
    if (key === 'SigFlags') continue;
    if ((key === 'DA' || key === 'DR') && !a.has(key)) continue; // defaults that come with a first field
    if (key === 'Fields') compareFields(comparison, a, b, next);
    else comparison.compare(a.get(key), b.get(key), next);
  }
}

function compareFields(comparison: Comparison, a: PdfDict, b: PdfDict, at: Place): void {
  const before = arrayOf(comparison.before, a.get('Fields'))?.toArray() ?? [];
  const after = arrayOf(comparison.after, b.get('Fields'))?.toArray() ?? [];
  if (after.length < before.length) comparison.report('signature_removed', at.path, false);
  for (const [index, item] of after.entries()) {
    const path = `${at.path}[${index}]`;
    if (index < before.length) {
      comparison.compare(before[index], item, { path });
      continue;
    }
    const field = dictOf(comparison.after, item);
    const isSignature = field && nameOf(comparison.after, field.get('FT')) === 'Sig';
    if (!isSignature) comparison.report('form_field_added', path, false);
    else if (laterSignatureIn(comparison, field)) comparison.report('new_signature', path, true);
    else comparison.report('new_signature_field', path, !field.has('V'));
  }
}

/** Annotations of one page: those that were there stay as they are; only marks of later signatures may come. */
export function compareAnnotations(
  comparison: Comparison,
  x: PdfObject | undefined,
  y: PdfObject | undefined,
  at: Place,
): void {
  const before = arrayOf(comparison.before, x)?.toArray() ?? [];
  const after = arrayOf(comparison.after, y)?.toArray() ?? [];
  if (after.length < before.length) comparison.report('annotation_removed', at.path, false, at.page);
  for (const [index, item] of after.entries()) {
    const path = `${at.path}[${index}]`;
    if (index < before.length) comparison.compare(before[index], item, { ...at, path });
    else judgeNewAnnotation(comparison, dictOf(comparison.after, item), { ...at, path });
  }
}

function judgeNewAnnotation(comparison: Comparison, annotation: PdfDict | undefined, at: Place): void {
  const { after } = comparison;
  const parent = annotation && dictOf(after, annotation.get('Parent'));
  const isSignature =
    annotation !== undefined &&
    nameOf(after, annotation.get('Subtype')) === 'Widget' &&
    fieldType(after, annotation) === 'Sig';
  const area = annotation ? areaOf(after, annotation) : 0;
  if (!isSignature || (area > 0 && !signed(comparison, annotation, parent))) {
    comparison.report('annotation_added', at.path, false, at.page);
    return;
  }
  const page = at.page ? after.getPage(at.page - 1) : null;
  const { width, height } = page ? visiblePage(after, page.dict) : { width: 0, height: 0 };
  if (area > width * height * OVERLAY_SHARE) comparison.report('overlay', at.path, false, at.page);
  else comparison.report(area > 0 ? 'visible_signature' : 'invisible_signature', at.path, true, at.page);
}

const signed = (comparison: Comparison, annotation: PdfDict, parent: PdfDict | undefined): boolean =>
  laterSignatureIn(comparison, annotation) || (parent !== undefined && laterSignatureIn(comparison, parent));

function areaOf(pdf: PDF, annotation: PdfDict): number {
  const [x1, y1, x2, y2] = (arrayOf(pdf, annotation.get('Rect'))?.toArray() ?? []).map(
    (item) => numberOf(pdf, item) ?? 0,
  );
  return Math.abs(((x2 ?? 0) - (x1 ?? 0)) * ((y2 ?? 0) - (y1 ?? 0)));
}
