import type { Signing } from '../../domain/signing.ts';
import type { RobotRunStore } from '../../ports/robot-run-store.ts';
import type { AnswerRun } from './answer-run.ts';
import { isReturnDue } from './is-return-due.ts';
import { runIdOfSigning } from './run-id.ts';

/** The run that made the signing has not written down yet that it waits for it; a moment later it has. */
export class RunNotWaitingYet extends Error {
  readonly code = 'run_not_waiting_yet';
  readonly retryable = true;
  constructor(runId: string) {
    super(`run ${runId} does not wait yet`);
    this.name = 'RunNotWaitingYet';
  }
}

export type AnswerWaitingRuns = (signing: Signing) => Promise<void>;

/**
 * The `return` effect of a signing: every run that waits for it and has what it waits for gets its values back. It ends
 * when the portal has them, because what follows in its lane (a trigger) may end the waiting robot.
 * @returns the function; it throws when some values are not back yet, and is to be called again then
 */
export function createAnswerWaitingRuns(deps: {
  runs: RobotRunStore;
  answerRun: AnswerRun;
}): AnswerWaitingRuns {
  const { runs, answerRun } = deps;
  return async (signing) => {
    const maker = await runs.get(runIdOfSigning(signing.id));
    if (maker?.state === 'received') throw new RunNotWaitingYet(maker.id);

    const failures: unknown[] = [];
    for (const run of await runs.waitingFor(signing.id)) {
      const due = isReturnDue(signing, run.returnWhen ?? 'final', run.knownStatus ?? 0);
      if (run.state === 'waiting' && !due) continue;
      try {
        if (run.state === 'answering') await answerRun.deliver(run);
        else await answerRun.answer(run, { signing, note: run.note });
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
}
