import type { Connection } from 'mongoose';
import type { IssuedFileStore } from '../ports/issued-file-store.ts';
import { insertOnce } from './insert-once.ts';
import { issuedFileModel } from './models/issued-file-model.ts';
import { toPlain } from './to-plain.ts';

/** Fingerprints of sealed files. Kept for ever and never changed: the first issue of a file stands. */
export function createIssuedFileStore({ connection }: { connection: Connection }): IssuedFileStore {
  const issued = issuedFileModel.on(connection);
  return {
    add: async ({ sha256, signingId, kind, issuedAt }) => {
      await insertOnce(issued, { _id: sha256.toLowerCase(), signingId, kind, issuedAt });
    },
    find: async (sha256) => {
      const record = await issued.findOne({ _id: sha256.toLowerCase() }).lean();
      if (!record) return undefined;
      const { _id, ...file } = record;
      return toPlain({ sha256: _id, ...file });
    },
  };
}
