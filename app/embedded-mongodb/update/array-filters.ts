import type { Doc } from '../bson/codec.ts';
import { isObject } from '../bson/values.ts';
import { compileFilter } from '../query/compile-filter.ts';
import type { Test } from '../query/walk-path.ts';
import { StoreError } from '../store-error.ts';

/**
 * Tests for `$[name]`, by name. Every filter must be about one name and be used by the update.
 * @throws StoreError 9 otherwise.
 */
export function compileArrayFilters(filters: readonly Doc[] = [], update: Doc): Map<string, Test> {
  const compiled = new Map<string, Test>();
  for (const filter of filters) {
    const names = new Set(namesIn(filter));
    const [name] = names;
    if (name === undefined || names.size > 1) {
      throw new StoreError(9, 'Each array filter must be about exactly one top-level field name');
    }
    if (compiled.has(name))
      throw new StoreError(9, `Found multiple array filters with the same name ${name}`);
    if (!isUsed(name, update)) {
      throw new StoreError(9, `The array filter for identifier '${name}' was not used in the update`);
    }
    const test = compileFilter(filter);
    compiled.set(name, (element) => test({ [name]: element }));
  }
  return compiled;
}

function namesIn(filter: Doc): string[] {
  return Object.entries(filter).flatMap(([key, value]) =>
    key.startsWith('$') ? (value as Doc[]).flatMap(namesIn) : [key.split('.')[0]!],
  );
}

const isUsed = (name: string, update: Doc): boolean =>
  Object.values(update).some(
    (spec) => isObject(spec) && Object.keys(spec).some((path) => path.split('.').includes(`$[${name}]`)),
  );
