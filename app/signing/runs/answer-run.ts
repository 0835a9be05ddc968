import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Portal } from '../../ports/portal.ts';
import type { PortalStore } from '../../ports/portal-store.ts';
import type { RobotRun, RobotRunStore } from '../../ports/robot-run-store.ts';
import { languageOf } from '../../i18n/translator.ts';
import { buildReturnValues } from './build-return-values.ts';
import type { RunOutcome } from './build-return-values.ts';
import { listOf } from './robot-handler.ts';
import type { RobotHandler } from './robot-handler.ts';

/** Growing pauses, then one try an hour: 250 tries are about ten days. */
const MAX_TRIES = 250;
const MAX_PAUSE_S = 3600;
/** While the portal is uninstalled or has to be authorised again, nothing is counted: the run stays until it can go. */
const IDLE_S = 600;
/** A delivery is put off by this before it starts, so that a sweep does not start it a second time. */
const LEASE_S = 120;
/** After so many failures of the undoing the process gets its answer all the same. */
const UNDO_TRIES = 5;
const MAX_LOG = 1000;

export interface AnswerRun {
  /** Decides what a run answers, once, and hands it over. @throws the error of the hand-over; the run is tried again */
  answer(run: RobotRun, outcome: RunOutcome): Promise<void>;
  /** Hands over what was decided. Repeating it is harmless: the portal takes the first answer of a step only. */
  deliver(run: RobotRun): Promise<void>;
}

export function createAnswerRun(deps: {
  runs: RobotRunStore;
  portals: PortalStore;
  portal: Portal;
  /** By robot code. */
  handlers: ReadonlyMap<string, RobotHandler>;
  clock: Clock;
  log: Log;
}): AnswerRun {
  const { runs, portals, portal, handlers, clock, log } = deps;

  async function deliver(run: RobotRun): Promise<void> {
    if (!run.answer) return;
    const installation = await portals.get(run.portalId);
    if (installation?.state !== 'active') return putOff(run, run.attempts, IDLE_S);
    await putOff(run, run.attempts, LEASE_S);
    try {
      await undo(run);
      await portal.returnToProcess(run.portalId, run.eventToken, run.answer.values, run.answer.logMessage);
    } catch (error) {
      await deliveryFailed(run, error);
      throw error;
    }
    await runs.answered(run.id, clock.now());
    log.info(
      { runId: run.id, portalId: run.portalId, response: run.answer.values['response_code'] },
      'run answered',
    );
  }

  /** Before the values are back, so that a process that tries again at once finds its balance whole. */
  async function undo(run: RobotRun): Promise<void> {
    if (run.signingId !== undefined) return;
    try {
      await handlers.get(run.robot)?.abandon?.(run);
    } catch (error) {
      if (run.attempts < UNDO_TRIES) throw error;
      log.error(
        { runId: run.id, portalId: run.portalId, err: error },
        'run answered, its leftovers not undone',
      );
    }
  }

  async function deliveryFailed(run: RobotRun, error: unknown): Promise<void> {
    const attempts = run.attempts + 1;
    const entry = { runId: run.id, portalId: run.portalId, attempts, err: error };
    const installation = await portals.get(run.portalId);
    if (installation?.state !== 'active') return putOff(run, run.attempts, IDLE_S);
    if (attempts >= MAX_TRIES) {
      log.error(entry, 'values given up: the portal did not take them for days');
      return runs.answered(run.id, clock.now());
    }
    log.warn(entry, 'values not taken, tried again later');
    const { retryAfterS } = error as { retryAfterS?: number };
    await putOff(run, attempts, Math.max(Math.min(2 ** attempts, MAX_PAUSE_S), retryAfterS ?? 0));
  }

  const putOff = (run: RobotRun, attempts: number, seconds: number): Promise<void> =>
    runs.defer(run.id, attempts, new Date(clock.now().getTime() + seconds * 1000));

  return {
    deliver,
    async answer(run, outcome) {
      const installation = await portals.get(run.portalId);
      const values = buildReturnValues(
        { sourceIds: listOf(run.request.properties['document_id']), ...outcome },
        languageOf(installation?.language),
        run.robot,
      );
      const answer = { values, logMessage: String(values['response_text']).slice(0, MAX_LOG) };
      if (!(await runs.answer(run.id, answer))) return;
      await deliver({ ...run, state: 'answering', answer, attempts: 0 });
    },
  };
}
