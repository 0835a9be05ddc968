import type { Doc } from '../bson/codec.ts';
import { isObject } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';
import { assertExpressionSupported } from './supported-expressions.ts';

/** Stages the store runs itself, with its own matcher, sort and indexes. */
const ownStages = new Set(['$match', '$sort', '$skip', '$limit', '$count', '$lookup', '$facet']);
/** Stages handed to mingo. */
const mingoStages = new Set([
  '$group',
  '$project',
  '$unwind',
  '$addFields',
  '$set',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
  '$sortByCount',
]);
const lookupFields = new Set(['from', 'localField', 'foreignField', 'as', 'let', 'pipeline']);

export const isOwnStage = (name: string): boolean => ownStages.has(name);

export const stageName = (stage: Doc): string => Object.keys(stage)[0]!;

/** @throws StoreError 40324 for a stage that is not supported, 2 for an expression in one that is not. */
export function assertPipelineSupported(pipeline: unknown): asserts pipeline is Doc[] {
  if (!Array.isArray(pipeline)) throw new StoreError(14, 'A pipeline must be an array');
  for (const stage of pipeline) {
    if (!isObject(stage) || Object.keys(stage).length !== 1) {
      throw new StoreError(40324, 'A pipeline stage specification object must contain exactly one field.');
    }
    assertStageSupported(stageName(stage), Object.values(stage)[0]);
  }
}

function assertStageSupported(name: string, spec: unknown): void {
  if (mingoStages.has(name)) assertExpressionSupported(spec);
  else if (!ownStages.has(name))
    throw new StoreError(40324, `Unrecognized or unsupported pipeline stage name: '${name}'`);
  if (name === '$facet' && isObject(spec)) Object.values(spec).forEach(assertPipelineSupported);
  if (name === '$lookup' && isObject(spec)) {
    const unknown = Object.keys(spec).find((field) => !lookupFields.has(field));
    if (unknown) throw new StoreError(9, `unknown argument to $lookup: ${unknown}`);
    if (spec.pipeline !== undefined) assertPipelineSupported(spec.pipeline);
    if (spec.let !== undefined) assertExpressionSupported(spec.let);
  }
}
