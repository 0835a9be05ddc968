import { ObjectId } from 'bson';
import type { Doc } from '../bson/codec.ts';
import { emptyArray, isNumber } from '../bson/values.ts';
import { indexKeys, type DocumentKeys, type IndexKey } from '../keys/index-keys.ts';
import { StoreError } from '../store-error.ts';
import type { Collection, Index } from './collection.ts';
import type { Sqlite } from './sqlite.ts';

/** The keys a document has in an index; none when a sparse or partial index leaves it out. */
export function keysIn(index: Index, doc: Doc): DocumentKeys {
  const none = { keys: [], multikey: false, allMissing: false };
  if (index.partial && !index.partial.test(doc)) return none;
  const found = indexKeys(doc, index.fields);
  return index.sparse && found.allMissing ? none : found;
}

/** @throws StoreError 11000 when a unique index has the key already. */
export function addKey(
  sqlite: Sqlite,
  collection: Collection,
  index: Index,
  key: IndexKey,
  rid: number,
): void {
  const conflict = index.unique ? 'ON CONFLICT (k) DO NOTHING' : '';
  const sql = `INSERT INTO ${index.table} (k, rid) VALUES (?, ?) ${conflict}`;
  if (sqlite.run(sql, key.bytes, rid).changes === 0) throw duplicateKey(collection, index, key);
}

export function removeKey(sqlite: Sqlite, index: Index, key: IndexKey, rid: number): void {
  sqlite.run(`DELETE FROM ${index.table} WHERE k = ? AND rid = ?`, key.bytes, rid);
}

function duplicateKey(collection: Collection, index: Index, key: IndexKey): StoreError {
  const keyValue: Doc = {};
  index.fields.forEach((field, i) => {
    const value = key.values[i];
    keyValue[field.path] = value === undefined || value === emptyArray ? null : value;
  });
  const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${show(value)}`);
  return new StoreError(
    11000,
    `E11000 duplicate key error collection: ${collection.namespace} index: ${index.name} dup key: { ${shown.join(', ')} }`,
    { keyPattern: index.key, keyValue },
  );
}

const show = (value: unknown): string => {
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  return isNumber(value) ? value.toString() : JSON.stringify(value);
};
