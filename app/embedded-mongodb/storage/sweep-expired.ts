import type { Doc } from '../bson/codec.ts';
import type { Catalog } from './catalog.ts';
import type { Collection, Index } from './collection.ts';
import { noDeadline } from './deadline.ts';
import type { Sqlite } from './sqlite.ts';
import { deleteDocuments } from './write-documents.ts';

const perTransaction = 500;

/** Deletes what the TTL indexes say is over; returns how many documents went. */
export function sweepExpired(sqlite: Sqlite, catalog: Catalog, now: Date): number {
  let deleted = 0;
  for (const collection of catalog.all()) {
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds !== undefined) deleted += sweepIndex(sqlite, collection, index, now);
    }
  }
  return deleted;
}

function sweepIndex(sqlite: Sqlite, collection: Collection, index: Index, now: Date): number {
  const cutoff = new Date(now.getTime() - index.expireAfterSeconds! * 1000);
  const expired: Doc = { [index.fields[0]!.path]: { $lte: cutoff } };
  const filter = index.partial ? { $and: [expired, index.partial.filter] } : expired;
  let total = 0;
  for (;;) {
    const query = { filter, limit: perTransaction, deadline: noDeadline };
    const { deleted } = sqlite.transaction(() => deleteDocuments(sqlite, collection, query));
    total += deleted;
    if (deleted < perTransaction) return total;
  }
}
