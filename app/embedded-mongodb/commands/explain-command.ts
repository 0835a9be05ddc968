import { assertPipelineSupported } from '../aggregation/stages.ts';
import type { Doc } from '../bson/codec.ts';
import { parseSort } from '../query/sort-order.ts';
import { planQuery, type Plan } from '../storage/plan-query.ts';
import { countDocuments, type Query } from '../storage/read-documents.ts';
import { StoreError } from '../store-error.ts';
import { leadingQuery } from './aggregate-command.ts';
import { docField, docList, textField, type Command, type CommandContext } from './command.ts';
import { queryOf } from './read-commands.ts';

/** Enough of explain to see which index a query uses: winningPlan, and nReturned when executionStats are asked for. */
export const explain: Command = {
  fields: ['explain', 'verbosity'],
  run({ database, body }, context) {
    const inner = docField(body, 'explain');
    const name = inner && Object.keys(inner)[0];
    if (!inner || !name) throw new StoreError(9, 'explain needs a command');
    const namespace = `${database}.${textField(inner, name)}`;
    const query = explainedQuery(name, inner, context);
    const collection = context.catalog.find(namespace);
    const sort = query.sort ? parseSort(query.sort) : [];
    const plan = collection && planQuery(collection, { ...query, sort });
    const answer: Doc = {
      queryPlanner: { namespace, winningPlan: shownPlan(plan, sort.length > 0), rejectedPlans: [] },
    };
    if (body.verbosity !== undefined && body.verbosity !== 'queryPlanner') {
      const nReturned = collection ? countDocuments(context.sqlite, collection, query) : 0;
      answer.executionStats = { executionSuccess: true, nReturned };
    }
    return answer;
  },
};

function explainedQuery(name: string, command: Doc, context: CommandContext): Query {
  switch (name) {
    case 'find':
      return queryOf(command, 'filter', context);
    case 'count':
    case 'distinct':
    case 'findAndModify':
      return queryOf(command, 'query', context);
    case 'update':
      return queryOf(docList(command, 'updates')[0] ?? {}, 'q', context);
    case 'delete':
      return queryOf(docList(command, 'deletes')[0] ?? {}, 'q', context);
    case 'aggregate':
      assertPipelineSupported(command.pipeline);
      return { ...leadingQuery(command.pipeline).query, hint: command.hint };
    default:
      throw new StoreError(59, `explain of '${name}' is not supported`);
  }
}

function shownPlan(plan: Plan | undefined, sorting: boolean): Doc {
  const read: Doc = plan
    ? {
        stage: 'FETCH',
        inputStage: {
          stage: 'IXSCAN',
          indexName: plan.index.name,
          keyPattern: plan.index.key,
          isMultiKey: plan.index.multikey,
          direction: plan.order === 'backward' ? 'backward' : 'forward',
        },
      }
    : { stage: 'COLLSCAN' };
  return sorting && !plan?.order ? { stage: 'SORT', inputStage: read } : read;
}
