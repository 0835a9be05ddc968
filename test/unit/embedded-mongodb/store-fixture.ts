import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCursors, type CursorBatch } from '../../../app/embedded-mongodb/commands/cursors.ts';
import type { Reply } from '../../../app/embedded-mongodb/commands/command.ts';
import { createCommandRunner } from '../../../app/embedded-mongodb/commands/run-command.ts';
import { decode, encode, type Doc } from '../../../app/embedded-mongodb/bson/codec.ts';
import { plainDoc } from '../../../app/embedded-mongodb/bson/values.ts';
import { openCatalog, type Catalog } from '../../../app/embedded-mongodb/storage/catalog.ts';
import { openSqlite, type Sqlite } from '../../../app/embedded-mongodb/storage/sqlite.ts';

export interface StoreFixture {
  readonly sqlite: Sqlite;
  readonly catalog: Catalog;
  readonly clock: { now: number };
  /** Runs a command as if it had come over the wire; numbers come back as JavaScript numbers. */
  run(command: Doc): Doc;
  /** As `run`, but the documents of the first batch. */
  rows(command: Doc): Doc[];
  reopen(): void;
  close(): void;
}

/** The commands on a fresh data file, without socket and thread. */
export function openStoreFixture(): StoreFixture {
  const folder = mkdtempSync(join(tmpdir(), 'cs-unit-'));
  const clock = { now: Date.now() };
  const open = () => {
    const sqlite = openSqlite(join(folder, 'data'), 'off');
    const catalog = openCatalog(sqlite);
    const cursors = createCursors({ now: () => clock.now });
    const context = { sqlite, catalog, cursors, now: () => new Date(clock.now) };
    const fail = (error: unknown): never => {
      throw error;
    };
    return { sqlite, catalog, runner: createCommandRunner(context, fail) };
  };
  let parts = open();
  const run = (command: Doc): Reply => parts.runner.run(decode(encode({ ...command, $db: 'test' })), 1);
  return {
    get sqlite() {
      return parts.sqlite;
    },
    get catalog() {
      return parts.catalog;
    },
    clock,
    run: (command) => plainDoc(run(command) as Doc),
    rows(command) {
      const reply = run(command);
      if ('errmsg' in reply) throw new Error(String(reply.errmsg));
      return (reply as CursorBatch).cursor.documents.map((bytes) => plainDoc(decode(bytes)));
    },
    reopen() {
      parts.sqlite.close();
      parts = open();
    },
    close() {
      parts.sqlite.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
