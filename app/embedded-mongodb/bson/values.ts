import { Decimal128, Double, Int32, Long, Timestamp } from 'bson';
import { StoreError } from '../store-error.ts';
import type { Doc } from './codec.ts';

export type NumberValue = number | Int32 | Double | Long | Decimal128;

const bsonType = (value: object): string | undefined => (value as { _bsontype?: string })._bsontype;

/** A plain embedded document, not an array and not one of the BSON classes. */
export const isObject = (value: unknown): value is Doc =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof RegExp) &&
  !ArrayBuffer.isView(value) &&
  bsonType(value) === undefined;

export const isNumber = (value: unknown): value is NumberValue =>
  typeof value === 'number' ||
  value instanceof Int32 ||
  value instanceof Double ||
  (value instanceof Long && !(value instanceof Timestamp)) ||
  value instanceof Decimal128;

/** The value as a JavaScript number; a Long or Decimal128 beyond 2^53 is rounded. */
export const toNumber = (value: unknown): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Decimal128) return Number(value.toString());
  throw new StoreError(14, 'Expected a number');
};

/** MongoDB reads numbers as flags in many places: `{ field: 1 }`, `{ $exists: 0 }`. */
export const toBoolean = (value: unknown): boolean =>
  isNumber(value) ? toNumber(value) !== 0 : Boolean(value);

/** Where an empty array stands in an index and in a sort: below null, as MongoDB's `undefined` does. */
export const emptyArray = Symbol('empty array');

/** Order of the BSON types, lowest first; also the first byte of an index key. */
export const typeRank = {
  minKey: 0x10,
  emptyArray: 0x18,
  null: 0x20,
  number: 0x30,
  string: 0x40,
  object: 0x50,
  array: 0x60,
  binary: 0x70,
  objectId: 0x80,
  boolean: 0x90,
  date: 0xa0,
  timestamp: 0xb0,
  regex: 0xc0,
  maxKey: 0xf0,
} as const;

const rankOfClass: Record<string, number> = {
  Int32: typeRank.number,
  Double: typeRank.number,
  Long: typeRank.number,
  Decimal128: typeRank.number,
  ObjectId: typeRank.objectId,
  Binary: typeRank.binary,
  Timestamp: typeRank.timestamp,
  BSONRegExp: typeRank.regex,
  MinKey: typeRank.minKey,
  MaxKey: typeRank.maxKey,
  BSONSymbol: typeRank.string,
  DBRef: typeRank.object,
};

/**
 * Position of a value's type in the BSON comparison order.
 * @throws StoreError 2 for a BSON type the store does not order (JavaScript code).
 */
export function rankOf(value: unknown): number {
  if (value === undefined || value === null) return typeRank.null;
  if (typeof value === 'string') return typeRank.string;
  if (typeof value === 'number') return typeRank.number;
  if (typeof value === 'boolean') return typeRank.boolean;
  if (value === emptyArray) return typeRank.emptyArray;
  if (Array.isArray(value)) return typeRank.array;
  if (value instanceof Date) return typeRank.date;
  if (value instanceof RegExp) return typeRank.regex;
  if (ArrayBuffer.isView(value)) return typeRank.binary;
  const type = bsonType(value);
  if (type === undefined) return typeRank.object;
  const rank = rankOfClass[type];
  if (rank === undefined) throw new StoreError(2, `BSON type ${type} is not supported`);
  return rank;
}

/**
 * The value with numbers as JavaScript numbers, for options and for mingo, which does not know the BSON classes.
 * @throws StoreError 2 for a number JavaScript cannot hold, rather than a silently wrong sum.
 */
export function toPlain(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Timestamp) return value;
  if (value instanceof Long) {
    const number = value.toNumber();
    if (Number.isSafeInteger(number)) return number;
    throw new StoreError(2, 'A Long beyond 2^53 is not supported in expressions and pipelines');
  }
  if (value instanceof Decimal128) {
    throw new StoreError(2, 'Decimal128 is not supported in expressions and pipelines');
  }
  return isObject(value) ? plainDoc(value) : value;
}

export function plainDoc(doc: Doc): Doc {
  const plain: Doc = {};
  for (const field of Object.keys(doc)) plain[field] = toPlain(doc[field]);
  return plain;
}

/** A copy that shares no container with the original; BSON values themselves are never changed in place. */
export function cloneValue<T>(value: T): T {
  if (Array.isArray(value)) return value.map(cloneValue) as T;
  if (!isObject(value)) return value;
  const copy: Doc = {};
  for (const field of Object.keys(value)) copy[field] = cloneValue(value[field]);
  return copy as T;
}

/** `_id` stands first in every stored document. */
export function withIdFirst(id: unknown, doc: Doc): Doc {
  const { _id: _, ...rest } = doc;
  return { _id: id, ...rest };
}

/** The value at a dotted path, going through documents and array positions but not searching arrays. */
export function valueAt(doc: unknown, path: readonly string[]): unknown {
  let value = doc;
  for (const step of path) {
    if (!isObject(value) && !Array.isArray(value)) return undefined;
    value = (value as Doc)[step];
  }
  return value;
}

export const isArrayIndex = (step: string): boolean => /^(0|[1-9]\d{0,8})$/.test(step);
