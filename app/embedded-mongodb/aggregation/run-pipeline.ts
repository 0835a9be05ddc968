import type { Doc } from '../bson/codec.ts';
import { cloneValue, isObject, plainDoc, toNumber, toPlain, valueAt } from '../bson/values.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { sortDocuments } from '../query/sort-order.ts';
import { StoreError } from '../store-error.ts';
import { evaluateExpression, runInMingo } from './evaluate-expression.ts';
import { assertPipelineSupported, isOwnStage, stageName } from './stages.ts';

export interface PipelineContext {
  readonly variables: Doc;
  /** Reads another collection of the database, with plain numbers: for `$lookup`. */
  read(collection: string, filter: Doc): Doc[];
}

const updateStages = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith']);

/** Runs checked stages over documents with plain numbers. */
export function runStages(stages: readonly Doc[], docs: Doc[], context: PipelineContext): Doc[] {
  let current = docs;
  let waiting: Doc[] = []; // neighbouring stages for mingo run together
  const flush = (): void => {
    if (waiting.length > 0) current = runInMingo(waiting, current, context.variables);
    waiting = [];
  };
  for (const stage of stages) {
    const name = stageName(stage);
    if (!isOwnStage(name)) {
      waiting.push(plainDoc(stage));
      continue;
    }
    flush();
    current = runOwnStage(name, stage[name], current, context);
  }
  flush();
  return current;
}

/**
 * One document through the pipeline of an update.
 * @throws StoreError 72 for a stage that is no update stage.
 */
export function runStagesOnDocument(stages: Doc[], doc: Doc, variables: Doc = {}): Doc {
  assertPipelineSupported(stages);
  const other = stages.map(stageName).find((name) => !updateStages.has(name));
  if (other) throw new StoreError(72, `${other} is not allowed to be used within an update`);
  const [result] = runInMingo(stages.map(plainDoc), [plainDoc(cloneValue(doc))], variables);
  return result!;
}

function runOwnStage(name: string, spec: unknown, docs: Doc[], context: PipelineContext): Doc[] {
  switch (name) {
    case '$match':
      return docs.filter(compileFilter(asDoc(name, spec), { variables: context.variables }));
    case '$sort':
      return sortDocuments(docs, asDoc(name, spec));
    case '$skip':
      return docs.slice(asCount(name, spec));
    case '$limit':
      return docs.slice(0, asCount(name, spec));
    case '$count':
      if (typeof spec !== 'string' || spec === '')
        throw new StoreError(2, 'the count field must be a non-empty string');
      return docs.length === 0 ? [] : [{ [spec]: docs.length }];
    case '$facet': {
      const facets: Doc = {};
      for (const [facet, stages] of Object.entries(asDoc(name, spec))) {
        facets[facet] = runStages(stages as Doc[], cloneValue(docs), context);
      }
      return [facets];
    }
    default:
      return lookup(asDoc(name, spec), docs, context);
  }
}

/** Both forms of `$lookup`, which may be combined: by equal fields and by a pipeline. */
function lookup(spec: Doc, docs: Doc[], context: PipelineContext): Doc[] {
  const { from, as, localField, foreignField, pipeline } = spec;
  if (typeof from !== 'string' || typeof as !== 'string')
    throw new StoreError(9, "$lookup needs 'from' and 'as'");
  const byFields = typeof localField === 'string' && typeof foreignField === 'string';
  if (!byFields && pipeline === undefined) throw new StoreError(9, '$lookup needs fields or a pipeline');
  return docs.map((doc) => {
    const filter = byFields ? { [foreignField]: localCondition(doc, localField.split('.')) } : {};
    const found = context.read(from, filter);
    if (pipeline === undefined) return { ...doc, [as]: found };
    const variables = { ...context.variables };
    for (const [name, expression] of Object.entries((spec.let ?? {}) as Doc)) {
      variables[name] = evaluateExpression(expression, doc, context.variables);
    }
    return { ...doc, [as]: runStages(pipeline as Doc[], found, { ...context, variables }) };
  });
}

/** A missing local field finds what is null or missing; an array finds what equals any of its elements. */
function localCondition(doc: Doc, path: readonly string[]): unknown {
  const [step, ...rest] = path as [string, ...string[]];
  const value = valueAt(doc, [step]);
  if (Array.isArray(value) && rest.length > 0) {
    return { $in: value.map((element) => (isObject(element) ? valueAt(element, rest) : null) ?? null) };
  }
  if (rest.length > 0 && isObject(value)) return localCondition(value, rest);
  if (rest.length > 0) return { $eq: null };
  return Array.isArray(value) ? { $in: value as unknown[] } : { $eq: value ?? null };
}

function asDoc(stage: string, spec: unknown): Doc {
  if (isObject(spec)) return spec;
  throw new StoreError(2, `the ${stage} specification must be an object`);
}

function asCount(stage: string, spec: unknown): number {
  const count = toNumber(toPlain(spec));
  if (Number.isInteger(count) && count >= 0) return count;
  throw new StoreError(2, `the argument of ${stage} must be a non-negative integer`);
}
