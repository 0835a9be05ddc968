import type { Doc } from '../bson/codec.ts';
import { isNumber, toNumber } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';

/**
 * Fields any command may carry. Session ids and the concerns mean nothing to a single server whose every answered
 * write is committed, so accepting them changes no result.
 */
export const genericFields = [
  ...[
    '$db',
    'lsid',
    '$clusterTime',
    '$readPreference',
    'readConcern',
    'writeConcern',
    'comment',
    'maxTimeMS',
  ],
];

/** @throws StoreError 20, as a standalone MongoDB answers, for a transaction or a retryable write. */
export function assertNoTransaction(body: Doc): void {
  if (body.startTransaction !== undefined || body.autocommit !== undefined || body.txnNumber !== undefined) {
    throw new StoreError(
      20,
      'Transactions and retryable writes are not supported by the embedded store: use retryWrites=false',
    );
  }
}

export const numberOr = (value: unknown, otherwise: number): number =>
  isNumber(value) ? toNumber(value) : otherwise;
