import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import type { Logger } from '../logger.ts';
import type { Clock } from '../ports/clock.ts';
import { isDuplicate } from './insert-once.ts';
import { lockModel } from './models/lock-model.ts';

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;

/** Nobody else's turn ended in time. Trying again later may help. */
export class LockTimeout extends Error {
  readonly code = 'LOCK_TIMEOUT';
  readonly retryable = true;
  constructor(key: string, waitedS: number) {
    super(`the lock ${key} was not free within ${waitedS} s`);
    this.name = 'LockTimeout';
  }
}

export interface Lock {
  /**
   * Runs `work` while nobody else, in any process, runs under the same key. Not reentrant: asking for the same key
   * inside `work` waits in vain. A holder that lives keeps the lock however long it works.
   * @param ttlS after this time the lock of a holder that died is free; the clocks of the processes have to agree much
   *   better than that
   * @param waitS how long to wait for the turn
   * @throws LockTimeout
   */
  run<T>(key: string, ttlS: number, waitS: number, work: () => Promise<T>): Promise<T>;
}

/** A lock in the store: one document per key with its holder and the end of the lease, renewed while work goes on. */
export function createLock({
  connection,
  clock,
  log,
}: {
  connection: Connection;
  clock: Clock;
  log: Pick<Logger, 'warn'>;
}): Lock {
  const locks = lockModel.on(connection);
  const end = (ttlS: number): Date => new Date(clock.now().getTime() + ttlS * 1000);

  async function tryTake(key: string, owner: string, ttlS: number): Promise<boolean> {
    try {
      // No document, or an expired one: ours. A live one: the upsert runs into its _id.
      await locks.updateOne(
        { _id: key, until: { $lte: clock.now() } },
        { $set: { owner, until: end(ttlS) } },
        { upsert: true },
      );
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async function take(key: string, owner: string, ttlS: number, waitS: number): Promise<void> {
    const giveUpAt = performance.now() + waitS * 1000;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      if (await tryTake(key, owner, ttlS)) return;
      if (performance.now() > giveUpAt) throw new LockTimeout(key, waitS);
      // Random, so that several who wait do not ask in step.
      await pause(pauseMs * (0.5 + Math.random() / 2));
    }
  }

  async function renew(key: string, owner: string, ttlS: number): Promise<void> {
    try {
      const result = await locks.updateOne({ _id: key, owner }, { $set: { until: end(ttlS) } });
      if (result.matchedCount === 0) log.warn({ lock: key }, 'lock lost while working');
    } catch (err) {
      log.warn({ err, lock: key }, 'lock not renewed');
    }
  }

  return {
    run: async (key, ttlS, waitS, work) => {
      const owner = randomUUID();
      await take(key, owner, ttlS, waitS);
      const renewal = setInterval(() => void renew(key, owner, ttlS), (ttlS * 1000) / 3);
      renewal.unref();
      try {
        return await work();
      } finally {
        clearInterval(renewal);
        // A lock that could not be given back frees itself; the work's outcome is what matters.
        await locks
          .deleteOne({ _id: key, owner })
          .catch((err: unknown) => log.warn({ err, lock: key }, 'lock not given back'));
      }
    },
  };
}
