import { BSONRegExp } from 'bson';
import { evaluateExpression } from '../aggregation/evaluate-expression.ts';
import type { Doc } from '../bson/codec.ts';
import { isObject, plainDoc, toBoolean } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';
import { equalityTest, operators, type OperatorContext } from './filter-operators.ts';
import { someValue, someValueOrElement, type Test } from './walk-path.ts';

export interface FilterOptions {
  /** Values of `let`, reachable as `$$name` inside `$expr`. */
  readonly variables?: Doc | undefined;
}

const notSupported = new Set(['$where', '$text', '$jsonSchema', '$sampleRate']);
const valueFreeOperators = new Set(['$and', '$or', '$nor', '$expr', '$comment']);

/** `{ $gt: 1 }` is a list of operators, `{ a: 1 }` and a DBRef are values to be equal to. */
export const isOperatorList = (value: unknown): value is Doc => {
  if (!isObject(value)) return false;
  const [first] = Object.keys(value);
  return first !== undefined && first.startsWith('$') && first !== '$ref' && first !== '$id';
};

/**
 * Turns a filter into a test on decoded documents.
 * @throws StoreError 2 for an operator the store does not support, wherever it stands in the filter.
 */
export function compileFilter(filter: Doc, options: FilterOptions = {}): Test {
  const tests = Object.entries(filter).flatMap(([key, value]) =>
    key.startsWith('$') ? compileTopLevel(key, value, options) : [compilePath(key, value, options)],
  );
  return allOf(tests);
}

/** A test for one array element: `$elemMatch`, `$pull`. */
export function compileElement(condition: unknown, options: FilterOptions): Test {
  if (!isObject(condition)) throw new StoreError(2, '$elemMatch needs an Object');
  if (isOperatorList(condition) && !valueFreeOperators.has(Object.keys(condition)[0]!)) {
    const test = compilePath('element', condition, options);
    return (element) => test({ element });
  }
  const test = compileFilter(condition, options);
  return (element) => (isObject(element) || Array.isArray(element)) && test(element);
}

function compileTopLevel(operator: string, value: unknown, options: FilterOptions): Test[] {
  switch (operator) {
    case '$and':
      return branches(operator, value, options);
    case '$or': {
      const tests = branches(operator, value, options);
      return [(doc) => tests.some((test) => test(doc))];
    }
    case '$nor': {
      const tests = branches(operator, value, options);
      return [(doc) => !tests.some((test) => test(doc))];
    }
    case '$expr':
      return [(doc) => toBoolean(evaluateExpression(value, plainDoc(doc as Doc), options.variables))];
    case '$comment':
      return [];
    default:
      if (notSupported.has(operator)) throw new StoreError(2, `${operator} is not supported by this store`);
      throw new StoreError(2, `unknown top level operator: ${operator}`);
  }
}

function branches(operator: string, value: unknown, options: FilterOptions): Test[] {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isObject)) {
    throw new StoreError(2, `${operator} must be a nonempty array of objects`);
  }
  return value.map((branch) => compileFilter(branch, options));
}

function compilePath(path: string, condition: unknown, options: FilterOptions): Test {
  const steps = path.split('.');
  if (!isOperatorList(condition)) return anyLeaf(steps, equalityTest(condition));
  return allOf(
    Object.entries(condition).map(([operator, value]) =>
      compileOperator(steps, operator, value, condition, options),
    ),
  );
}

function compileOperator(
  steps: readonly string[],
  operator: string,
  value: unknown,
  condition: Doc,
  options: FilterOptions,
): Test {
  const path = steps.join('.');
  if (operator === '$not') {
    if (value instanceof BSONRegExp) return negate(anyLeaf(steps, equalityTest(value)));
    if (!isOperatorList(value)) throw new StoreError(2, '$not needs a regex or a document of operators');
    return negate(compilePath(path, value, options));
  }
  if (operator === '$all') {
    if (!Array.isArray(value)) throw new StoreError(2, '$all needs an array');
    if (value.length === 0) return () => false;
    return allOf(
      value.map((each: unknown) => compilePath(path, isElemMatch(each) ? each : { $eq: each }, options)),
    );
  }
  const build = operators[operator];
  if (!build) throw new StoreError(2, `unknown operator: ${operator}`);
  const context: OperatorContext = {
    siblings: condition,
    compileElement: (each) => compileElement(each, options),
  };
  const { test, negated = false, wholeArray = false } = build(value, context);
  const found = wholeArray ? (doc: unknown) => someValue(doc, steps, test) : anyLeaf(steps, test);
  return negated ? negate(found) : found;
}

const isElemMatch = (value: unknown): boolean => isObject(value) && '$elemMatch' in value;

const anyLeaf =
  (steps: readonly string[], test: Test): Test =>
  (doc) =>
    someValueOrElement(doc, steps, test);

const negate =
  (test: Test): Test =>
  (doc) =>
    !test(doc);

const allOf = (tests: readonly Test[]): Test =>
  tests.length === 1 ? tests[0]! : (doc) => tests.every((test) => test(doc));
