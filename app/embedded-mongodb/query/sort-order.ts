import type { Doc } from '../bson/codec.ts';
import { compareValues } from '../bson/compare-values.ts';
import { emptyArray, isArrayIndex, isNumber, isObject, toNumber } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';

export interface SortField {
  readonly path: string;
  readonly descending: boolean;
}

export interface SortOrder {
  /** What a document is sorted by; computed once per document. */
  keyOf(doc: unknown): unknown[];
  compareKeys(left: readonly unknown[], right: readonly unknown[]): number;
}

/** @throws StoreError 2 for a direction other than 1 and -1, `$meta` included. */
export function parseSort(sort: Doc): SortField[] {
  return Object.entries(sort).map(([path, direction]) => {
    const sign = isNumber(direction) ? toNumber(direction) : 0;
    if (sign !== 1 && sign !== -1)
      throw new StoreError(2, '$sort key ordering must be 1 (ascending) or -1 (descending)');
    return { path, descending: sign === -1 };
  });
}

export function sortOrder(fields: readonly SortField[]): SortOrder {
  const parsed = fields.map(({ path, descending }) => ({
    steps: path.split('.'),
    sign: descending ? -1 : 1,
  }));
  return {
    keyOf: (doc) => parsed.map(({ steps, sign }) => extremeValue(doc, steps, sign)),
    compareKeys(left, right) {
      for (let i = 0; i < parsed.length; i++) {
        const order = compareValues(left[i], right[i]);
        if (order !== 0) return order * parsed[i]!.sign;
      }
      return 0;
    },
  };
}

/** Sorts in place and stably by decoded documents or elements. */
export function sortDocuments<T>(items: T[], sort: Doc): T[] {
  const order = sortOrder(parseSort(sort));
  return items
    .map((item) => ({ item, key: order.keyOf(item) }))
    .sort((left, right) => order.compareKeys(left.key, right.key))
    .map(({ item }) => item);
}

/** An array sorts by its lowest element, descending by its highest. */
function extremeValue(from: unknown, steps: readonly string[], sign: number): unknown {
  let best: { value: unknown } | undefined;
  const offer = (value: unknown): void => {
    if (!best || compareValues(value, best.value) * sign < 0) best = { value };
  };
  const walk = (value: unknown, at: number): void => {
    if (Array.isArray(value)) {
      const step = steps[at];
      if (step === undefined) {
        if (value.length === 0) offer(emptyArray);
        else value.forEach(offer);
      } else if (isArrayIndex(step) && Number(step) < value.length) {
        walk(value[Number(step)], at + 1);
      } else if (value.length === 0) {
        offer(undefined);
      } else {
        for (const element of value) {
          if (isObject(element)) walk(element[step], at + 1);
          else offer(undefined);
        }
      }
    } else if (at === steps.length) {
      offer(value);
    } else {
      const step = steps[at]!;
      if (isObject(value)) walk(value[step], at + 1);
      else offer(undefined);
    }
  };
  walk(from, 0);
  return best?.value;
}
