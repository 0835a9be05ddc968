import { Decimal128, Double, Int32, Long } from 'bson';
import { StoreError } from '../store-error.ts';
import { toNumber, type NumberValue } from './values.ts';

const maxLong = 2n ** 63n - 1n;

/**
 * `left + right` or `left * right` with MongoDB's result type: Int32 grows to Long, anything with a Double is a Double.
 * @throws StoreError 2 when a Long overflows, 14 for Decimal128 (not supported in arithmetic).
 */
export function calculate(left: NumberValue, operation: 'add' | 'multiply', right: NumberValue): NumberValue {
  if (left instanceof Decimal128 || right instanceof Decimal128) {
    throw new StoreError(14, 'Arithmetic on Decimal128 is not supported');
  }
  if (isDouble(left) || isDouble(right)) {
    const [a, b] = [toNumber(left), toNumber(right)];
    return new Double(operation === 'add' ? a + b : a * b);
  }
  const [a, b] = [toBigInt(left), toBigInt(right)];
  const result = operation === 'add' ? a + b : a * b;
  if (result > maxLong || result < -maxLong - 1n) throw new StoreError(2, 'Integer overflow');
  const isLong = left instanceof Long || right instanceof Long;
  return isLong || result > 0x7fffffffn || result < -0x80000000n
    ? Long.fromBigInt(result)
    : new Int32(Number(result));
}

/** Zero of the type of `value`: what $mul makes of a missing field. */
export const zeroLike = (value: NumberValue): NumberValue => {
  if (value instanceof Long) return Long.ZERO;
  return isDouble(value) ? new Double(0) : new Int32(0);
};

const isDouble = (value: NumberValue): boolean =>
  value instanceof Double || (typeof value === 'number' && !Number.isInteger(value));

const toBigInt = (value: NumberValue): bigint =>
  value instanceof Long ? value.toBigInt() : BigInt(toNumber(value));
