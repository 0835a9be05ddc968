import { Binary, BSONRegExp, Decimal128, Long, ObjectId, type Timestamp } from 'bson';
import type { Doc } from './codec.ts';
import { rankOf, toNumber, typeRank, type NumberValue } from './values.ts';

/** Compares two values in BSON order: first by type, then by value. Negative, zero or positive. */
export function compareValues(left: unknown, right: unknown): number {
  const rank = rankOf(left);
  const rankRight = rankOf(right);
  if (rank !== rankRight) return rank - rankRight;
  switch (rank) {
    case typeRank.number:
      return compareNumbers(left as NumberValue, right as NumberValue);
    case typeRank.string:
      return compareStrings(String(left), String(right));
    case typeRank.boolean:
      return Number(left) - Number(right);
    case typeRank.date:
      return (left as Date).getTime() - (right as Date).getTime();
    case typeRank.objectId:
      return Buffer.compare((left as ObjectId).id, (right as ObjectId).id);
    case typeRank.object:
      return compareDocuments(left as Doc, right as Doc);
    case typeRank.array:
      return compareArrays(left as unknown[], right as unknown[]);
    case typeRank.binary:
      return compareBinary(left, right);
    case typeRank.timestamp:
      return (left as Timestamp).compare(right as Timestamp);
    case typeRank.regex: {
      const [a, b] = [regexParts(left), regexParts(right)];
      return compareStrings(a.pattern, b.pattern) || compareStrings(a.flags, b.flags);
    }
    default:
      return 0;
  }
}

export const equalValues = (left: unknown, right: unknown): boolean => compareValues(left, right) === 0;

/** By Unicode code point, which is also the order of the UTF-8 bytes; UTF-16 units order surrogates too low. */
export function compareStrings(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return surrogateLast(a) - surrogateLast(b);
  }
  return left.length - right.length;
}

const surrogateLast = (unit: number): number => {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
};

/** NaN is below every other number and equal to itself. */
export function compareNumbers(left: NumberValue, right: NumberValue): number {
  if (left instanceof Decimal128 || right instanceof Decimal128) return compareDecimals(left, right);
  const a = toNumber(left);
  const b = toNumber(right);
  if (a < b) return -1;
  if (a > b) return 1;
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  return residual(left) - residual(right);
}

/** What rounding a Long to a double took away; zero for every other number. */
export const residual = (value: NumberValue): number =>
  value instanceof Long && !Number.isSafeInteger(value.toNumber())
    ? Number(value.toBigInt() - BigInt(value.toNumber()))
    : 0;

function compareDecimals(left: NumberValue, right: NumberValue): number {
  const a = decimalParts(left);
  const b = decimalParts(right);
  if (!a || !b) return compareNumbers(toNumber(left), toNumber(right));
  const exponent = Math.min(a.exponent, b.exponent);
  const x = a.digits * 10n ** BigInt(a.exponent - exponent);
  const y = b.digits * 10n ** BigInt(b.exponent - exponent);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** digits * 10^exponent, or undefined for NaN and the infinities. */
function decimalParts(value: NumberValue): { digits: bigint; exponent: number } | undefined {
  const text =
    value instanceof Decimal128 || value instanceof Long ? value.toString() : String(toNumber(value));
  const match = /^([+-]?)(\d*)(?:\.(\d+))?(?:E([+-]?\d+))?$/i.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction || '0');
  return { digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - fraction.length };
}

/** Documents are compared field by field in stored order: type, then name, then value. */
function compareDocuments(left: Doc, right: Doc): number {
  const fields = Object.keys(left);
  const fieldsRight = Object.keys(right);
  for (let i = 0; i < fields.length && i < fieldsRight.length; i++) {
    const field = fields[i]!;
    const fieldRight = fieldsRight[i]!;
    const order =
      rankOf(left[field]) - rankOf(right[fieldRight]) ||
      compareStrings(field, fieldRight) ||
      compareValues(left[field], right[fieldRight]);
    if (order !== 0) return order;
  }
  return fields.length - fieldsRight.length;
}

function compareArrays(left: unknown[], right: unknown[]): number {
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = compareValues(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Binary data is ordered by length, then subtype, then bytes. */
function compareBinary(left: unknown, right: unknown): number {
  const a = binaryParts(left);
  const b = binaryParts(right);
  return a.bytes.length - b.bytes.length || a.subtype - b.subtype || Buffer.compare(a.bytes, b.bytes);
}

export const binaryParts = (value: unknown): { bytes: Uint8Array; subtype: number } =>
  value instanceof Binary
    ? { bytes: value.value(), subtype: value.sub_type }
    : { bytes: value as Uint8Array, subtype: 0 };

export const regexParts = (value: unknown): { pattern: string; flags: string } =>
  value instanceof BSONRegExp
    ? { pattern: value.pattern, flags: value.options }
    : { pattern: (value as RegExp).source, flags: (value as RegExp).flags };
