import type { PDF, PdfDict } from '@libpdf/core';
import { arrayOf, dictOf, nameOf, numberOf, stringOf } from '../drawing/pdf-objects.ts';
import { listFieldNames } from './field-facts.ts';
import type { SignatureField } from './find-signatures.ts';

/** What a signature forbids from then on, besides certifying. */
export interface Locks {
  isLocked: (field: string) => boolean;
  /** For the finding: names of the locked fields. */
  fields?: string[] | 'all';
  /** A lock may narrow what may be done at all, like a certification (ISO 32000-2, table 236). */
  level?: 1 | 2 | 3;
}

const MAX_NAMES = 200;

/** A field, or one above it: locking a group locks its fields. */
const covers = (names: string[], field: string): boolean =>
  names.some((name) => field === name || field.startsWith(`${name}.`));

function ruleOf(pdf: PDF, lock: PdfDict): { includes: boolean; names: string[] } | undefined {
  const names = (arrayOf(pdf, lock.get('Fields'))?.toArray() ?? [])
    .map((item) => stringOf(pdf, item))
    .filter((name) => name !== undefined);
  switch (nameOf(pdf, lock.get('Action'))) {
    case 'All':
      return { includes: false, names: [] };
    case 'Include':
      return { includes: true, names };
    case 'Exclude':
      return { includes: false, names };
    default:
      return undefined;
  }
}

/**
 * Reads which fields a signature locks: the FieldMDP transform of the signature (ISO 32000-1, 12.8.2.4) and the lock
 * dictionary of its field (12.7.4.5), whose wish the signature may have failed to take over. Fields that come later are not
 * locked: they had no value that could be kept.
 * @param revision the signature's own
 */
export function readLocks(revision: PDF, { field, signature }: SignatureField): Locks {
  const rules: { includes: boolean; names: string[] }[] = [];
  const add = (lock: PdfDict | undefined): void => {
    const rule = lock && ruleOf(revision, lock);
    if (rule) rules.push(rule);
  };
  for (const entry of arrayOf(revision, signature.get('Reference'))?.toArray() ?? []) {
    const reference = dictOf(revision, entry);
    if (nameOf(revision, reference?.get('TransformMethod')) !== 'FieldMDP') continue;
    add(dictOf(revision, reference?.get('TransformParams')));
  }
  const lock = dictOf(revision, field.get('Lock'));
  add(lock);
  const level = numberOf(revision, lock?.get('P'));
  const permitted = level === 1 || level === 2 || level === 3 ? level : undefined;
  if (rules.length === 0) return { isLocked: () => false, level: permitted };

  const known = listFieldNames(revision);
  const locked = new Set(
    known.filter((name) => rules.some(({ includes, names }) => covers(names, name) === includes)),
  );
  const all = rules.some(({ includes, names }) => !includes && names.length === 0);
  const listed = [...locked].slice(0, MAX_NAMES);
  return { isLocked: (name) => locked.has(name), fields: all ? 'all' : listed, level: permitted };
}
