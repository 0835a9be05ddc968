import { encode, type Doc } from '../bson/codec.ts';
import { toBoolean } from '../bson/values.ts';
import { compileFilter } from '../query/compile-filter.ts';
import type { Collection, Index } from '../storage/collection.ts';
import { parseIndexSpec, sameIndex, sameKey } from '../storage/index-spec.ts';
import { StoreError } from '../store-error.ts';
import {
  docField,
  docList,
  flagField,
  namespaceOf,
  type Command,
  type CommandContext,
  type CommandRequest,
} from './command.ts';

export const create: Command = {
  fields: ['create'],
  run(request, { catalog }) {
    const namespace = namespaceOf(request);
    if (catalog.find(namespace)) throw new StoreError(48, `Collection ${namespace} already exists.`);
    catalog.ensure(namespace);
    return {};
  },
};

export const drop: Command = {
  fields: ['drop'],
  run(request, { catalog }) {
    const collection = catalog.find(namespaceOf(request));
    if (!collection) return {};
    catalog.drop(collection);
    return { ns: collection.namespace, nIndexesWas: collection.indexes.length };
  },
};

export const dropDatabase: Command = {
  fields: ['dropDatabase'],
  run({ database }, { catalog }) {
    for (const collection of catalog.inDatabase(database)) catalog.drop(collection);
    return { dropped: database };
  },
};

export const listCollections: Command = {
  fields: ['listCollections', 'filter', 'cursor', 'nameOnly', 'authorizedCollections'],
  run({ database, body }, { catalog, cursors }) {
    const test = compileFilter(docField(body, 'filter') ?? {});
    const documents = catalog
      .inDatabase(database)
      .map(({ namespace }) => ({
        name: namespace.slice(database.length + 1),
        type: 'collection',
        options: {},
        info: { readOnly: false },
        idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
      }))
      .filter(test)
      .map(({ name, type, ...rest }) =>
        encode(flagField(body, 'nameOnly') ? { name, type } : { name, type, ...rest }),
      );
    return cursors.open(`${database}.$cmd.listCollections`, documents, { batchSize: Infinity });
  },
};

export const createIndexes: Command = {
  fields: ['createIndexes', 'indexes', 'commitQuorum'],
  run(request, { catalog }) {
    const existed = catalog.find(namespaceOf(request)) !== undefined;
    const specs = docList(request.body, 'indexes').map((spec) => ({ v: 2, ...spec }));
    for (const spec of specs) parseIndexSpec(0, spec); // refuse before the collection is made
    const collection = catalog.ensure(namespaceOf(request));
    const before = collection.indexes.length;
    catalog.addIndexes(
      collection,
      specs.filter((spec) => isNewIndex(collection, parseIndexSpec(0, spec))),
    );
    return {
      numIndexesBefore: before,
      numIndexesAfter: collection.indexes.length,
      createdCollectionAutomatically: !existed,
    };
  },
};

/** @throws StoreError 86 or 85 when an index of the same name or key but another meaning exists. */
function isNewIndex(collection: Collection, wanted: Index): boolean {
  if (sameKey(wanted.key, { _id: 1 })) return false;
  const sameName = collection.indexes.find(({ name }) => name === wanted.name);
  if (sameName) {
    if (sameIndex(sameName, wanted)) return false;
    const code = sameKey(sameName.key, wanted.key) ? 85 : 86;
    throw new StoreError(
      code,
      `An existing index has the same name as the requested index but differs: ${wanted.name}`,
    );
  }
  const twin = collection.indexes.find((index) =>
    sameIndex({ ...index, expireAfterSeconds: wanted.expireAfterSeconds }, wanted),
  );
  if (twin) throw new StoreError(85, `Index already exists with a different name or options: ${twin.name}`);
  return true;
}

export const listIndexes: Command = {
  fields: ['listIndexes', 'cursor'],
  run(request, context) {
    const collection = existing(request, context);
    const documents = collection.indexes.map(({ spec }) => encode(spec));
    return context.cursors.open(collection.namespace, documents, { batchSize: Infinity });
  },
};

export const dropIndexes: Command = {
  fields: ['dropIndexes', 'index'],
  run(request, context) {
    const collection = existing(request, context);
    const nIndexesWas = collection.indexes.length;
    const wanted = request.body.index;
    const others = collection.indexes.filter(({ name }) => name !== '_id_');
    if (wanted === '_id_') throw new StoreError(72, 'cannot drop _id index');
    const dropped = wanted === '*' ? others : others.filter((index) => isNamed(index, wanted));
    if (dropped.length === 0 && wanted !== '*') {
      throw new StoreError(27, `index not found with name or key [${JSON.stringify(wanted)}]`);
    }
    context.catalog.dropIndexes(collection, dropped);
    return { nIndexesWas };
  },
};

const isNamed = (index: Index, wanted: unknown): boolean => {
  if (Array.isArray(wanted)) return wanted.includes(index.name);
  return typeof wanted === 'string'
    ? index.name === wanted
    : toBoolean(wanted) && sameKey(index.key, wanted as Doc);
};

function existing(request: CommandRequest, { catalog }: CommandContext): Collection {
  const collection = catalog.find(namespaceOf(request));
  if (collection) return collection;
  throw new StoreError(26, `ns does not exist: ${namespaceOf(request)}`);
}
