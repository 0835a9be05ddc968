import { Binary } from 'bson';
import { randomUUID } from 'node:crypto';
import { maxDocumentBytes, type Doc } from '../bson/codec.ts';
import type { Command, CommandContext, CommandRequest } from './command.ts';
import { namespaceOf } from './command.ts';

/** The wire protocol of MongoDB 7.0. Higher versions switch drivers to newer commands (client bulkWrite). */
const maxWireVersion = 21;

/**
 * The handshake of a standalone server. Without `topologyVersion` drivers poll and never ask for a streaming hello;
 * without `setName` they never try a transaction on a replica set's terms.
 */
export const hello: Command = {
  fields: [
    ...[
      'hello',
      'isMaster',
      'ismaster',
      'helloOk',
      'client',
      'compression',
      'loadBalanced',
      'topologyVersion',
    ],
    ...['maxAwaitTimeMS', 'backpressure'],
  ],
  run: ({ connectionId }, { now }) => ({
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    maxBsonObjectSize: maxDocumentBytes,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: now(),
    logicalSessionTimeoutMinutes: 30,
    connectionId,
    minWireVersion: 0,
    maxWireVersion,
    readOnly: false,
  }),
};

export const ping: Command = { fields: ['ping'], run: () => ({}) };

export const buildInfo: Command = {
  fields: ['buildInfo', 'buildinfo'],
  run: () => ({
    version: '7.0.0',
    versionArray: [7, 0, 0, 0],
    gitVersion: 'countersign embedded store',
    maxBsonObjectSize: maxDocumentBytes,
    modules: [],
    storageEngines: ['sqlite'],
  }),
};

/** Sessions are accepted and mean nothing: every statement is atomic on its own. */
export const endSessions: Command = { fields: ['endSessions'], run: () => ({}) };

export const startSession: Command = {
  fields: ['startSession'],
  run: () => ({
    id: { id: new Binary(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), 4) },
    timeoutMinutes: 30,
  }),
};

export const listDatabases: Command = {
  fields: ['listDatabases', 'nameOnly', 'authorizedDatabases'],
  run(_request, { catalog }) {
    const names = new Set(catalog.all().map(({ namespace }) => namespace.slice(0, namespace.indexOf('.'))));
    return { databases: [...names].map((name) => ({ name, empty: false })) };
  },
};

export const collStats: Command = {
  fields: ['collStats', 'scale'],
  run: (request, context) => ({ ns: namespaceOf(request), ...sizes(request, context, namespaceOf(request)) }),
};

export const dbStats: Command = {
  fields: ['dbStats', 'scale', 'freeStorage'],
  run(request, context) {
    const all = context.catalog
      .inDatabase(request.database)
      .map(({ namespace }) => sizes(request, context, namespace));
    const sum = (field: 'count' | 'size' | 'nindexes'): number =>
      all.reduce((total, each) => total + each[field], 0);
    return {
      db: request.database,
      collections: all.length,
      objects: sum('count'),
      dataSize: sum('size'),
      indexes: sum('nindexes'),
    };
  },
};

function sizes(
  _request: CommandRequest,
  { catalog, sqlite }: CommandContext,
  namespace: string,
): Doc & { count: number; size: number; nindexes: number } {
  const collection = catalog.find(namespace);
  if (!collection) return { count: 0, size: 0, nindexes: 0 };
  const row = sqlite.get(`SELECT count(*) AS n, total(length(doc)) AS bytes FROM ${collection.table}`)!;
  return { count: Number(row.n), size: Number(row.bytes), nindexes: collection.indexes.length };
}
