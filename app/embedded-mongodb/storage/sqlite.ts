import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** What a commit waits for: nothing ('off'), the operating system ('normal'), the disk ('full'). */
export type Durability = 'normal' | 'full' | 'off';

/** A SQLite database with cached statements. Every call blocks; the store therefore runs in a thread of its own. */
export interface Sqlite {
  all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[];
  get(sql: string, ...values: SQLInputValue[]): Record<string, unknown> | undefined;
  run(sql: string, ...values: SQLInputValue[]): { changes: number; lastInsertRowid: number };
  exec(sql: string): void;
  /** Runs `work` in a transaction; an error undoes all of it. */
  transaction<T>(work: () => T): T;
  /** Runs `work` inside a transaction so that an error undoes only this part. */
  savepoint<T>(work: () => T): T;
  /** To be called when tables are dropped: prepared statements on them are of no more use. */
  forgetStatements(): void;
  close(): void;
}

export function openSqlite(file: string, durability: Durability): Sqlite {
  const database = new DatabaseSync(file);
  // WAL: a kill at any moment loses no committed write; https://sqlite.org/wal.html, https://sqlite.org/pragma.html
  database.exec('PRAGMA journal_mode = WAL');
  database.exec(`PRAGMA synchronous = ${durability.toUpperCase()}`);
  database.exec('PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 2000');
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = database.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  const guarded = <T>(begin: string, commit: string, undo: readonly string[], work: () => T): T => {
    prepared(begin).run();
    try {
      const result = work();
      prepared(commit).run();
      return result;
    } catch (error) {
      if (database.isTransaction) for (const sql of undo) prepared(sql).run();
      throw error;
    }
  };
  return {
    all: (sql, ...values) => prepared(sql).all(...values),
    get: (sql, ...values) => prepared(sql).get(...values),
    run: (sql, ...values) => {
      const { changes, lastInsertRowid } = prepared(sql).run(...values);
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
    },
    exec: (sql) => database.exec(sql),
    transaction: (work) => guarded('BEGIN IMMEDIATE', 'COMMIT', ['ROLLBACK'], work),
    savepoint: (work) =>
      guarded(
        'SAVEPOINT statement',
        'RELEASE statement',
        ['ROLLBACK TO statement', 'RELEASE statement'],
        work,
      ),
    forgetStatements: () => statements.clear(),
    close: () => {
      statements.clear();
      if (durability !== 'off') database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      database.close();
    },
  };
}
