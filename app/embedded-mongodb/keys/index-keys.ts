import { emptyArray, isArrayIndex, isObject } from '../bson/values.ts';
import type { Doc } from '../bson/codec.ts';
import { StoreError } from '../store-error.ts';
import { encodeKey } from './encode-key.ts';

export interface IndexField {
  readonly path: string;
  readonly steps: readonly string[];
  readonly descending: boolean;
}

export interface IndexKey {
  readonly bytes: Buffer;
  readonly values: readonly unknown[];
}

export interface DocumentKeys {
  readonly keys: readonly IndexKey[];
  /** An array was crossed, so one document may have several keys. */
  readonly multikey: boolean;
  /** None of the indexed fields exists: a sparse index leaves the document out. */
  readonly allMissing: boolean;
}

/** Where one field of the index stands while the document is walked. */
interface Cursor {
  readonly value: unknown;
  readonly rest: readonly string[];
  /** The path of the array it stands at; undefined when it has arrived at its value. */
  readonly arrayAt?: string;
}

/**
 * The keys a document has in an index: one, or one per element of the array the fields go through.
 * @throws StoreError 171 when two fields go through different arrays.
 */
export function indexKeys(doc: Doc, fields: readonly IndexField[]): DocumentKeys {
  const tuples: unknown[][] = [];
  const start = fields.map((field) => walk(doc, field.steps, ''));
  const multikey = start.some((cursor) => cursor.arrayAt !== undefined);
  expand(start, tuples);
  const keys = new Map<string, IndexKey>();
  for (const values of tuples) {
    const bytes = Buffer.concat(values.map((value, i) => encodeKey(value, fields[i]!.descending)));
    keys.set(bytes.toString('latin1'), { bytes, values });
  }
  const allMissing = tuples.every((values) => values.every((value) => value === undefined));
  return { keys: [...keys.values()], multikey, allMissing };
}

function walk(from: unknown, steps: readonly string[], path: string): Cursor {
  let value = from;
  let at = path;
  for (let i = 0; i < steps.length; i++) {
    if (Array.isArray(value)) return { value, rest: steps.slice(i), arrayAt: at };
    if (!isObject(value)) return { value: undefined, rest: [] };
    value = value[steps[i]!];
    at += `.${steps[i]!}`;
  }
  return Array.isArray(value) ? { value, rest: [], arrayAt: at } : { value, rest: [] };
}

/** Replaces the cursors that stand at an array by each of its elements in turn, until none stands at one. */
function expand(cursors: readonly Cursor[], tuples: unknown[][]): void {
  const arrays = cursors.filter((cursor) => cursor.arrayAt !== undefined);
  if (arrays.length === 0) {
    tuples.push(cursors.map((cursor) => cursor.value));
    return;
  }
  const path = arrays[0]!.arrayAt!;
  if (arrays.some((cursor) => cursor.arrayAt !== path)) {
    throw new StoreError(171, 'cannot index parallel arrays');
  }
  const array = arrays[0]!.value as unknown[];
  const enter = (cursor: Cursor, element: unknown): Cursor => {
    if (cursor.arrayAt === undefined) return cursor;
    const [step] = cursor.rest;
    if (step === undefined) return { value: element, rest: [] };
    if (isArrayIndex(step) && Number(step) < array.length) {
      return walk(array[Number(step)], cursor.rest.slice(1), `${path}.${step}`);
    }
    return isObject(element) ? walk(element, cursor.rest, `${path}.[]`) : { value: undefined, rest: [] };
  };
  if (array.length === 0) {
    tuples.push(
      cursors.map((cursor) => {
        if (cursor.arrayAt === undefined) return cursor.value;
        return cursor.rest.length === 0 ? emptyArray : undefined;
      }),
    );
    return;
  }
  for (const element of array)
    expand(
      cursors.map((cursor) => enter(cursor, element)),
      tuples,
    );
}
