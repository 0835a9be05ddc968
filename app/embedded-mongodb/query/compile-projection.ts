import { evaluateExpression } from '../aggregation/evaluate-expression.ts';
import type { Doc } from '../bson/codec.ts';
import { isNumber, isObject, plainDoc, toBoolean, toNumber, valueAt } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';
import { compileElement } from './compile-filter.ts';
import { matchedElement } from './positional.ts';

type Tree = Map<string, Tree | true>;
/** Replaces one path of the projected document, given the original. */
type Adjustment = (projected: Doc, original: Doc) => void;

/**
 * Turns a find projection into a function; undefined when it keeps everything.
 * @throws StoreError 31254 when inclusion and exclusion are mixed, 31249 when one path is inside another.
 */
export function compileProjection(projection: Doc, filter: Doc): ((doc: Doc) => Doc) | undefined {
  if (Object.keys(projection).length === 0) return undefined;
  const tree: Tree = new Map();
  const adjustments: Adjustment[] = [];
  let including: boolean | undefined;
  let keepId: boolean | undefined;

  const decide = (include: boolean): void => {
    if (including !== undefined && including !== include) {
      throw new StoreError(31254, 'Cannot mix inclusion and exclusion in a projection');
    }
    including = include;
  };

  for (const [path, value] of Object.entries(projection)) {
    const flag = typeof value === 'boolean' || isNumber(value);
    if (path === '_id' && flag) {
      keepId = toBoolean(value);
    } else if (path.endsWith('.$')) {
      decide(true);
      adjustments.push(positional(path.slice(0, -2), filter));
      addPath(tree, path.slice(0, -2));
    } else if (flag) {
      decide(toBoolean(value));
      addPath(tree, path);
    } else if (isObject(value) && '$slice' in value) {
      adjustments.push(slice(path, value.$slice));
    } else if (isObject(value) && '$elemMatch' in value) {
      decide(true);
      adjustments.push(elemMatch(path, value.$elemMatch));
      addPath(tree, path);
    } else if (isObject(value) && '$meta' in value) {
      throw new StoreError(2, '$meta is not supported by this store');
    } else {
      decide(true);
      adjustments.push(computed(path, value));
    }
  }
  const include = including ?? (keepId === true && adjustments.length === 0);
  if (include && keepId !== false) addPath(tree, '_id');
  if (!include && keepId === false) addPath(tree, '_id');

  return (doc) => {
    const projected = (include ? pick(doc, tree) : omit(doc, tree)) as Doc;
    for (const adjust of adjustments) adjust(projected, doc);
    return projected;
  };
}

function addPath(tree: Tree, path: string): void {
  let at = tree;
  const steps = path.split('.');
  steps.forEach((step, i) => {
    const next = at.get(step);
    const last = i === steps.length - 1;
    if (next === true || (last && next !== undefined)) {
      if (path === '_id') return;
      throw new StoreError(31249, `Path collision at ${path}`);
    }
    if (last) at.set(step, true);
    else {
      const branch: Tree = next ?? new Map<string, Tree | true>();
      at.set(step, branch);
      at = branch;
    }
  });
}

function pick(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) {
    return value.filter((each) => isObject(each) || Array.isArray(each)).map((each) => pick(each, tree));
  }
  const picked: Doc = {};
  for (const [field, fieldValue] of Object.entries(value as Doc)) {
    const branch = tree.get(field);
    if (branch === true) picked[field] = fieldValue;
    else if (branch && (isObject(fieldValue) || Array.isArray(fieldValue)))
      picked[field] = pick(fieldValue, branch);
  }
  return picked;
}

function omit(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((each) => omit(each, tree));
  if (!isObject(value)) return value;
  const kept: Doc = {};
  for (const [field, fieldValue] of Object.entries(value)) {
    const branch = tree.get(field);
    if (branch !== true) kept[field] = branch ? omit(fieldValue, branch) : fieldValue;
  }
  return kept;
}

/** Writes into the projected copy without touching the document it shares values with. */
function put(projected: Doc, path: string, value: unknown): void {
  const steps = path.split('.');
  let at = projected;
  for (const step of steps.slice(0, -1)) {
    const next = at[step];
    if (!isObject(next)) return;
    at[step] = { ...next };
    at = at[step] as Doc;
  }
  const last = steps.at(-1)!;
  if (value === undefined) delete at[last];
  else at[last] = value;
}

function slice(path: string, argument: unknown): Adjustment {
  const numbers = (Array.isArray(argument) ? argument : [argument]).map(toNumber);
  const [first = 0, count] = numbers;
  return (projected, original) => {
    const array = valueAt(original, path.split('.'));
    if (!Array.isArray(array)) return;
    if (count === undefined) put(projected, path, first < 0 ? array.slice(first) : array.slice(0, first));
    else put(projected, path, array.slice(first).slice(0, count));
  };
}

function elemMatch(path: string, condition: unknown): Adjustment {
  const test = compileElement(condition, {});
  return (projected, original) => {
    const array = valueAt(original, path.split('.'));
    const index = Array.isArray(array) ? array.findIndex(test) : -1;
    put(projected, path, index < 0 ? undefined : [(array as unknown[])[index]]);
  };
}

const positional =
  (path: string, filter: Doc): Adjustment =>
  (projected, original) => {
    const index = matchedElement(filter, original, path);
    const array = valueAt(original, path.split('.')) as unknown[];
    put(projected, path, index < 0 ? undefined : [array[index]]);
  };

const computed =
  (path: string, expression: unknown): Adjustment =>
  (projected, original) =>
    put(projected, path, evaluateExpression(expression, plainDoc(original)));
