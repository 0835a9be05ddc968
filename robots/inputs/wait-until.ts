import type { Signing } from '../../app/domain/signing.ts';
import type { RobotRun } from '../../app/ports/robot-run-store.ts';

const HOUR_MS = 3_600_000;

/** When a run returns whatever the state is: after the hours that were asked for, else a day after the deadline. */
export const waitUntil = (run: RobotRun, maxWaitHours: number | undefined, signing: Signing): Date =>
  new Date(
    maxWaitHours === undefined
      ? signing.expiresAt.getTime() + 24 * HOUR_MS
      : run.receivedAt.getTime() + maxWaitHours * HOUR_MS,
  );
