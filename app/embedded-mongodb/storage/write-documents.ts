import { ObjectId } from 'bson';
import { encode, maxDocumentBytes, type Doc } from '../bson/codec.ts';
import { rankOf, typeRank, withIdFirst } from '../bson/values.ts';
import type { IndexKey } from '../keys/index-keys.ts';
import { StoreError } from '../store-error.ts';
import { updatedDocument, upsertedDocument, type UpdateStatement } from '../update/document-update.ts';
import type { Collection, Index } from './collection.ts';
import type { Deadline } from './deadline.ts';
import { addKey, keysIn, removeKey } from './index-entries.ts';
import { docOf, readDocuments, type Query } from './read-documents.ts';
import type { Sqlite } from './sqlite.ts';

export interface UpdateResult {
  readonly matched: number;
  readonly modified: number;
  readonly upsertedId?: unknown;
  /** Of the last document touched: what findAndModify answers with. */
  readonly before?: Doc;
  readonly after?: Doc;
}

/** Stores a document and its keys. To be called inside a savepoint: a duplicate key leaves half of it behind. */
export function insertDocument(sqlite: Sqlite, collection: Collection, given: Doc): Doc {
  const doc = withIdFirst(given._id === undefined ? new ObjectId() : given._id, given);
  const idRank = rankOf(doc._id);
  if (idRank === typeRank.array || idRank === typeRank.regex) {
    throw new StoreError(53, "The '_id' value cannot be an array or a regex");
  }
  const bytes = encodeChecked(doc);
  const entries = collection.indexes.map((index) => ({ index, keys: currentKeys(sqlite, index, doc) }));
  const rid = sqlite.run(`INSERT INTO ${collection.table} (doc) VALUES (?)`, bytes).lastInsertRowid;
  for (const { index, keys } of entries) {
    for (const key of keys) addKey(sqlite, collection, index, key, rid);
  }
  return doc;
}

/** Runs one update statement. The matches are read before the first is changed, so none is met twice. */
export function updateDocuments(
  sqlite: Sqlite,
  collection: Collection,
  statement: UpdateStatement,
  { now, deadline }: { now: Date; deadline: Deadline },
): UpdateResult {
  const found = [
    ...readDocuments(sqlite, collection, { ...statement, limit: statement.multi ? 0 : 1, deadline }),
  ];
  if (found.length === 0 && statement.upsert) {
    const after = insertDocument(sqlite, collection, upsertedDocument(statement, now));
    return { matched: 1, modified: 0, upsertedId: after._id, after };
  }
  let modified = 0;
  let before: Doc | undefined;
  let after: Doc | undefined;
  for (const match of found) {
    before = docOf(match);
    after = updatedDocument(before, statement, now);
    const bytes = encodeChecked(after);
    if (bytes.equals(match.bytes)) continue;
    replaceDocument(sqlite, collection, match.rid, { before, after, bytes });
    modified += 1;
  }
  return { matched: found.length, modified, ...(before && after ? { before, after } : {}) };
}

/** Deletes what the query finds and returns the last deleted document and the count. */
export function deleteDocuments(
  sqlite: Sqlite,
  collection: Collection,
  query: Query,
): { deleted: number; last?: Doc } {
  const found = [...readDocuments(sqlite, collection, query)];
  let last: Doc | undefined;
  for (const match of found) {
    last = docOf(match);
    for (const index of collection.indexes) {
      for (const key of keysIn(index, last).keys) removeKey(sqlite, index, key, match.rid);
    }
    sqlite.run(`DELETE FROM ${collection.table} WHERE rid = ?`, match.rid);
  }
  return { deleted: found.length, ...(last ? { last } : {}) };
}

function replaceDocument(
  sqlite: Sqlite,
  collection: Collection,
  rid: number,
  { before, after, bytes }: { before: Doc; after: Doc; bytes: Buffer },
): void {
  for (const index of collection.indexes) {
    if (index.name === '_id_') continue;
    const removed = byBytes(keysIn(index, before).keys);
    const added = byBytes(currentKeys(sqlite, index, after));
    for (const [bytesKey, key] of removed) if (!added.has(bytesKey)) removeKey(sqlite, index, key, rid);
    for (const [bytesKey, key] of added)
      if (!removed.has(bytesKey)) addKey(sqlite, collection, index, key, rid);
  }
  sqlite.run(`UPDATE ${collection.table} SET doc = ? WHERE rid = ?`, bytes, rid);
}

/** The keys of a document about to be stored; remembers when the index becomes multikey. */
function currentKeys(sqlite: Sqlite, index: Index, doc: Doc): readonly IndexKey[] {
  const { keys, multikey } = keysIn(index, doc);
  if (multikey && !index.multikey) {
    index.multikey = true;
    sqlite.run('UPDATE indexes SET multikey = 1 WHERE id = ?', index.id);
  }
  return keys;
}

const byBytes = (keys: readonly IndexKey[]): Map<string, IndexKey> =>
  new Map(keys.map((key) => [key.bytes.toString('latin1'), key]));

function encodeChecked(doc: Doc): Buffer {
  const bytes = encode(doc);
  if (bytes.length <= maxDocumentBytes) return bytes;
  throw new StoreError(10334, `BSONObj size ${bytes.length} is invalid: at most ${maxDocumentBytes} bytes`);
}
