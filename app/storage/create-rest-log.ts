import type { Connection } from 'mongoose';
import type { Clock } from '../ports/clock.ts';
import type { RestLog } from '../ports/rest-log.ts';
import { restLogModel } from './models/rest-log-model.ts';
import { toPlain } from './to-plain.ts';

const MAX_SHAPE = 2000;

/** The REST calls of the last three days; the store deletes older ones by itself (TTL index). */
export function createRestLog({ connection, clock }: { connection: Connection; clock: Clock }): RestLog {
  const entries = restLogModel.on(connection);
  return {
    append: async ({ portalId, method, status, code, durationMs, requestId, paramShape }) => {
      await entries.insertOne({
        portalId,
        at: clock.now(),
        method,
        status,
        code,
        durationMs,
        requestId,
        paramShape: paramShape.slice(0, MAX_SHAPE),
      });
    },
    list: async (portalId, limit) => {
      const records = await entries.find({ portalId }).sort({ at: -1, _id: -1 }).limit(limit).lean();
      return records.map(({ _id, ...entry }) => toPlain(entry));
    },
    purgePortal: async (portalId) => (await entries.deleteMany({ portalId })).deletedCount,
  };
}
