import type { SQLInputValue } from 'node:sqlite';
import { asBuffer } from '../bson/codec.ts';
import { StoreError } from '../store-error.ts';
import type { Collection } from './collection.ts';
import type { Deadline } from './deadline.ts';
import type { KeyRange, Plan } from './plan-query.ts';
import type { Sqlite } from './sqlite.ts';

export interface StoredRow {
  readonly rid: number;
  readonly bytes: Buffer;
}

const firstChunk = 64;
const chunk = 500;

/**
 * Reads rows in chunks, each continuing after the last key, so that a reader may stop between two and go on after
 * other commands have written. As in MongoDB such a reader is no snapshot.
 */
export function* scan(
  sqlite: Sqlite,
  collection: Collection,
  plan: Plan | undefined,
  deadline: Deadline,
): Generator<StoredRow> {
  if (!plan) yield* scanCollection(sqlite, collection, deadline);
  else if (!plan.index.multikey) yield* scanIndex(sqlite, collection, plan, deadline);
  else {
    const seen = new Set<number>();
    for (const row of scanIndex(sqlite, collection, plan, deadline)) {
      if (seen.has(row.rid)) continue;
      seen.add(row.rid);
      yield row;
    }
  }
}

function* scanCollection(sqlite: Sqlite, collection: Collection, deadline: Deadline): Generator<StoredRow> {
  const sql = `SELECT rid, doc FROM ${collection.table} WHERE rid > ? ORDER BY rid LIMIT ?`;
  let after = 0;
  for (let size = firstChunk; ; size = chunk) {
    deadline();
    const rows = readChunk(sqlite, sql, [after, size]);
    for (const row of rows) yield toRow(row);
    if (rows.length < size) return;
    after = Number(rows.at(-1)!.rid);
  }
}

function* scanIndex(
  sqlite: Sqlite,
  collection: Collection,
  plan: Plan,
  deadline: Deadline,
): Generator<StoredRow> {
  const backward = plan.order === 'backward';
  for (const range of plan.ranges) {
    let last: { k: Buffer; rid: number } | undefined;
    for (let size = firstChunk; ; size = chunk) {
      deadline();
      const { where, values } = rangeCondition(range, backward, last);
      const direction = backward ? 'DESC' : 'ASC';
      const rows = readChunk(
        sqlite,
        `SELECT i.k, i.rid, d.doc FROM ${plan.index.table} i CROSS JOIN ${collection.table} d ON d.rid = i.rid
         WHERE ${where} ORDER BY i.k ${direction}, i.rid ${direction} LIMIT ?`,
        [...values, size],
      );
      for (const row of rows) yield toRow(row);
      if (rows.length < size) break;
      const { k, rid } = rows.at(-1)!;
      last = { k: asBuffer(k as Uint8Array), rid: Number(rid) };
    }
  }
}

function rangeCondition(
  { low, high }: KeyRange,
  backward: boolean,
  last: { k: Buffer; rid: number } | undefined,
): { where: string; values: SQLInputValue[] } {
  const parts: [string, SQLInputValue[]][] = [];
  if (last && !backward) parts.push(['(i.k, i.rid) > (?, ?)', [last.k, last.rid]]);
  else parts.push(['i.k >= ?', [low]]);
  if (last && backward) parts.push(['(i.k, i.rid) < (?, ?)', [last.k, last.rid]]);
  else if (high) parts.push(['i.k < ?', [high]]);
  return { where: parts.map(([sql]) => sql).join(' AND '), values: parts.flatMap(([, values]) => values) };
}

function readChunk(sqlite: Sqlite, sql: string, values: SQLInputValue[]): Record<string, unknown>[] {
  try {
    return sqlite.all(sql, ...values);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no such table')) {
      throw new StoreError(175, 'The collection or index was dropped while it was being read');
    }
    throw error;
  }
}

const toRow = (row: Record<string, unknown>): StoredRow => ({
  rid: Number(row.rid),
  bytes: asBuffer(row.doc as Uint8Array),
});
