import { PdfDict, PdfStream, PdfString } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { MAX_MARK_SHARE } from '../../domain/signature-positions.ts';
import { dictOf, nameOf, numberOf, resolve } from '../drawing/pdf-objects.ts';
import { below } from './comparison.ts';
import type { Comparison, Spot } from './comparison.ts';
import { fieldAttribute, fieldName, fieldType } from './field-facts.ts';
import { annotationPlace } from './place-on-page.ts';
import { isPlainForm, normalAppearance, readAppearanceText } from './read-appearance-text.ts';
import { sameContent } from './same-content.ts';

/** A mark of a larger share of a page can replace what the page says; our own are never so large. */
export const OVERLAY_SHARE = MAX_MARK_SHARE;
/** What filling in a field touches (ISO 32000-1, 12.7.3 and 12.7.4). Its place and its flags are none of it. */
const FILLED = new Set(['V', 'AP', 'AS', 'I', 'M', 'RV']);
const READ_ONLY = 1;
const PASSWORD = 1 << 13;

/** The signature in a field, when it is one that came after the revision in question. */
export const laterSignatureIn = ({ after, laterSignatures }: Comparison, field: PdfDict): boolean => {
  const signature = dictOf(after, field.get('V'));
  return signature !== undefined && laterSignatures.has(signature);
};

/** Signed by a later signature, itself or as the widget of a field that is. */
export const signedLater = (comparison: Comparison, widget: PdfDict): boolean => {
  const parent = dictOf(comparison.after, widget.get('Parent'));
  return (
    laterSignatureIn(comparison, widget) || (parent !== undefined && laterSignatureIn(comparison, parent))
  );
};

/** Whether this is a field or widget that a person may fill in or sign; of a signed one nothing may change. */
export function isFillable(comparison: Comparison, a: PdfDict, b: PdfDict): boolean {
  const { before } = comparison;
  const isField = a.has('FT') || (nameOf(before, a.get('Subtype')) === 'Widget' && a.has('Parent'));
  const type = isField ? fieldType(before, a) : undefined;
  if (type !== 'Sig') return type !== undefined;
  return fieldAttribute(before, a, 'V') === undefined && signedLater(comparison, b);
}

/**
 * Compares what filling in changes in a field, and reports it once.
 * @returns the keys that are dealt with
 */
export function compareFilling(comparison: Comparison, a: PdfDict, b: PdfDict, spot: Spot): Set<string> {
  const { before, after, report } = comparison;
  const done = new Set(FILLED);
  if (madeReadOnly(before, after, a, b)) done.add('Ff'); // what a viewer does to fields that a signature locks
  const changed = [...FILLED].filter((key) => !sameContent(before, after, a.get(key), b.get(key)));
  if (changed.length === 0) return done;

  const { place, share } = annotationPlace(after, b, spot.page);
  const more = { place, field: fieldName(after, b) };
  const signed = fieldType(after, b) === 'Sig';
  const looks = changed.some((key) => key === 'AP' || key === 'AS');
  const at = looks ? below(spot, '/AP') : below(spot, `/${changed[0]}`);
  const appearance = normalAppearance(after, b);
  if (comparison.reserved.waiting.has(more.field)) report('reserved_field_filled', 'never', at, more);
  else if (looks && b.has('AP') && !isFit(comparison, a, b)) report('annotation_changed', 'never', at, more);
  else if (looks && share > OVERLAY_SHARE) report('overlay', 'never', at, more);
  else report(signed ? 'field_signed' : 'field_filled', 2, at, more);

  const told = appearance && !signed ? agreement(after, b, appearance) : 'same';
  if (told === 'differs') report('appearance_differs', 'never', at, more);
  if (told === 'unknown') report('appearance_unchecked', 2, at, more);
  return done;
}

function madeReadOnly(before: PDF, after: PDF, a: PdfDict, b: PdfDict): boolean {
  const [was, is] = [numberOf(before, a.get('Ff')) ?? 0, numberOf(after, b.get('Ff')) ?? 0];
  return (was | READ_ONLY) === is;
}

/**
 * Whether filling in may have made these appearances. A button only has its state chosen: its pictures belong to the
 * document, but for a signer's own marks, which their signature locks. Of all other fields the one normal appearance
 * follows the value: one for each state, or for the time that a pointer is over it, could show another text.
 */
function isFit(comparison: Comparison, a: PdfDict, b: PdfDict): boolean {
  const { before, after } = comparison;
  const same = sameContent(before, after, a.get('AP'), b.get('AP'));
  if (same) return true;
  if (fieldType(after, b) === 'Btn' && !comparison.reserved.signedNow.has(fieldName(after, b))) return false;
  const earlier = dictOf(before, a.get('AP'));
  return [...(dictOf(after, b.get('AP')) ?? [])].every(([{ value: kind }, appearance]) => {
    if (kind !== 'N') return sameContent(before, after, earlier?.get(kind), appearance);
    const found = resolve(after, appearance);
    return found instanceof PdfStream && isPlainForm(after, found);
  });
}

/** Without spaces and the like, which an appearance may have in other places than the value. */
const essence = (text: string): string =>
  text.normalize('NFKC').replace(/[\s\u00ad\u200b-\u200f\ufeff]/g, '');
/** What a writer prints for a letter that its font lacks. */
const REPLACEMENTS = new Set(['\ufffd', '\u25a1', '?']);

function saysSame(value: string, shown: string): boolean {
  const [want, have] = [[...essence(value)], [...essence(shown)]];
  const cut = have.at(-1) === '…' && want.at(-1) !== '…';
  if (cut) have.pop();
  if (cut ? have.length > want.length || have.length === 0 : have.length !== want.length) return false;
  return have.every((letter, index) => letter === want[index] || REPLACEMENTS.has(letter));
}

/**
 * Whether a text field shows the text that it has. Programs read the value, people the appearance: when the two differ,
 * somebody is deceived. Not known where a script of the file formats the value, or where the font does not say what it shows.
 */
function agreement(pdf: PDF, widget: PdfDict, appearance: PdfStream): 'same' | 'differs' | 'unknown' {
  const type = fieldType(pdf, widget);
  const flags = fieldAttribute(pdf, widget, 'Ff');
  const secret = flags !== undefined && 'value' in flags && (Number(flags.value) & PASSWORD) !== 0;
  if (type === 'Btn' || secret) return 'same';
  const value: PdfObject | undefined = fieldAttribute(pdf, widget, 'V');
  if (type !== 'Tx' || !(value instanceof PdfString || value === undefined)) return 'unknown';
  const form = dictOf(pdf, pdf.getCatalog().get('AcroForm'));
  const shown = readAppearanceText(pdf, appearance, dictOf(pdf, form?.get('DR')));
  if (shown === undefined) return 'unknown';
  if (saysSame(value?.asString() ?? '', shown)) return 'same';
  const formatted = dictOf(pdf, fieldAttribute(pdf, widget, 'AA'))?.has('F');
  return formatted ? 'unknown' : 'differs';
}
