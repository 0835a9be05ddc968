import { StoreError } from '../store-error.ts';

/** One answer of a cursor; id 0 says that there is no more. */
export interface CursorBatch {
  readonly cursor: {
    readonly id: bigint;
    readonly namespace: string;
    readonly field: 'firstBatch' | 'nextBatch';
    readonly documents: readonly Buffer[];
  };
}

export interface Cursors {
  /** Answers with the first documents and keeps the rest for getMore. */
  open(namespace: string, documents: Iterable<Buffer>, options?: CursorOptions): CursorBatch;
  next(id: bigint, namespace: string, batchSize: number | undefined): CursorBatch;
  /** @returns whether there was such a cursor. */
  kill(id: bigint): boolean;
  /** Forgets the cursors nobody asked for in the last ten minutes. */
  sweepIdle(): void;
}

interface CursorOptions {
  readonly batchSize?: number | undefined;
  readonly singleBatch?: boolean;
  readonly noTimeout?: boolean;
}

interface OpenCursor {
  readonly namespace: string;
  readonly documents: Iterator<Buffer>;
  readonly noTimeout: boolean;
  /** Read ahead, to know whether there is more. */
  ahead: IteratorResult<Buffer, unknown>;
  usedAt: number;
}

const defaultFirstBatch = 101;
const maxBatchBytes = 16 * 1024 * 1024;
export const idleTimeoutMs = 10 * 60 * 1000;

export function createCursors({ now }: { now: () => number }): Cursors {
  const cursors = new Map<bigint, OpenCursor>();
  let lastId = 0n;

  const take = (cursor: OpenCursor, count: number): Buffer[] => {
    const batch: Buffer[] = [];
    let bytes = 0;
    while (batch.length < count && !cursor.ahead.done) {
      const document = cursor.ahead.value;
      bytes += document.length;
      if (batch.length > 0 && bytes > maxBatchBytes) break;
      batch.push(document);
      cursor.ahead = cursor.documents.next();
    }
    cursor.usedAt = now();
    return batch;
  };

  return {
    open(
      namespace,
      documents,
      { batchSize = defaultFirstBatch, singleBatch = false, noTimeout = false } = {},
    ) {
      const iterator = documents[Symbol.iterator]();
      const cursor = { namespace, documents: iterator, noTimeout, ahead: iterator.next(), usedAt: now() };
      const batch = take(cursor, batchSize);
      let id = 0n;
      if (!cursor.ahead.done && !singleBatch) {
        id = ++lastId;
        cursors.set(id, cursor);
      }
      return { cursor: { id, namespace, field: 'firstBatch', documents: batch } };
    },
    next(id, namespace, batchSize) {
      const cursor = cursors.get(id);
      if (cursor?.namespace !== namespace) throw new StoreError(43, `cursor id ${id} not found`);
      let documents: Buffer[];
      try {
        documents = take(cursor, batchSize === undefined || batchSize === 0 ? Infinity : batchSize);
      } catch (error) {
        cursors.delete(id);
        throw error;
      }
      if (cursor.ahead.done) cursors.delete(id);
      return { cursor: { id: cursor.ahead.done ? 0n : id, namespace, field: 'nextBatch', documents } };
    },
    kill: (id) => cursors.delete(id),
    sweepIdle() {
      const oldest = now() - idleTimeoutMs;
      for (const [id, { usedAt, noTimeout }] of cursors) {
        if (usedAt < oldest && !noTimeout) cursors.delete(id);
      }
    },
  };
}
