import { BSONRegExp, ObjectId } from 'bson';
import type { Doc } from '../bson/codec.ts';
import { compareValues, equalValues, regexParts } from '../bson/compare-values.ts';
import { isNumber, rankOf, toBoolean, toNumber, typeRank } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';
import { typeCodeOf, typeCodesNamed } from './bson-types.ts';
import type { Test } from './walk-path.ts';

export interface OperatorContext {
  /** The whole operator document: `$regex` reads its `$options`. */
  readonly siblings: Doc;
  readonly compileElement: (condition: unknown) => Test;
}

export interface Condition {
  readonly test: Test;
  /** The path must lead to no value that passes: `$ne`, `$nin`. */
  readonly negated?: boolean;
  /** Test the value at the path only, not the elements of an array there. */
  readonly wholeArray?: boolean;
}

type OperatorBuilder = (argument: unknown, context: OperatorContext) => Condition;

/** The operators on a path that are one test of its values; `$not` and `$all` combine others (compile-filter.ts). */
export const operators: Readonly<Record<string, OperatorBuilder>> = {
  $eq: (argument) => ({ test: equalityTest(argument) }),
  $ne: (argument) => ({ test: equalityTest(refuseRegex(argument, '$ne')), negated: true }),
  $in: (argument) => ({ test: membershipTest('$in', argument) }),
  $nin: (argument) => ({ test: membershipTest('$nin', argument), negated: true }),
  $gt: (argument) => ({ test: orderTest(argument, (order) => order > 0, false) }),
  $gte: (argument) => ({ test: orderTest(argument, (order) => order >= 0, true) }),
  $lt: (argument) => ({ test: orderTest(argument, (order) => order < 0, false) }),
  $lte: (argument) => ({ test: orderTest(argument, (order) => order <= 0, true) }),
  $exists: (argument) => ({
    test: (value) => value !== undefined,
    negated: !toBoolean(argument),
    wholeArray: true,
  }),
  $type: (argument) => {
    const codes = new Set((Array.isArray(argument) ? argument : [argument]).flatMap(typeCodesNamed));
    return { test: (value) => value !== undefined && codes.has(typeCodeOf(value)) };
  },
  $regex: (argument, { siblings }) => {
    const regex = toRegExp(argument, siblings.$options);
    return { test: (value) => typeof value === 'string' && regex.test(value) };
  },
  $options: (_argument, { siblings }) => {
    if (!('$regex' in siblings)) throw new StoreError(2, '$options needs a $regex');
    return { test: () => true, wholeArray: true };
  },
  $size: (argument) => {
    const size = toNumber(argument);
    if (!Number.isInteger(size) || size < 0) throw new StoreError(2, '$size must be a non-negative integer');
    return { test: (value) => Array.isArray(value) && value.length === size, wholeArray: true };
  },
  $elemMatch: (argument, { compileElement }) => {
    const test = compileElement(argument);
    return { test: (value) => Array.isArray(value) && value.some(test), wholeArray: true };
  },
  $mod: (argument) => {
    if (!Array.isArray(argument) || argument.length !== 2) {
      throw new StoreError(2, 'malformed mod, needs to be [divisor, remainder]');
    }
    const [divisor, remainder] = argument.map((each) => Math.trunc(toNumber(each))) as [number, number];
    if (divisor === 0) throw new StoreError(2, 'divisor cannot be 0');
    return { test: (value) => isNumber(value) && Math.trunc(toNumber(value)) % divisor === remainder };
  },
};

/** Equality as a filter means it: null equals a missing field, a regex also matches strings. */
export function equalityTest(wanted: unknown): Test {
  if (wanted === null || wanted === undefined) return (value) => value === null || value === undefined;
  if (typeof wanted === 'string') return (value) => value === wanted;
  if (wanted instanceof ObjectId) return (value) => value instanceof ObjectId && wanted.equals(value);
  if (wanted instanceof BSONRegExp) {
    const regex = toRegExp(wanted);
    return (value) =>
      typeof value === 'string'
        ? regex.test(value)
        : value instanceof BSONRegExp && equalValues(value, wanted);
  }
  return (value) => value !== undefined && equalValues(value, wanted);
}

function membershipTest(operator: string, wanted: unknown): Test {
  if (!Array.isArray(wanted)) throw new StoreError(2, `${operator} needs an array`);
  const strings = new Set(wanted.filter((each) => typeof each === 'string'));
  const tests = wanted.filter((each) => typeof each !== 'string').map(equalityTest);
  return (value) => (typeof value === 'string' && strings.has(value)) || tests.some((test) => test(value));
}

/** Only values of the same type compare, except against MinKey and MaxKey; NaN is in no range. */
function orderTest(bound: unknown, accepts: (order: number) => boolean, orEqual: boolean): Test {
  if (bound === null) return orEqual ? equalityTest(null) : () => false;
  const rank = rankOf(refuseRegex(bound, 'a range'));
  const anyType = rank === typeRank.minKey || rank === typeRank.maxKey;
  return (value) =>
    value !== undefined &&
    (anyType || rankOf(value) === rank) &&
    !(
      isNumber(value) && Number.isNaN(toNumber(value)) !== (isNumber(bound) && Number.isNaN(toNumber(bound)))
    ) &&
    accepts(compareValues(value, bound));
}

/** MongoDB's i, m and s are JavaScript's; x (extended) has no counterpart and is refused. */
export function toRegExp(pattern: unknown, options?: unknown): RegExp {
  if (typeof pattern !== 'string' && !(pattern instanceof BSONRegExp)) {
    throw new StoreError(2, '$regex has to be a string or a regular expression');
  }
  const parts = typeof pattern === 'string' ? { pattern, flags: '' } : regexParts(pattern);
  const flags = typeof options === 'string' ? options : parts.flags;
  if (/[^imsu]/.test(flags)) throw new StoreError(2, `regex options '${flags}' are not supported`);
  try {
    return new RegExp(parts.pattern, flags);
  } catch {
    throw new StoreError(2, `Regular expression is invalid: ${parts.pattern}`);
  }
}

function refuseRegex<T>(value: T, where: string): T {
  if (value instanceof BSONRegExp) throw new StoreError(2, `Can't have a regex as argument of ${where}`);
  return value;
}
