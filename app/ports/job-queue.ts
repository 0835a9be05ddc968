/**
 * Starts work soon. A hint only: what is to be done stands in the store, and a sweep finds it when the hint is lost with
 * the process. Does not throw.
 */
export interface JobQueue {
  /** The signing has effects to run, now or at a moment. */
  wakeSigning(signingId: string, at?: Date): Promise<void>;
  /** The robot run has something to do, now or at a moment. */
  wakeRun(runId: string, at?: Date): Promise<void>;
}
