import { Schema } from 'mongoose';
import type { Connection } from 'mongoose';
import type { Clock } from '../ports/clock.ts';
import { PortalError } from '../ports/portal.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import { isDuplicate } from './insert-once.ts';
import { defineModel, schemaOptions } from './models/define-model.ts';

interface BudgetRecord {
  readonly _id: string;
  /** When every request promised so far has drained, ms since the epoch. */
  readonly drainedAt: number;
}

const schema = new Schema<BudgetRecord>({ _id: String, drainedAt: Number }, schemaOptions);

/** One small document per portal. */
export const portalBudgetModel = defineModel('portal_budgets', schema);

export interface RateLimiterOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Requests a second that the portal's bucket drains (docs: limits; 2, Enterprise 5). */
  readonly perSecond?: number;
  /** Requests at once. Two below the portal's 50: requests may arrive closer together than they left. */
  readonly burst?: number;
  /** A longer wait is refused: the job comes back later instead of holding a worker. */
  readonly maxWaitMs?: number;
  readonly wait?: (ms: number) => Promise<void>;
}

/**
 * The portal's leaky bucket as the moment it will be empty (GCRA): taking moves the moment on, in one atomic write of one
 * document, so processes need not know of each other. Two writes are tried in turn, because "the later of now and the
 * stored value" in one write would need an aggregation pipeline: the bucket holds something, or it is empty.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { connection, clock, perSecond = 2, burst = 48, maxWaitMs = 60_000 } = options;
  const wait = options.wait ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const budgets = portalBudgetModel.on(connection);
  const interval = 1000 / perSecond;

  /** @returns when everything promised, this included, will have drained */
  async function promise(portalId: string, ms: number, now: number): Promise<number> {
    for (;;) {
      const busy = await budgets
        .findOneAndUpdate(
          { _id: portalId, drainedAt: { $gte: now } },
          { $inc: { drainedAt: ms } },
          { returnDocument: 'after' },
        )
        .lean();
      if (busy) return busy.drainedAt;
      try {
        const idle = await budgets
          .findOneAndUpdate(
            { _id: portalId, drainedAt: { $lt: now } },
            { $set: { drainedAt: now + ms } },
            { returnDocument: 'after', upsert: true },
          )
          .lean();
        if (idle) return idle.drainedAt;
      } catch (error) {
        // Somebody else took between the two: the bucket holds something now.
        if (!isDuplicate(error)) throw error;
      }
    }
  }

  return {
    async take(portalId, cost) {
      const now = clock.now().getTime();
      const ms = cost * interval;
      const waitMs = (await promise(portalId, ms, now)) - now - burst * interval;
      if (waitMs <= 0) return;
      if (waitMs > maxWaitMs) {
        await budgets.updateOne({ _id: portalId }, { $inc: { drainedAt: -ms } });
        throw new PortalError(
          'busy',
          'too many requests wait for this portal',
          true,
          Math.ceil(waitMs / 1000),
        );
      }
      await wait(waitMs);
    },
  };
}
