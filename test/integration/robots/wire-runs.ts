import type { Portal } from '../../../app/ports/portal.ts';
import { createChangeSigning } from '../../../app/signing/change-signing.ts';
import { createAcceptRun } from '../../../app/signing/runs/accept-run.ts';
import { createAnswerRun } from '../../../app/signing/runs/answer-run.ts';
import { createAnswerWaitingRuns } from '../../../app/signing/runs/answer-waiting-runs.ts';
import { createProcessRun } from '../../../app/signing/runs/process-run.ts';
import { createRobots } from '../../../robots/index.ts';
import type { TestStore } from '../../support/store.ts';
import { pdfDouble } from '../../unit/robots/support/memory-stores.ts';

/** The robots on a real store and a portal of the test's choice; nothing wakes them but the test. */
export function wireRuns(store: TestStore, portal: Portal, now?: Date) {
  const clock = now ? { now: () => now } : store.clock;
  const jobs = { wakeRun: async () => undefined, wakeSigning: async () => undefined };
  const limits = { maxBytes: 50 * 1024 * 1024, maxPages: 500 };
  const deps = { ...store, portal, pdf: pdfDouble, limits, clock, jobs };
  const handlers = createRobots({
    ...deps,
    changeSigning: createChangeSigning(deps),
    random: () => crypto.randomUUID(),
  });
  const answerRun = createAnswerRun({ ...deps, handlers });
  return {
    accept: createAcceptRun(deps),
    process: createProcessRun({ ...deps, handlers, answerRun }),
    answerWaiting: createAnswerWaitingRuns({ runs: store.runs, answerRun }),
  };
}
