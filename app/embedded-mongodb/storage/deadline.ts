import { StoreError } from '../store-error.ts';

/** Stops long reads: called between chunks of rows. */
export type Deadline = () => void;

export const noDeadline: Deadline = () => undefined;

/** @param maxTimeMs milliseconds; 0 is no limit, as in the protocol. */
export function deadlineAfter(maxTimeMs: number, now: () => number): Deadline {
  if (maxTimeMs <= 0) return noDeadline;
  const end = now() + maxTimeMs;
  return () => {
    if (now() > end) throw new StoreError(50, 'operation exceeded time limit');
  };
}
