import { BSONRegExp } from 'bson';
import type { Doc } from '../bson/codec.ts';
import { cloneValue, isObject } from '../bson/values.ts';
import { isOperatorList } from '../query/compile-filter.ts';
import { targetAt } from './update-target.ts';

/** The document an upsert starts from: the values the filter pins by equality. */
export function upsertSeed(filter: Doc): Doc {
  const seed: Doc = {};
  addEqualities(filter, seed);
  return seed;
}

function addEqualities(filter: Doc, seed: Doc): void {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and' || (key === '$or' && (condition as unknown[]).length === 1)) {
      for (const branch of condition as Doc[]) addEqualities(branch, seed);
    } else if (!key.startsWith('$')) {
      const value = pinnedValue(condition);
      if (value !== undefined) targetAt(seed, key.split('.'), true)!.set(cloneValue(value));
    }
  }
}

function pinnedValue(condition: unknown): unknown {
  if (condition instanceof BSONRegExp) return undefined;
  if (!isOperatorList(condition)) return condition;
  if ('$eq' in condition) return condition.$eq;
  const single = [condition.$in, condition.$all].find((list) => Array.isArray(list) && list.length === 1);
  const value = (single as unknown[] | undefined)?.[0];
  return isObject(value) && '$elemMatch' in value ? undefined : value;
}
