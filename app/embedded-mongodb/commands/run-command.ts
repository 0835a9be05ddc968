import type { Doc } from '../bson/codec.ts';
import { deadlineAfter } from '../storage/deadline.ts';
import { errorNames, StoreError } from '../store-error.ts';
import { aggregate } from './aggregate-command.ts';
import {
  create,
  createIndexes,
  drop,
  dropDatabase,
  dropIndexes,
  listCollections,
  listIndexes,
} from './catalog-commands.ts';
import {
  assertKnownFields,
  type Command,
  type CommandContext,
  type CommandRequest,
  type Reply,
} from './command.ts';
import { explain } from './explain-command.ts';
import { assertNoTransaction, genericFields, numberOr } from './generic-fields.ts';
import { count, distinct, find, getMore, killCursors } from './read-commands.ts';
import {
  buildInfo,
  collStats,
  dbStats,
  endSessions,
  hello,
  listDatabases,
  ping,
  startSession,
} from './server-commands.ts';
import { deleteCommand, findAndModify, insert, update } from './write-commands.ts';

/** Every command the store answers. */
const commands: Readonly<Record<string, Command>> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping,
  buildInfo,
  buildinfo: buildInfo,
  startSession,
  endSessions,
  create,
  drop,
  dropDatabase,
  listDatabases,
  listCollections,
  createIndexes,
  listIndexes,
  dropIndexes,
  insert,
  update,
  delete: deleteCommand,
  findAndModify,
  find,
  getMore,
  killCursors,
  count,
  distinct,
  aggregate,
  explain,
  collStats,
  dbStats,
};

export interface CommandRunner {
  run(body: Doc, connectionId: number): Reply;
}

/** Finds and runs the command of a message. A failure becomes the answer `{ ok: 0, code, errmsg }`. */
export function createCommandRunner(
  context: Omit<CommandContext, 'deadline'>,
  log: (error: unknown, command: string) => void,
): CommandRunner {
  return {
    run(body, connectionId) {
      const name = Object.keys(body)[0] ?? '';
      try {
        const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
        if (!command) throw new StoreError(59, `no such command: '${name}'`);
        assertNoTransaction(body);
        assertKnownFields(name, body, [...command.fields, ...genericFields]);
        const database = typeof body.$db === 'string' ? body.$db : 'admin';
        const request: CommandRequest = { name, database, body, connectionId };
        const deadline = deadlineAfter(numberOr(body.maxTimeMS, 0), () => context.now().getTime());
        return { ...command.run(request, { ...context, deadline }), ok: 1 };
      } catch (error) {
        if (!(error instanceof StoreError)) log(error, name);
        return failure(error);
      }
    },
  };
}

function failure(error: unknown): Doc {
  if (error instanceof StoreError) {
    return {
      ok: 0,
      errmsg: error.message,
      code: error.code,
      codeName: errorNames[error.code],
      ...error.details,
    };
  }
  const errmsg = `The embedded store failed: ${error instanceof Error ? error.message : String(error)}`;
  return { ok: 0, errmsg, code: 8000, codeName: errorNames[8000] };
}
