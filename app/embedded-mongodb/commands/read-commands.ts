import { Long } from 'bson';
import { encode, type Doc } from '../bson/codec.ts';
import { compareValues, equalValues } from '../bson/compare-values.ts';
import { isObject, plainDoc } from '../bson/values.ts';
import { compileProjection } from '../query/compile-projection.ts';
import { countDocuments, docOf, readDocuments, type Query } from '../storage/read-documents.ts';
import { StoreError } from '../store-error.ts';
import {
  docField,
  flagField,
  namespaceOf,
  numberField,
  textField,
  type Command,
  type CommandContext,
} from './command.ts';

/** The read a find, count or distinct asks for. */
export function queryOf(body: Doc, filterField: 'filter' | 'query' | 'q', context: CommandContext): Query {
  const variables = docField(body, 'let');
  return {
    filter: docField(body, filterField) ?? {},
    sort: docField(body, 'sort'),
    skip: numberField(body, 'skip') ?? 0,
    limit: Math.abs(numberField(body, 'limit') ?? 0),
    hint: body.hint,
    variables: variables && plainDoc(variables),
    deadline: context.deadline,
  };
}

export const find: Command = {
  fields: [
    ...['find', 'filter', 'sort', 'projection', 'hint', 'skip', 'limit', 'batchSize', 'singleBatch'],
    ...['noCursorTimeout', 'allowDiskUse', 'let'],
  ],
  run(request, context) {
    const { body } = request;
    const namespace = namespaceOf(request);
    const collection = context.catalog.find(namespace);
    const query = queryOf(body, 'filter', context);
    const project = compileProjection(docField(body, 'projection') ?? {}, query.filter);
    const documents = function* (): Generator<Buffer> {
      if (!collection) return;
      for (const found of readDocuments(context.sqlite, collection, query)) {
        yield project ? encode(project(docOf(found))) : found.bytes;
      }
    };
    return context.cursors.open(namespace, documents(), {
      batchSize: numberField(body, 'batchSize'),
      singleBatch: flagField(body, 'singleBatch') || (numberField(body, 'limit') ?? 0) < 0,
      noTimeout: flagField(body, 'noCursorTimeout'),
    });
  },
};

export const count: Command = {
  fields: ['count', 'query', 'limit', 'skip', 'hint', 'fields'],
  run(request, context) {
    const collection = context.catalog.find(namespaceOf(request));
    const query = queryOf(request.body, 'query', context);
    return { n: collection ? countDocuments(context.sqlite, collection, query) : 0 };
  },
};

export const distinct: Command = {
  fields: ['distinct', 'key', 'query', 'hint'],
  run(request, context) {
    const collection = context.catalog.find(namespaceOf(request));
    const path = textField(request.body, 'key').split('.');
    if (!collection) return { values: [] };
    const values: unknown[] = [];
    for (const found of readDocuments(context.sqlite, collection, queryOf(request.body, 'query', context))) {
      collectValues(docOf(found), path, values);
    }
    values.sort(compareValues);
    return { values: values.filter((value, i) => i === 0 || !equalValues(value, values[i - 1])) };
  },
};

function collectValues(from: unknown, path: readonly string[], values: unknown[]): void {
  const [step, ...rest] = path;
  if (Array.isArray(from)) {
    for (const element of from) {
      if (step === undefined) values.push(element);
      else if (isObject(element)) collectValues(element, path, values);
    }
  } else if (step === undefined) {
    if (from !== undefined) values.push(from);
  } else if (isObject(from)) collectValues(from[step], rest, values);
}

export const getMore: Command = {
  fields: ['getMore', 'collection', 'batchSize'],
  run({ body, database }, { cursors }) {
    const namespace = `${database}.${textField(body, 'collection')}`;
    return cursors.next(cursorId(body.getMore), namespace, numberField(body, 'batchSize'));
  },
};

export const killCursors: Command = {
  fields: ['killCursors', 'cursors'],
  run({ body }, { cursors }) {
    const ids = body.cursors as unknown[];
    const killed = ids.filter((id) => cursors.kill(cursorId(id)));
    return {
      cursorsKilled: killed,
      cursorsNotFound: ids.filter((id) => !killed.includes(id)),
      cursorsAlive: [],
      cursorsUnknown: [],
    };
  },
};

function cursorId(value: unknown): bigint {
  if (value instanceof Long) return value.toBigInt();
  throw new StoreError(14, 'A cursor id must be a 64-bit integer');
}
