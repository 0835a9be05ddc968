import type { Doc } from '../bson/codec.ts';
import { plainDoc } from '../bson/values.ts';
import { compileProjection } from '../query/compile-projection.ts';
import type { Collection } from '../storage/collection.ts';
import {
  deleteDocuments,
  insertDocument,
  updateDocuments,
  type UpdateResult,
} from '../storage/write-documents.ts';
import { StoreError } from '../store-error.ts';
import type { UpdateStatement } from '../update/document-update.ts';
import {
  assertKnownFields,
  docField,
  docList,
  flagField,
  namespaceOf,
  type Command,
  type CommandContext,
} from './command.ts';
import { queryOf } from './read-commands.ts';

/**
 * Runs the statements of one command in one SQLite transaction, each in a savepoint of its own: a failing statement
 * leaves nothing behind, and those before it (unordered: also those after it) are kept.
 */
function runStatements<T>(
  context: CommandContext,
  collection: Collection,
  statements: readonly T[],
  ordered: boolean,
  run: (statement: T, index: number) => void,
): { writeErrors?: Doc[] } {
  const writeErrors: Doc[] = [];
  context.sqlite.transaction(() => {
    for (const [index, statement] of statements.entries()) {
      try {
        atomically(context, collection, () => run(statement, index));
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        writeErrors.push({ index, code: error.code, errmsg: error.message, ...error.details });
        if (ordered) break;
      }
    }
  });
  return writeErrors.length > 0 ? { writeErrors } : {};
}

function atomically<T>({ sqlite, catalog }: CommandContext, collection: Collection, work: () => T): T {
  try {
    return sqlite.savepoint(work);
  } catch (error) {
    catalog.refreshMultikey(collection);
    throw error;
  }
}

const isOrdered = (body: Doc): boolean => body.ordered === undefined || flagField(body, 'ordered');

export const insert: Command = {
  fields: ['insert', 'documents', 'ordered', 'bypassDocumentValidation'],
  run(request, context) {
    const documents = docList(request.body, 'documents');
    const collection = context.catalog.ensure(namespaceOf(request));
    let n = 0;
    const errors = runStatements(context, collection, documents, isOrdered(request.body), (document) => {
      insertDocument(context.sqlite, collection, document);
      n += 1;
    });
    return { n, ...errors };
  },
};

const updateFields = ['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint', 'sort', 'c'];

export const update: Command = {
  fields: ['update', 'updates', 'ordered', 'bypassDocumentValidation', 'let'],
  run(request, context) {
    const { body } = request;
    const statements = docList(body, 'updates');
    const collection = context.catalog.ensure(namespaceOf(request));
    let n = 0;
    let nModified = 0;
    const upserted: Doc[] = [];
    const errors = runStatements(context, collection, statements, isOrdered(body), (statement, index) => {
      assertKnownFields('update.updates', statement, updateFields);
      if (statement.c !== undefined) throw new StoreError(9, 'Constants (c) in updates are not supported');
      const result = updateDocuments(
        context.sqlite,
        collection,
        updateStatement(statement, statement.u, body),
        {
          now: context.now(),
          deadline: context.deadline,
        },
      );
      n += result.matched;
      nModified += result.modified;
      if ('upsertedId' in result) upserted.push({ index, _id: result.upsertedId });
    });
    return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...errors };
  },
};

const deleteFields = ['q', 'limit', 'hint'];

export const deleteCommand: Command = {
  fields: ['delete', 'deletes', 'ordered', 'let'],
  run(request, context) {
    const { body } = request;
    const collection = context.catalog.find(namespaceOf(request));
    const statements = docList(body, 'deletes');
    for (const statement of statements) assertKnownFields('delete.deletes', statement, deleteFields);
    if (!collection) return { n: 0 };
    let n = 0;
    const errors = runStatements(context, collection, statements, isOrdered(body), (statement) => {
      const query = queryOf({ ...statement, let: body.let }, 'q', context);
      n += deleteDocuments(context.sqlite, collection, query).deleted;
    });
    return { n, ...errors };
  },
};

export const findAndModify: Command = {
  fields: [
    ...[
      'findAndModify',
      'query',
      'sort',
      'remove',
      'update',
      'new',
      'fields',
      'upsert',
      'arrayFilters',
      'hint',
    ],
    ...['bypassDocumentValidation', 'let'],
  ],
  run(request, context) {
    const { body } = request;
    const { sqlite } = context;
    const filter = docField(body, 'query') ?? {};
    const project = compileProjection(docField(body, 'fields') ?? {}, filter);
    const shown = (doc: Doc | undefined): Doc | null => (doc ? (project?.(doc) ?? doc) : null);
    if (flagField(body, 'remove') === (body.update !== undefined)) {
      throw new StoreError(9, 'Either an update or remove=true must be specified');
    }
    const collection = context.catalog.ensure(namespaceOf(request));
    const inTransaction = <T>(work: () => T): T =>
      sqlite.transaction(() => atomically(context, collection, work));
    if (flagField(body, 'remove')) {
      const query = { ...queryOf(body, 'query', context), limit: 1 };
      const { deleted, last } = inTransaction(() => deleteDocuments(sqlite, collection, query));
      return { lastErrorObject: { n: deleted }, value: shown(last) };
    }
    const statement = updateStatement({ ...body, q: filter }, body.update, body);
    const result = inTransaction(() =>
      updateDocuments(sqlite, collection, statement, { now: context.now(), deadline: context.deadline }),
    );
    return {
      lastErrorObject: lastErrorObject(result),
      value: shown(flagField(body, 'new') ? result.after : result.before),
    };
  },
};

function lastErrorObject(result: UpdateResult): Doc {
  if ('upsertedId' in result) return { n: 1, updatedExisting: false, upserted: result.upsertedId };
  return { n: result.matched, updatedExisting: result.matched > 0 };
}

function updateStatement(statement: Doc, updateSpec: unknown, body: Doc): UpdateStatement {
  const variables = docField(body, 'let');
  return {
    filter: docField(statement, 'q') ?? {},
    update: updateSpec,
    multi: flagField(statement, 'multi'),
    upsert: flagField(statement, 'upsert'),
    sort: docField(statement, 'sort'),
    hint: statement.hint,
    arrayFilters: statement.arrayFilters === undefined ? undefined : docList(statement, 'arrayFilters'),
    variables: variables && plainDoc(variables),
  };
}
