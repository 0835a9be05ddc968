import { isArrayIndex, isObject } from '../bson/values.ts';

export type Test = (value: unknown) => boolean;

/**
 * Whether any value a dotted path leads to passes the test. Arrays on the way are searched, element by element and
 * by position; a path that leads nowhere is tested as `undefined`.
 */
export function someValue(from: unknown, steps: readonly string[], test: Test, at = 0): boolean {
  if (at === steps.length) return test(from);
  const step = steps[at]!;
  if (Array.isArray(from)) {
    if (isArrayIndex(step) && Number(step) < from.length) {
      if (someValue(from[Number(step)], steps, test, at + 1)) return true;
    }
    return from.some((element) => isObject(element) && someValue(element, steps, test, at));
  }
  return isObject(from) ? someValue(from[step], steps, test, at + 1) : test(undefined);
}

/** As `someValue`, and an array at the end of the path is tested itself and by its elements. */
export const someValueOrElement = (from: unknown, steps: readonly string[], test: Test): boolean =>
  someValue(from, steps, (value) => test(value) || (Array.isArray(value) && value.some(test)));
