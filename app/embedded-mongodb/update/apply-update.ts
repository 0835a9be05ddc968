import type { Doc } from '../bson/codec.ts';
import { equalValues } from '../bson/compare-values.ts';
import { cloneValue, isObject } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';
import { compileArrayFilters } from './array-filters.ts';
import { resolvePath, targetAt, type PathContext } from './update-target.ts';
import { updateOperators } from './update-operators.ts';

export interface UpdateContext {
  /** The filter that found the document: it decides what `$` stands for. */
  readonly filter: Doc;
  readonly arrayFilters?: readonly Doc[] | undefined;
  readonly inserting?: boolean;
  readonly now: Date;
}

/** A replacement document, as opposed to a document of update operators. */
export const isReplacement = (update: Doc): boolean => !Object.keys(update)[0]?.startsWith('$');

/**
 * The document after the update operators; the given one is not changed.
 * @throws StoreError 9 for an unknown operator, 40 for two operators on one path, 66 when `_id` would change.
 */
export function applyUpdate(original: Doc, update: Doc, context: UpdateContext): Doc {
  const doc = cloneValue(original);
  const paths: PathContext = {
    filter: context.filter,
    arrayFilters: compileArrayFilters(context.arrayFilters, update),
  };
  const operation = { inserting: context.inserting ?? false, now: context.now };
  const claimed = new Set<string>();
  for (const [name, spec] of Object.entries(update)) {
    if (!isObject(spec)) {
      throw new StoreError(9, `Modifiers operate on fields but we found another type for ${name}`);
    }
    if (name === '$rename') {
      rename(doc, spec, claimed);
      continue;
    }
    const operator = updateOperators[name];
    if (!operator) throw new StoreError(9, `Unknown modifier: ${name}`);
    for (const [path, argument] of Object.entries(spec)) {
      claim(claimed, path);
      if (name === '$setOnInsert' && !operation.inserting) continue;
      for (const steps of resolvePath(doc, path, paths)) {
        const target = targetAt(doc, steps, operator.create);
        if (target) operator.apply(target, argument, operation);
      }
    }
  }
  if (original._id !== undefined && !(doc._id !== undefined && equalValues(doc._id, original._id))) {
    throw new StoreError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
  }
  return doc;
}

/** No two operators of one update may touch the same path or one inside the other. */
function claim(claimed: Set<string>, path: string): void {
  for (const other of claimed) {
    if (other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`)) {
      throw new StoreError(40, `Updating the path '${path}' would create a conflict at '${other}'`);
    }
  }
  claimed.add(path);
}

function rename(doc: Doc, spec: Doc, claimed: Set<string>): void {
  for (const [from, to] of Object.entries(spec)) {
    if (typeof to !== 'string')
      throw new StoreError(2, `The 'to' field for $rename must be a string: ${from}`);
    if (`${from}.${to}`.includes('$')) throw new StoreError(2, '$rename does not take positional paths');
    claim(claimed, from);
    claim(claimed, to);
    const source = targetAt(doc, from.split('.'), false);
    const value = source?.get();
    if (value === undefined) continue;
    source!.unset();
    targetAt(doc, to.split('.'), true)!.set(value);
  }
}
