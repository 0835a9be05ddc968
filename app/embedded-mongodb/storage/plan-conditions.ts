import { BSONRegExp, Decimal128 } from 'bson';
import type { Doc } from '../bson/codec.ts';
import { equalValues } from '../bson/compare-values.ts';
import { isNumber, rankOf, toBoolean, toNumber, typeRank } from '../bson/values.ts';
import { compileFilter, isOperatorList } from '../query/compile-filter.ts';

export type RangeOperator = '$gt' | '$gte' | '$lt' | '$lte';

export interface Range {
  readonly operator: RangeOperator | 'prefix';
  readonly value: unknown;
}

/** What a filter demands of every match, path by path, as far as an index can use it. */
export interface PlanConditions {
  /** The path equals one of these values. */
  readonly equal: ReadonlyMap<string, readonly unknown[]>;
  readonly ranges: ReadonlyMap<string, readonly Range[]>;
  /** Every condition on a path, for comparison with partial index filters. */
  readonly byPath: ReadonlyMap<string, readonly unknown[]>;
  /** The filter is nothing but `equal`, so a document found by all of them needs no further test. */
  readonly onlyEqualities: boolean;
}

const rangeOperators: ReadonlySet<string> = new Set<RangeOperator>(['$gt', '$gte', '$lt', '$lte']);
const maxInList = 2000;
/** A regex that is a literal prefix; anything else cannot bound an index. */
const literalPrefix = /^\^([\w @:/-]+)$/;

export function planConditions(filter: Doc): PlanConditions {
  const equal = new Map<string, readonly unknown[]>();
  const ranges = new Map<string, Range[]>();
  const byPath = new Map<string, unknown[]>();
  let onlyEqualities = true;

  const addEqual = (path: string, values: readonly unknown[]): void => {
    if (values.length > maxInList || !values.every(isKeyValue) || equal.has(path)) onlyEqualities = false;
    else equal.set(path, values);
  };
  const addRange = (path: string, range: Range): void => {
    onlyEqualities = false;
    ranges.set(path, [...(ranges.get(path) ?? []), range]);
  };
  const addOperator = (path: string, operator: string, value: unknown, all: Doc): void => {
    if (operator === '$eq') addEqual(path, [value]);
    else if (operator === '$in') addEqual(path, value as unknown[]);
    else if (rangeOperators.has(operator) && isRangeBound(value)) {
      addRange(path, { operator: operator as RangeOperator, value });
    } else if (operator === '$regex' && all.$options === undefined && prefixOf(value) !== undefined) {
      addRange(path, { operator: 'prefix', value: prefixOf(value) });
    } else onlyEqualities = false;
  };
  const visit = (part: Doc): void => {
    for (const [path, condition] of Object.entries(part)) {
      if (path === '$and') (condition as Doc[]).forEach(visit);
      else if (path.startsWith('$')) onlyEqualities = false;
      else {
        byPath.set(path, [...(byPath.get(path) ?? []), condition]);
        if (isOperatorList(condition)) {
          for (const [operator, value] of Object.entries(condition))
            addOperator(path, operator, value, condition);
        } else if (prefixOf(condition) !== undefined && condition instanceof BSONRegExp) {
          addRange(path, { operator: 'prefix', value: prefixOf(condition) });
        } else addEqual(path, [condition]);
      }
    }
  };
  visit(filter);
  return { equal, ranges, byPath, onlyEqualities };
}

/** Whether every match of the conditions is sure to be in an index with this partial filter. */
export function impliesPartial(conditions: PlanConditions, partial: Doc): boolean {
  return Object.entries(partial).every(([path, wanted]) => {
    if (path === '$and') return (wanted as Doc[]).every((branch) => impliesPartial(conditions, branch));
    if (path.startsWith('$')) return false;
    const stated = conditions.byPath.get(path) ?? [];
    if (stated.some((condition) => equalValues(condition, wanted))) return true;
    const values = conditions.equal.get(path);
    if (values) {
      const test = compileFilter({ value: wanted });
      return values.every((value) => test({ value }));
    }
    const onlyExists =
      isOperatorList(wanted) && Object.keys(wanted).join() === '$exists' && toBoolean(wanted.$exists);
    return onlyExists && conditions.ranges.has(path);
  });
}

/** Arrays match by element too, a regex by pattern, and Decimal128 has no key: those are left to the full test. */
const isKeyValue = (value: unknown): boolean =>
  value !== undefined &&
  !Array.isArray(value) &&
  !(value instanceof BSONRegExp) &&
  !(value instanceof Decimal128);

const isRangeBound = (value: unknown): boolean => {
  if (!isKeyValue(value) || value === null || (isNumber(value) && Number.isNaN(toNumber(value))))
    return false;
  const rank = rankOf(value);
  return rank !== typeRank.minKey && rank !== typeRank.maxKey;
};

const prefixOf = (regex: unknown): string | undefined => {
  if (regex instanceof BSONRegExp) return regex.options === '' ? prefixOf(regex.pattern) : undefined;
  return typeof regex === 'string' ? literalPrefix.exec(regex)?.[1] : undefined;
};
