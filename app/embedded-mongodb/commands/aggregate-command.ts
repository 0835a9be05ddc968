import { runStages, type PipelineContext } from '../aggregation/run-pipeline.ts';
import { assertPipelineSupported } from '../aggregation/stages.ts';
import { encode, type Doc } from '../bson/codec.ts';
import { equalValues } from '../bson/compare-values.ts';
import { isObject, plainDoc, toNumber } from '../bson/values.ts';
import { countDocuments, docOf, readDocuments, type Query } from '../storage/read-documents.ts';
import { StoreError } from '../store-error.ts';
import { docField, namespaceOf, numberField, type Command, type CommandContext } from './command.ts';

/** What countDocuments of the driver appends to its $match. */
const countGroup = { _id: 1, n: { $sum: 1 } };

export const aggregate: Command = {
  fields: ['aggregate', 'pipeline', 'cursor', 'allowDiskUse', 'hint', 'let', 'bypassDocumentValidation'],
  run(request, context) {
    const { body, database } = request;
    if (typeof body.aggregate !== 'string') {
      throw new StoreError(73, 'Aggregation without a collection is not supported');
    }
    const namespace = namespaceOf(request);
    assertPipelineSupported(body.pipeline);
    const batchSize = numberField(docField(body, 'cursor') ?? {}, 'batchSize');
    const documents = [...runAggregate(database, namespace, body, context)];
    return context.cursors.open(namespace, documents, { batchSize });
  },
};

function* runAggregate(
  database: string,
  namespace: string,
  body: Doc,
  context: CommandContext,
): Generator<Buffer> {
  const { sqlite, catalog, deadline } = context;
  const variables = plainDoc(docField(body, 'let') ?? {});
  const { query, rest } = leadingQuery(body.pipeline as Doc[]);
  const collection = catalog.find(namespace);
  const read: Query = { ...query, hint: body.hint, variables, deadline };
  const [only] = rest;
  if (rest.length === 1 && equalValues(plainDoc(only!).$group ?? null, countGroup)) {
    const n = collection ? countDocuments(sqlite, collection, read) : 0;
    if (n > 0) yield encode({ _id: 1, n });
    return;
  }
  const found = collection ? readDocuments(sqlite, collection, read) : [];
  if (rest.length === 0) {
    for (const { bytes } of found) yield bytes;
    return;
  }
  const pipeline: PipelineContext = {
    variables,
    read: (name, filter) => {
      const other = catalog.find(`${database}.${name}`);
      return other
        ? Array.from(readDocuments(sqlite, other, { filter, deadline }), (each) => plainDoc(docOf(each)))
        : [];
    },
  };
  const docs = Array.from(found, (each) => plainDoc(docOf(each)));
  yield* runStages(rest, docs, pipeline).map(encode);
}

/** The leading $match, $sort, $skip and $limit, in this order, are one read by index; the rest are stages. */
export function leadingQuery(pipeline: readonly Doc[]): { query: Query; rest: readonly Doc[] } {
  const filters: Doc[] = [];
  let sort: Doc | undefined;
  let skip: number | undefined;
  let limit: number | undefined;
  let at = 0;
  for (const stage of pipeline) {
    const paged = skip !== undefined || limit !== undefined;
    if (isObject(stage.$match) && !sort && !paged) filters.push(stage.$match);
    else if (isObject(stage.$sort) && !sort && !paged) sort = stage.$sort;
    else if (stage.$skip !== undefined && !paged) skip = toNumber(stage.$skip);
    else if (stage.$limit !== undefined && limit === undefined && toNumber(stage.$limit) > 0) {
      limit = toNumber(stage.$limit);
    } else break;
    at += 1;
  }
  const filter = filters.length > 1 ? { $and: filters } : (filters[0] ?? {});
  return { query: { filter, sort, skip: skip ?? 0, limit: limit ?? 0 }, rest: pipeline.slice(at) };
}
