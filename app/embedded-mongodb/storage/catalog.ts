import { asBuffer, decode, encode, type Doc } from '../bson/codec.ts';
import { StoreError } from '../store-error.ts';
import type { Collection, Index } from './collection.ts';
import { addKey, keysIn } from './index-entries.ts';
import { parseIndexSpec } from './index-spec.ts';
import type { Sqlite } from './sqlite.ts';

/** The collections and indexes there are, in memory and in SQLite. Every change is one SQLite transaction. */
export interface Catalog {
  find(namespace: string): Collection | undefined;
  inDatabase(database: string): Collection[];
  all(): Collection[];
  /** The collection, created when missing. */
  ensure(namespace: string): Collection;
  drop(collection: Collection): void;
  /** Adds indexes and their keys; when one cannot be built none is added. */
  addIndexes(collection: Collection, specs: readonly Doc[]): void;
  dropIndexes(collection: Collection, indexes: readonly Index[]): void;
  /** To be called after a rollback: reads again what writes change in the catalog. */
  refreshMultikey(collection: Collection): void;
}

// AUTOINCREMENT: a table name is never used twice, so a cursor on a dropped collection cannot read its successor
const schema = `
  CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY AUTOINCREMENT, namespace TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS indexes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, spec BLOB NOT NULL, multikey INTEGER NOT NULL DEFAULT 0
  )`;

export function openCatalog(sqlite: Sqlite): Catalog {
  sqlite.exec(schema);
  const collections = new Map<string, Collection>();
  for (const row of sqlite.all('SELECT id, namespace FROM collections ORDER BY id')) {
    const collection = newCollection(Number(row.id), String(row.namespace));
    collections.set(collection.namespace, collection);
    for (const index of sqlite.all(
      'SELECT id, spec, multikey FROM indexes WHERE collection = ? ORDER BY id',
      collection.id,
    )) {
      const spec = decode(asBuffer(index.spec as Uint8Array));
      collection.indexes.push(parseIndexSpec(Number(index.id), spec, index.multikey === 1));
    }
  }

  const createIndexTable = (collection: Collection, spec: Doc): Index => {
    const { lastInsertRowid } = sqlite.run(
      'INSERT INTO indexes (collection, spec) VALUES (?, ?)',
      collection.id,
      encode(spec),
    );
    const index = parseIndexSpec(lastInsertRowid, spec);
    const key = index.unique ? 'k' : 'k, rid';
    sqlite.exec(
      `CREATE TABLE ${index.table} (k BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (${key})) WITHOUT ROWID`,
    );
    return index;
  };

  const fillIndex = (collection: Collection, index: Index): void => {
    let after = 0;
    for (;;) {
      const rows = sqlite.all(
        `SELECT rid, doc FROM ${collection.table} WHERE rid > ? ORDER BY rid LIMIT 500`,
        after,
      );
      for (const row of rows) {
        const { keys, multikey } = keysIn(index, decode(row.doc as Uint8Array));
        for (const key of keys) addKey(sqlite, collection, index, key, Number(row.rid));
        if (multikey && !index.multikey) {
          index.multikey = true;
          sqlite.run('UPDATE indexes SET multikey = 1 WHERE id = ?', index.id);
        }
        after = Number(row.rid);
      }
      if (rows.length === 0) return;
    }
  };

  return {
    find: (namespace) => collections.get(namespace),
    inDatabase: (database) =>
      [...collections.values()].filter(({ namespace }) => namespace.startsWith(`${database}.`)),
    all: () => [...collections.values()],
    ensure(namespace) {
      const existing = collections.get(namespace);
      if (existing) return existing;
      assertNamespace(namespace);
      const created = sqlite.transaction(() => {
        const { lastInsertRowid } = sqlite.run('INSERT INTO collections (namespace) VALUES (?)', namespace);
        const collection = newCollection(lastInsertRowid, namespace);
        sqlite.exec(`CREATE TABLE ${collection.table} (rid INTEGER PRIMARY KEY, doc BLOB NOT NULL)`);
        collection.indexes.push(createIndexTable(collection, { v: 2, key: { _id: 1 }, name: '_id_' }));
        return collection;
      });
      collections.set(namespace, created);
      return created;
    },
    drop(collection) {
      sqlite.forgetStatements();
      sqlite.transaction(() => {
        for (const index of collection.indexes) sqlite.exec(`DROP TABLE ${index.table}`);
        sqlite.exec(`DROP TABLE ${collection.table}`);
        sqlite.run('DELETE FROM indexes WHERE collection = ?', collection.id);
        sqlite.run('DELETE FROM collections WHERE id = ?', collection.id);
      });
      collections.delete(collection.namespace);
    },
    addIndexes(collection, specs) {
      const added = sqlite.transaction(() =>
        specs.map((spec) => {
          const index = createIndexTable(collection, spec);
          fillIndex(collection, index);
          return index;
        }),
      );
      collection.indexes.push(...added);
    },
    dropIndexes(collection, indexes) {
      sqlite.forgetStatements();
      sqlite.transaction(() => {
        for (const index of indexes) {
          sqlite.exec(`DROP TABLE ${index.table}`);
          sqlite.run('DELETE FROM indexes WHERE id = ?', index.id);
        }
      });
      collection.indexes = collection.indexes.filter((index) => !indexes.includes(index));
    },
    refreshMultikey(collection) {
      for (const row of sqlite.all('SELECT id, multikey FROM indexes WHERE collection = ?', collection.id)) {
        const index = collection.indexes.find(({ id }) => id === row.id);
        if (index) index.multikey = row.multikey === 1;
      }
    },
  };
}

const newCollection = (id: number, namespace: string): Collection => ({
  id,
  namespace,
  table: `documents_${id}`,
  indexes: [],
});

function assertNamespace(namespace: string): void {
  const name = namespace.slice(namespace.indexOf('.') + 1);
  if (name === '' || name.includes('$') || name.includes('\0') || name.startsWith('system.')) {
    throw new StoreError(73, `Invalid collection name specified: '${namespace}'`);
  }
}
