import { runStagesOnDocument } from '../aggregation/run-pipeline.ts';
import type { Doc } from '../bson/codec.ts';
import { equalValues } from '../bson/compare-values.ts';
import { isObject, withIdFirst } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';
import { applyUpdate, isReplacement } from './apply-update.ts';
import { upsertSeed } from './upsert-seed.ts';

/** One statement of an `update` or `findAndModify` command. */
export interface UpdateStatement {
  readonly filter: Doc;
  /** Update operators, a replacement, or a pipeline. */
  readonly update: unknown;
  readonly multi?: boolean;
  readonly upsert?: boolean;
  readonly sort?: Doc | undefined;
  readonly hint?: unknown;
  readonly arrayFilters?: readonly Doc[] | undefined;
  readonly variables?: Doc | undefined;
}

/** The document after the statement. */
export function updatedDocument(before: Doc, statement: UpdateStatement, now: Date): Doc {
  const { filter, update, arrayFilters, variables } = statement;
  if (Array.isArray(update))
    return withIdFirst(before._id, runStagesOnDocument(update as Doc[], before, variables));
  const spec = updateSpec(update);
  if (!isReplacement(spec)) return applyUpdate(before, spec, { filter, arrayFilters, now });
  if (statement.multi) throw new StoreError(9, 'multi update is not supported for replacement-style update');
  if (spec._id !== undefined && !equalValues(spec._id, before._id)) {
    throw new StoreError(
      66,
      "After applying the update, the (immutable) field '_id' was found to have been altered",
    );
  }
  return withIdFirst(before._id, spec);
}

/** The document an upsert inserts when nothing matched. */
export function upsertedDocument(statement: UpdateStatement, now: Date): Doc {
  const { filter, update, arrayFilters, variables } = statement;
  const seed = upsertSeed(filter);
  if (Array.isArray(update)) return runStagesOnDocument(update as Doc[], seed, variables);
  const spec = updateSpec(update);
  if (!isReplacement(spec)) return applyUpdate(seed, spec, { filter, arrayFilters, now, inserting: true });
  return seed._id === undefined ? spec : { _id: seed._id, ...spec };
}

function updateSpec(update: unknown): Doc {
  if (isObject(update)) return update;
  throw new StoreError(9, 'Update argument must be either an object or an array');
}
