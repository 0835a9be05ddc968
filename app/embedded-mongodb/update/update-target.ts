import type { Doc } from '../bson/codec.ts';
import { isArrayIndex, isObject, valueAt } from '../bson/values.ts';
import { matchedElement } from '../query/positional.ts';
import type { Test } from '../query/walk-path.ts';
import { StoreError } from '../store-error.ts';

export interface PathContext {
  readonly filter: Doc;
  readonly arrayFilters: ReadonlyMap<string, Test>;
}

const maxArrayPadding = 1_500_000;

/** One place an operator writes to: a field of a document or an element of an array. */
export interface UpdateTarget {
  readonly path: string;
  get(): unknown;
  set(value: unknown): void;
  /** Removes a field; an array element becomes null, as MongoDB does it. */
  unset(): void;
}

/**
 * The concrete paths of an update path: `$`, `$[]` and `$[name]` become positions.
 * @throws StoreError 2 when the array or the element they need is missing.
 */
export function resolvePath(doc: Doc, path: string, context: PathContext): string[][] {
  const steps = path.split('.');
  if (steps.some((step) => step === ''))
    throw new StoreError(2, `The update path '${path}' contains an empty field name`);
  let resolved: string[][] = [[]];
  for (const step of steps)
    resolved = resolved.flatMap((base) => resolveStep(doc, base, step, path, context));
  return resolved;
}

function resolveStep(doc: Doc, base: string[], step: string, path: string, context: PathContext): string[][] {
  if (!step.startsWith('$')) return [[...base, step]];
  const at = base.join('.');
  if (base.length === 0) throw new StoreError(2, `The update path '${path}' may not start with '${step}'`);
  if (step === '$') {
    const index = matchedElement(context.filter, doc, at);
    if (index < 0) {
      throw new StoreError(2, 'The positional operator did not find the match needed from the query.');
    }
    return [[...base, String(index)]];
  }
  const name = /^\$\[(.*)\]$/.exec(step)?.[1];
  if (name === undefined)
    throw new StoreError(2, `The dollar ($) prefixed field '${step}' in '${path}' is not valid`);
  const array = valueAt(doc, base);
  if (!Array.isArray(array)) {
    throw new StoreError(2, `The path '${at}' must exist in the document in order to apply array updates.`);
  }
  const test = name === '' ? () => true : context.arrayFilters.get(name);
  if (!test) throw new StoreError(2, `No array filter found for identifier '${name}' in path '${path}'`);
  return array.flatMap((element, index) => (test(element) ? [[...base, String(index)]] : []));
}

/**
 * The target at a concrete path; undefined when it does not exist and `create` is false.
 * @throws StoreError 28 when a scalar stands in the way of creating it.
 */
export function targetAt(doc: Doc, steps: readonly string[], create: boolean): UpdateTarget | undefined {
  const last = steps.at(-1)!;
  let container: unknown = doc;
  for (const [i, step] of steps.slice(0, -1).entries()) {
    let next = getIn(container, step);
    if (next === undefined && create) {
      next = {};
      setIn(container, step, next);
    }
    if (!isObject(next) && !Array.isArray(next)) {
      if (!create) return undefined;
      throw new StoreError(
        28,
        `Cannot create field '${steps[i + 1]!}' in element {${step}: ${String(next)}}`,
      );
    }
    container = next;
  }
  if (create && Array.isArray(container) && !isArrayIndex(last)) {
    throw new StoreError(28, `Cannot create field '${last}' in an array`);
  }
  const holder = container;
  return {
    path: steps.join('.'),
    get: () => getIn(holder, last),
    set: (value) => setIn(holder, last, value),
    unset: () => {
      if (!Array.isArray(holder)) delete (holder as Doc)[last];
      else if (last in holder) setIn(holder, last, null);
    },
  };
}

const getIn = (container: unknown, step: string): unknown => {
  if (Array.isArray(container)) return isArrayIndex(step) ? container[Number(step)] : undefined;
  return Object.hasOwn(container as Doc, step) ? (container as Doc)[step] : undefined;
};

function setIn(container: unknown, step: string, value: unknown): void {
  if (!Array.isArray(container)) {
    (container as Doc)[step] = value;
    return;
  }
  const index = Number(step);
  if (!isArrayIndex(step)) throw new StoreError(28, `Cannot create field '${step}' in an array`);
  if (index - container.length > maxArrayPadding)
    throw new StoreError(2, 'The array index is too far beyond its end');
  while (container.length < index) container.push(null);
  container[index] = value;
}
