import type { Doc } from '../bson/codec.ts';
import { isObject, valueAt } from '../bson/values.ts';
import { compileElement, compileFilter } from './compile-filter.ts';
import type { Test } from './walk-path.ts';

/** Which element of the array at `path` made the filter match: what `path.$` stands for; -1 for none. */
export function matchedElement(filter: Doc, doc: Doc, path: string): number {
  const array = valueAt(doc, path.split('.'));
  if (!Array.isArray(array)) return -1;
  let found = -1;
  for (const test of elementTests(filter, path)) {
    const index = array.findIndex(test);
    if (index >= 0) found = index;
  }
  return found;
}

function* elementTests(filter: Doc, path: string): Generator<Test> {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and' || key === '$or') {
      for (const branch of condition as Doc[]) yield* elementTests(branch, path);
    } else if (key === path) {
      if (isObject(condition) && '$elemMatch' in condition) {
        yield compileElement(condition.$elemMatch, {});
      } else {
        const test = compileFilter({ element: condition });
        yield (element) => test({ element });
      }
    } else if (key.startsWith(`${path}.`)) {
      const test = compileFilter({ [key.slice(path.length + 1)]: condition });
      yield (element) => isObject(element) && test(element);
    }
  }
}
