import { decode, type Doc } from '../bson/codec.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { parseSort, sortOrder, type SortField } from '../query/sort-order.ts';
import { StoreError } from '../store-error.ts';
import type { Collection } from './collection.ts';
import { noDeadline, type Deadline } from './deadline.ts';
import { planQuery, type Plan } from './plan-query.ts';
import { scan, type StoredRow } from './scan.ts';
import type { Sqlite } from './sqlite.ts';

export interface Query {
  readonly filter: Doc;
  readonly sort?: Doc | undefined;
  readonly skip?: number;
  /** 0 is no limit. */
  readonly limit?: number;
  readonly hint?: unknown;
  readonly variables?: Doc | undefined;
  readonly deadline?: Deadline;
}

/** A match: its stored bytes, and the decoded document when the filter or the sort needed it. */
export interface FoundDocument extends StoredRow {
  readonly doc?: Doc;
}

const maxSortBytes = 100 * 1024 * 1024;

export const docOf = (found: FoundDocument): Doc => found.doc ?? decode(found.bytes);

/** The documents a query finds, read as they are asked for unless they must be sorted first. */
export function* readDocuments(
  sqlite: Sqlite,
  collection: Collection,
  query: Query,
): Generator<FoundDocument> {
  const sort = query.sort ? parseSort(query.sort) : [];
  const plan = planQuery(collection, { ...query, sort });
  const matches = matching(sqlite, collection, query, plan);
  const ordered = sort.length === 0 || plan?.order ? matches : sorted(matches, sort);
  let toSkip = query.skip ?? 0;
  let left = query.limit === undefined || query.limit === 0 ? Infinity : query.limit;
  for (const found of ordered) {
    if (toSkip > 0) {
      toSkip -= 1;
      continue;
    }
    yield found;
    left -= 1;
    if (left <= 0) return;
  }
}

/** The number of matches; by the index alone when it decides the filter. */
export function countDocuments(sqlite: Sqlite, collection: Collection, query: Query): number {
  const paged = (query.skip ?? 0) > 0 || (query.limit ?? 0) > 0;
  if (!paged && Object.keys(query.filter).length === 0) {
    return Number(sqlite.get(`SELECT count(*) AS n FROM ${collection.table}`)!.n);
  }
  const plan = planQuery(collection, { filter: query.filter, hint: query.hint });
  if (!paged && plan?.exact) {
    return plan.ranges.reduce((sum, { low, high }) => {
      const row = high
        ? sqlite.get(`SELECT count(*) AS n FROM ${plan.index.table} WHERE k >= ? AND k < ?`, low, high)
        : sqlite.get(`SELECT count(*) AS n FROM ${plan.index.table} WHERE k >= ?`, low);
      return sum + Number(row!.n);
    }, 0);
  }
  let count = 0;
  for (const _ of readDocuments(sqlite, collection, query)) count += 1;
  return count;
}

function* matching(
  sqlite: Sqlite,
  collection: Collection,
  { filter, variables, deadline = noDeadline }: Query,
  plan: Plan | undefined,
): Generator<FoundDocument> {
  const test = compileFilter(filter, { variables });
  const needsTest = !plan?.exact && Object.keys(filter).length > 0;
  for (const row of scan(sqlite, collection, plan, deadline)) {
    if (!needsTest) {
      yield row;
      continue;
    }
    const doc = decode(row.bytes);
    if (test(doc)) yield { ...row, doc };
  }
}

function* sorted(matches: Iterable<FoundDocument>, sort: readonly SortField[]): Generator<FoundDocument> {
  const order = sortOrder(sort);
  const keyed: { found: FoundDocument; key: unknown[] }[] = [];
  let bytes = 0;
  for (const found of matches) {
    bytes += found.bytes.length;
    if (bytes > maxSortBytes) {
      throw new StoreError(
        292,
        'Sort exceeded the memory limit of 100 MB; add an index that gives the order',
      );
    }
    keyed.push({ found: { rid: found.rid, bytes: found.bytes }, key: order.keyOf(docOf(found)) });
  }
  keyed.sort((left, right) => order.compareKeys(left.key, right.key) || left.found.rid - right.found.rid);
  for (const { found } of keyed) yield found;
}
