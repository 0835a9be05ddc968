import type { Doc } from '../bson/codec.ts';
import { compareValues, equalValues } from '../bson/compare-values.ts';
import { cloneValue, isNumber, isObject, toNumber } from '../bson/values.ts';
import { compileElement, compileFilter, isOperatorList } from '../query/compile-filter.ts';
import { equalityTest } from '../query/filter-operators.ts';
import { sortDocuments } from '../query/sort-order.ts';
import type { Test } from '../query/walk-path.ts';
import { StoreError } from '../store-error.ts';
import type { UpdateOperator } from './update-operators.ts';
import type { UpdateTarget } from './update-target.ts';

const pushModifiers = new Set(['$each', '$position', '$slice', '$sort']);

export const arrayOperators: Readonly<Record<string, UpdateOperator>> = {
  $push: {
    create: true,
    apply(target, argument) {
      const array = arrayIn(target, '$push') ?? [];
      target.set(
        isObject(argument) && '$each' in argument
          ? pushEach(array, argument)
          : [...array, cloneValue(argument)],
      );
    },
  },
  $addToSet: {
    create: true,
    apply(target, argument) {
      const array = [...(arrayIn(target, '$addToSet') ?? [])];
      const each = isObject(argument) && '$each' in argument ? eachOf(argument) : [argument];
      for (const value of each) {
        if (!array.some((present) => equalValues(present, value))) array.push(cloneValue(value));
      }
      target.set(array);
    },
  },
  $pull: {
    create: false,
    apply(target, argument) {
      const array = arrayIn(target, '$pull');
      const test = pullTest(argument);
      if (array) target.set(array.filter((element) => !test(element)));
    },
  },
  $pullAll: {
    create: false,
    apply(target, argument) {
      if (!Array.isArray(argument)) throw new StoreError(2, '$pullAll requires an array argument');
      const array = arrayIn(target, '$pullAll');
      if (array)
        target.set(array.filter((element) => !argument.some((value) => equalValues(value, element))));
    },
  },
  $pop: {
    create: false,
    apply(target, argument) {
      const end = toNumber(argument);
      if (end !== 1 && end !== -1) throw new StoreError(9, '$pop expects 1 or -1');
      const array = arrayIn(target, '$pop');
      if (array) target.set(end === 1 ? array.slice(0, -1) : array.slice(1));
    },
  },
};

function arrayIn(target: UpdateTarget, operator: string): unknown[] | undefined {
  const value = target.get();
  if (value === undefined || Array.isArray(value)) return value;
  throw new StoreError(2, `The field '${target.path}' must be an array to apply ${operator}`);
}

function eachOf(argument: Doc): unknown[] {
  if (!Array.isArray(argument.$each)) throw new StoreError(2, 'The argument to $each must be an array');
  return argument.$each;
}

/** In MongoDB's order: insert at the position, sort, then cut. */
function pushEach(array: unknown[], modifiers: Doc): unknown[] {
  const unknown = Object.keys(modifiers).find((key) => !pushModifiers.has(key));
  if (unknown) throw new StoreError(2, `Unrecognized clause in $push: ${unknown}`);
  const position = modifiers.$position === undefined ? array.length : toNumber(modifiers.$position);
  const result = array.toSpliced(position, 0, ...eachOf(modifiers).map(cloneValue));
  const sorted = modifiers.$sort === undefined ? result : sortElements(result, modifiers.$sort);
  if (modifiers.$slice === undefined) return sorted;
  const count = toNumber(modifiers.$slice);
  return count >= 0 ? sorted.slice(0, count) : sorted.slice(count);
}

function sortElements(array: unknown[], sort: unknown): unknown[] {
  if (isObject(sort)) return sortDocuments(array, sort);
  const sign = isNumber(sort) ? toNumber(sort) : 0;
  if (sign !== 1 && sign !== -1) throw new StoreError(2, 'The $sort value must be 1, -1 or a document');
  return array.toSorted((left, right) => sign * compareValues(left, right));
}

/** `$pull` takes a value to equal, operators on the element, or a filter on elements that are documents. */
function pullTest(argument: unknown): Test {
  if (isOperatorList(argument)) return compileElement(argument, {});
  if (!isObject(argument)) return equalityTest(argument);
  const test = compileFilter(argument);
  return (element) => isObject(element) && test(element);
}
