/**
 * Starts work soon. A hint only: what is to be done stands in the store, and a sweep finds it when the hint is lost with
 * the process.
 */
export interface JobQueue {
  /** The signing has effects to run. */
  wakeSigning(signingId: string): Promise<void>;
  /** The robot run has something to do. */
  wakeRun(runId: string): Promise<void>;
}
