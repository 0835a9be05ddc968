import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { RobotRunStore } from '../ports/robot-run-store.ts';
import type { SigningStore } from '../ports/signing-store.ts';

const BATCH = 200;

/**
 * Finds signings and runs that have something to do and that nobody works on: their wake-up was lost with a process, or
 * their time has come. Reads two indexes, so it costs what is due, not what exists.
 */
export function createSweep(deps: {
  signings: SigningStore;
  runs: RobotRunStore;
  jobs: JobQueue;
  clock: Clock;
}): () => Promise<void> {
  const { signings, runs, jobs, clock } = deps;
  return async () => {
    const now = clock.now();
    const [signingIds, runIds] = await Promise.all([
      signings.dueForEffects(now, BATCH),
      runs.due(now, BATCH),
    ]);
    await Promise.all([
      ...signingIds.map((id) => jobs.wakeSigning(id)),
      ...runIds.map((id) => jobs.wakeRun(id)),
    ]);
  };
}
