import { Schema } from 'mongoose';
import type { Connection } from 'mongoose';
import type { Clock } from '../ports/clock.ts';
import type { RateCounter } from '../ports/rate-counter.ts';
import { isDuplicate } from './insert-once.ts';
import { defineModel, schemaOptions } from './models/define-model.ts';

interface RateRecord {
  /** Key and number of the window. */
  readonly _id: string;
  readonly count: number;
  readonly expiresAt: Date;
}

const schema = new Schema<RateRecord>({ _id: String, count: Number, expiresAt: Date }, schemaOptions);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const rateModel = defineModel('rate_counters', schema);

/** One small document per key and window, raised in place and removed by its TTL index. */
export function createRateCounter({
  connection,
  clock,
}: {
  connection: Connection;
  clock: Clock;
}): RateCounter {
  const counters = rateModel.on(connection);

  async function raise(_id: string, expiresAt: Date): Promise<number> {
    const record = await counters
      .findOneAndUpdate(
        { _id },
        { $inc: { count: 1 }, $setOnInsert: { expiresAt } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean();
    return record?.count ?? 1;
  }

  return {
    async hit(key, windowS) {
      const window = Math.floor(clock.now().getTime() / (windowS * 1000));
      const id = `${key}@${window}`;
      const expiresAt = new Date((window + 1) * windowS * 1000);
      try {
        return await raise(id, expiresAt);
      } catch (error) {
        // Two first hits at once: MongoDB lets one insert and tells the other, whose second try is an update.
        if (!isDuplicate(error)) throw error;
        return raise(id, expiresAt);
      }
    },
  };
}
