import { Aggregator } from 'mingo';
import type { Doc } from '../bson/codec.ts';
import { toPlain } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';
import { assertExpressionSupported } from './supported-expressions.ts';

/**
 * The value of an aggregation expression on a document with plain numbers, computed by mingo.
 * @throws StoreError 2 when the expression uses an operator outside the supported ones.
 */
export function evaluateExpression(expression: unknown, doc: Doc, variables: Doc = {}): unknown {
  assertExpressionSupported(expression);
  const [result] = runInMingo(
    [{ $replaceRoot: { newRoot: { value: toPlain(expression) } } }],
    [doc],
    variables,
  );
  return result?.value;
}

/** Runs stages that were checked before; what mingo throws becomes an answer to the client. */
export function runInMingo(stages: Doc[], docs: Doc[], variables: Doc = {}): Doc[] {
  try {
    return new Aggregator(stages, { variables, scriptEnabled: false }).run(docs);
  } catch (error) {
    throw new StoreError(2, error instanceof Error ? error.message : String(error));
  }
}
