import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'bson';
import { toNumber } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';

const codes: Readonly<Record<string, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
};

/** The codes an argument of `$type` stands for: a number, a name, or `number` for all four numeric types. */
export function typeCodesNamed(name: unknown): number[] {
  if (name === 'number') return [1, 16, 18, 19];
  const code = typeof name === 'string' ? codes[name] : toNumber(name);
  if (code === undefined) throw new StoreError(2, `Unknown type name alias: ${String(name)}`);
  return [code];
}

/** The BSON type code of a decoded value. */
export function typeCodeOf(value: unknown): number {
  if (value === null || value === undefined) return 10;
  if (typeof value === 'string') return 2;
  if (typeof value === 'boolean') return 8;
  if (typeof value === 'number') return Number.isInteger(value) ? 16 : 1;
  if (Array.isArray(value)) return 4;
  if (value instanceof Date) return 9;
  if (value instanceof Int32) return 16;
  if (value instanceof Double) return 1;
  if (value instanceof Timestamp) return 17;
  if (value instanceof Long) return 18;
  if (value instanceof Decimal128) return 19;
  if (value instanceof ObjectId) return 7;
  if (value instanceof Binary) return 5;
  return value instanceof BSONRegExp ? 11 : 3;
}
