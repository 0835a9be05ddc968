import type { PDF, PdfDict } from '@libpdf/core';
import { arrayOf, dictOf, nameOf, stringOf } from '../drawing/pdf-objects.ts';
import { fieldAttribute, fieldType, listFields } from './field-facts.ts';
import { findSignatureFields } from './find-signatures.ts';

/** Names in the lock of a signature field, where it lists them (ISO 32000-1, table 233). */
function listedIn(pdf: PDF, field: PdfDict): string[] {
  const lock = dictOf(pdf, field.get('Lock'));
  if (nameOf(pdf, lock?.get('Action')) !== 'Include') return [];
  return (arrayOf(pdf, lock?.get('Fields'))?.toArray() ?? [])
    .map((item) => stringOf(pdf, item))
    .filter((name) => name !== undefined);
}

/** Fields that belong to the signatures which were still to be made in a revision; full names. */
export interface ReservedFields {
  /** Of signatures that the next revision does not have either. */
  waiting: ReadonlySet<string>;
  /** Of signatures that came with the next revision. */
  signedNow: ReadonlySet<string>;
}

/**
 * Finds the fields that an unsigned signature field says its signature will lock. They are its signer's to fill in, and
 * filled in they look like that signer's own words: as long as that signature is not made, nobody vouches for them.
 * @param vouching dictionaries of the signatures that came with `after` and hold
 */
export function findReservedFields(before: PDF, after: PDF, vouching: ReadonlySet<PdfDict>): ReservedFields {
  const signed = new Set(
    findSignatureFields(after)
      .filter(({ signature }) => vouching.has(signature))
      .map(({ name }) => name),
  );
  const [waiting, signedNow] = [new Set<string>(), new Set<string>()];
  for (const { name, field } of listFields(before)) {
    if (fieldType(before, field) !== 'Sig' || fieldAttribute(before, field, 'V') !== undefined) continue;
    for (const listed of listedIn(before, field)) (signed.has(name) ? signedNow : waiting).add(listed);
  }
  return { waiting, signedNow };
}
