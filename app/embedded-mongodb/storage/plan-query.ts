import type { Doc } from '../bson/codec.ts';
import { isNumber, rankOf, toNumber } from '../bson/values.ts';
import { encodeKey, invert, keyAfterPrefix } from '../keys/encode-key.ts';
import type { IndexField } from '../keys/index-keys.ts';
import type { SortField } from '../query/sort-order.ts';
import { StoreError } from '../store-error.ts';
import type { Collection, Index } from './collection.ts';
import { sameKey } from './index-spec.ts';
import { impliesPartial, planConditions, type PlanConditions, type Range } from './plan-conditions.ts';

/** From `low` (included) to `high` (excluded; open when undefined). */
export interface KeyRange {
  readonly low: Buffer;
  readonly high: Buffer | undefined;
}

/** How to read a collection by one of its indexes. What it yields is a superset of the matches. */
export interface Plan {
  readonly index: Index;
  readonly ranges: readonly KeyRange[];
  /** The index yields the documents in the order asked for, read this way. */
  readonly order: 'forward' | 'backward' | undefined;
  /** Every document of the ranges matches: no further test is needed. */
  readonly exact: boolean;
}

export interface PlanRequest {
  readonly filter: Doc;
  readonly sort?: readonly SortField[] | undefined;
  /** An index name, an index key or `{ $natural: 1 }`. */
  readonly hint?: unknown;
}

const maxRanges = 4000;

/** The best plan by index, or undefined: read the whole collection. */
export function planQuery(collection: Collection, request: PlanRequest): Plan | undefined {
  const candidates = hintedIndexes(collection, request.hint);
  const conditions = planConditions(request.filter);
  let best: { plan: Plan; score: number } | undefined;
  for (const index of candidates) {
    const found = planByIndex(index, conditions, request);
    if (found && (!best || found.score > best.score)) best = found;
  }
  return best?.plan;
}

function hintedIndexes(collection: Collection, hint: unknown): readonly Index[] {
  if (hint === undefined || (isDoc(hint) && Object.keys(hint).length === 0)) return collection.indexes;
  if (isDoc(hint) && '$natural' in hint) return [];
  const index = collection.indexes.find(({ name, key }) =>
    isDoc(hint) ? sameKey(key, hint) : name === hint,
  );
  if (!index) throw new StoreError(2, 'hint provided does not correspond to an existing index');
  return [index];
}

const isDoc = (value: unknown): value is Doc => typeof value === 'object' && value !== null;

function planByIndex(
  index: Index,
  conditions: PlanConditions,
  { sort, hint }: PlanRequest,
): { plan: Plan; score: number } | undefined {
  if (index.partial && !impliesPartial(conditions, index.partial.filter)) return undefined;
  const { prefixes, exact, used } = equalityPrefixes(index, conditions);
  const next = index.fields[used];
  const bounds = next && !sharesArray(index, used) ? conditions.ranges.get(next.path) : undefined;
  const order = sortFromIndex(index, used, prefixes.length === 1, conditions, sort);
  const pinned = used > 0 || bounds !== undefined;
  if (index.sparse && !pinned) return undefined;
  if (!pinned && !order && (hint === undefined || index.partial)) return undefined;
  const ranges = prefixes.map((prefix) =>
    bounds ? boundedRange(prefix, next!, bounds, index) : rangeOf(prefix),
  );
  ranges.sort((left, right) => Buffer.compare(left.low, right.low));
  const complete = index.unique && used === index.fields.length;
  const score =
    used * 10 + (complete ? 50 : 0) + (bounds ? 5 : 0) + (order ? 4 : 0) - (prefixes.length > 1 ? 1 : 0);
  const isExact =
    exact && !bounds && !index.multikey && conditions.onlyEqualities && conditions.equal.size === used;
  return { plan: { index, ranges, order, exact: isExact }, score };
}

/** The key prefixes of the leading fields the filter pins by equality: one, or one per combination of `$in` values. */
function equalityPrefixes(
  index: Index,
  conditions: PlanConditions,
): { prefixes: Buffer[]; exact: boolean; used: number } {
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let exact = true;
  let used = 0;
  for (const field of index.fields) {
    const values = conditions.equal.get(field.path);
    if (!values || sharesArray(index, used)) break;
    if (index.sparse && values.some((value) => value === null)) break;
    // null stands for a missing field too, and NaN is a value that equals itself only in MongoDB
    if (values.some((value) => value === null || (isNumber(value) && Number.isNaN(toNumber(value)))))
      exact = false;
    const keys = new Map(
      values.map((value) => encodeKey(value, field.descending)).map((key) => [key.toString('latin1'), key]),
    );
    if (prefixes.length * keys.size > maxRanges) break;
    prefixes = prefixes.flatMap((prefix) => [...keys.values()].map((key) => Buffer.concat([prefix, key])));
    used += 1;
  }
  return { prefixes, exact, used };
}

/**
 * Two fields inside one array have one key per element, while a filter may be met by different elements: only the
 * first of them can bound a search.
 */
function sharesArray(index: Index, at: number): boolean {
  if (!index.multikey) return false;
  const root = index.fields[at]!.steps[0];
  return index.fields.slice(0, at).some((field) => field.steps[0] === root);
}

function sortFromIndex(
  index: Index,
  used: number,
  singlePrefix: boolean,
  conditions: PlanConditions,
  sort: readonly SortField[] | undefined,
): Plan['order'] {
  if (!sort || sort.length === 0 || index.multikey || !singlePrefix) return undefined;
  const pinned = new Set(index.fields.slice(0, used).map(({ path }) => path));
  const open = sort.filter(({ path }) => !(pinned.has(path) && conditions.equal.get(path)?.length === 1));
  const rest = index.fields.slice(used);
  if (open.length > rest.length) return undefined;
  const same = open.every(
    ({ path, descending }, i) => rest[i]!.path === path && rest[i]!.descending === descending,
  );
  if (same) return 'forward';
  const opposite = open.every(
    ({ path, descending }, i) => rest[i]!.path === path && rest[i]!.descending !== descending,
  );
  return opposite ? 'backward' : undefined;
}

const rangeOf = (prefix: Buffer): KeyRange => ({ low: prefix, high: keyAfterPrefix(prefix) });

/** The part of a prefix a range allows: values of the bound's own type only, as the filter has it. */
function boundedRange(prefix: Buffer, field: IndexField, bounds: readonly Range[], index: Index): KeyRange {
  const [first] = bounds as [Range];
  // in a multikey index two bounds may be met by two elements, so only one of them is used
  const usable = index.multikey ? [first] : bounds;
  if (first.operator === 'prefix') {
    const start = encodeKey(first.value).subarray(0, -2);
    return rangeOf(Buffer.concat([prefix, field.descending ? invert(start) : start]));
  }
  const rank = rankOf(first.value);
  const type = Buffer.from([field.descending ? ~rank & 0xff : rank]);
  let { low, high } = rangeOf(Buffer.concat([prefix, type]));
  for (const { operator, value } of usable) {
    if (operator === 'prefix' || rankOf(value) !== rank) continue;
    const key = Buffer.concat([prefix, encodeKey(value, field.descending)]);
    const upwards = (operator === '$gt' || operator === '$gte') !== field.descending;
    const included = operator === '$gte' || operator === '$lte';
    const after = keyAfterPrefix(key) ?? key;
    if (upwards) {
      const bound = included ? key : after;
      if (Buffer.compare(bound, low) > 0) low = bound;
    } else {
      const bound = included ? after : key;
      if (!high || Buffer.compare(bound, high) < 0) high = bound;
    }
  }
  return { low, high };
}
