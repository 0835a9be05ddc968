import type { Doc } from '../bson/codec.ts';
import { equalValues } from '../bson/compare-values.ts';
import { isNumber, isObject, plainDoc, toBoolean, toNumber } from '../bson/values.ts';
import { compileFilter, isOperatorList } from '../query/compile-filter.ts';
import { StoreError } from '../store-error.ts';
import type { Index } from './collection.ts';

const knownOptions = new Set([
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background', // obsolete since MongoDB 4.2, still sent by mongoose
]);
const partialOperators = new Set([
  '$eq',
  '$exists',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$type',
  '$in',
  '$and',
  '$or',
]);

/**
 * Reads an index as declared by createIndexes.
 * @throws StoreError 67 for a kind of index the store does not have, 72 for an unknown option.
 */
export function parseIndexSpec(id: number, spec: Doc, multikey = false): Index {
  const unknown = Object.keys(spec).find((option) => !knownOptions.has(option));
  if (unknown) throw new StoreError(72, `The index option '${unknown}' is not supported`);
  if (!isObject(spec.key) || Object.keys(spec.key).length === 0) {
    throw new StoreError(67, 'An index needs at least one field');
  }
  if (typeof spec.name !== 'string' || spec.name === '') throw new StoreError(67, 'An index needs a name');
  const fields = Object.entries(spec.key).map(([path, direction]) => {
    const sign = isNumber(direction) ? toNumber(direction) : 0;
    if (sign === 0)
      throw new StoreError(67, `Index type '${String(direction)}' of '${path}' is not supported`);
    if (path.includes('$')) throw new StoreError(67, `Index path '${path}' is not supported`);
    return { path, steps: path.split('.'), descending: sign < 0 };
  });
  const partial = spec.partialFilterExpression;
  if (partial !== undefined) assertPartialFilter(partial);
  if (spec.expireAfterSeconds !== undefined && fields.length > 1) {
    throw new StoreError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  }
  return {
    id,
    name: spec.name,
    spec,
    key: plainDoc(spec.key),
    fields,
    table: `index_${id}`,
    unique: toBoolean(spec.unique) || spec.name === '_id_',
    sparse: toBoolean(spec.sparse),
    partial: isObject(partial) ? { filter: partial, test: compileFilter(partial) } : undefined,
    expireAfterSeconds: spec.expireAfterSeconds === undefined ? undefined : toNumber(spec.expireAfterSeconds),
    multikey,
  };
}

/** Same order of the same fields. */
export const sameKey = (left: Doc, right: Doc): boolean => equalValues(left, right);

/** Whether two declarations mean the same index, whatever extra defaults they spell out. */
export function sameIndex(left: Index, right: Index): boolean {
  return (
    sameKey(left.key, right.key) &&
    left.unique === right.unique &&
    left.sparse === right.sparse &&
    left.expireAfterSeconds === right.expireAfterSeconds &&
    equalValues(left.partial?.filter ?? null, right.partial?.filter ?? null)
  );
}

function assertPartialFilter(filter: unknown): void {
  if (!isObject(filter)) throw new StoreError(67, 'partialFilterExpression must be a document');
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and' || key === '$or') (condition as unknown[]).forEach(assertPartialFilter);
    else if (isOperatorList(condition)) {
      for (const [operator, value] of Object.entries(condition)) {
        if (!partialOperators.has(operator) || (operator === '$exists' && !toBoolean(value))) {
          throw new StoreError(67, `Expression not supported in partial index: ${operator}`);
        }
      }
    } else if (key.startsWith('$')) {
      throw new StoreError(67, `Expression not supported in partial index: ${key}`);
    }
  }
}
