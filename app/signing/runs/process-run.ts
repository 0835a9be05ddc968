import { Refusal } from '../../domain/refusal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { Log } from '../../ports/log.ts';
import type { PortalStore } from '../../ports/portal-store.ts';
import type { RobotRun, RobotRunStore } from '../../ports/robot-run-store.ts';
import type { SigningStore } from '../../ports/signing-store.ts';
import { languageOf } from '../../i18n/translator.ts';
import type { AnswerRun } from './answer-run.ts';
import { isReturnDue } from './is-return-due.ts';
import type { RobotHandler, RunStep } from './robot-handler.ts';

/** A try is put down before it starts and the run put off by this, so that a sweep does not start it a second time. */
const LEASE_S = 120;
/** Pauses of 2, 4, 8 … 60 seconds: 20 tries are about a quarter of an hour. A try that kills the process counts too. */
const MAX_TRIES = 20;
const MAX_PAUSE_S = 60;
/** A portal that is uninstalled or has to be authorised again is looked at this often. */
const IDLE_S = 600;
/** What a portal may ask for; more would be a mistake of its clock. */
const MAX_RETRY_AFTER_S = 3600;

/** The job of one run: does what its state asks for. Finding nothing to do is fine. */
export type ProcessRun = (runId: string) => Promise<void>;

export function createProcessRun(deps: {
  runs: RobotRunStore;
  signings: SigningStore;
  portals: PortalStore;
  jobs: JobQueue;
  /** By robot code. */
  handlers: ReadonlyMap<string, RobotHandler>;
  answerRun: AnswerRun;
  clock: Clock;
  log: Log;
}): ProcessRun {
  const { runs, signings, portals, jobs, handlers, answerRun, clock, log } = deps;

  return async (runId) => {
    const run = await runs.get(runId);
    switch (run?.state) {
      case 'received':
        return received(run);
      case 'waiting':
        return waiting(run);
      case 'answering':
        // The failure is in the log and the next try is set.
        return answerRun.deliver(run).catch(() => undefined);
      case 'answered':
      case undefined:
        return;
    }
  };

  async function received(run: RobotRun): Promise<void> {
    const installation = await portals.get(run.portalId);
    if (installation?.state !== 'active') return putOff(run, run.attempts, IDLE_S);
    const attempts = run.attempts + 1;
    if (attempts > MAX_TRIES) return giveUp(run, new Error('the run never came to its end'));
    await putOff(run, attempts, LEASE_S);

    let step: RunStep;
    try {
      const handler = handlers.get(run.robot);
      if (!handler) throw Object.assign(new Error(`no robot ${run.robot}`), { retryable: false });
      step = await handler.process(run, languageOf(installation.language));
    } catch (error) {
      if (error instanceof Refusal) return quietly(() => answerRun.answer(run, { refusal: error }));
      return failed(run, attempts, error);
    }
    if (step.kind === 'later') return tryAgainIn(run, attempts, Math.min(2 ** attempts, MAX_PAUSE_S));
    if (step.kind === 'answer') return quietly(() => answerRun.answer(run, step));
    await startWaiting(run, step);
  }

  async function startWaiting(run: RobotRun, step: Extract<RunStep, { kind: 'wait' }>): Promise<void> {
    const { signing, returnWhen, knownStatus, waitUntil, note } = step;
    const wait = { signingId: signing.id, returnWhen, knownStatus, waitUntil, note };
    if (!(await runs.wait(run.id, wait))) {
      // Another try of the same run was faster. If it answered without a signing, ours must not go on by itself.
      const current = await runs.get(run.id);
      const answered = current?.state === 'answering' || current?.state === 'answered';
      if (answered && current.signingId === undefined) await handlers.get(run.robot)?.abandon?.(current);
      return;
    }
    if (signing.status === 'created') await wakeSigning(signing.id);
    // The signing may have moved on before anybody could see that this run waits.
    const now = await signings.get(signing.id, run.portalId);
    if (now && isReturnDue(now, returnWhen, knownStatus)) {
      await quietly(() => answerRun.answer({ ...run, ...wait, state: 'waiting' }, { signing: now, note }));
    }
  }

  async function waiting(run: RobotRun): Promise<void> {
    const signing = run.signingId ? await signings.get(run.signingId, run.portalId) : undefined;
    const { note } = run;
    if (!signing)
      return quietly(() => answerRun.answer(run, { refusal: new Refusal('SIGNING_NOT_FOUND'), note }));
    if (isReturnDue(signing, run.returnWhen ?? 'final', run.knownStatus ?? 0)) {
      return quietly(() => answerRun.answer(run, { signing, note }));
    }
    if (run.waitUntil && run.waitUntil > clock.now()) return;
    await quietly(() => answerRun.answer(run, { signing, refusal: new Refusal('WAIT_ENDED'), note }));
  }

  /** A fault of ours or of something we need. It is tried again while that may help; in the end the process is told. */
  async function failed(run: RobotRun, attempts: number, error: unknown): Promise<void> {
    const { retryable, retryAfterS } = (error ?? {}) as { retryable?: unknown; retryAfterS?: unknown };
    const entry = { runId: run.id, portalId: run.portalId, robot: run.robot, attempts, err: error };
    const installation = await portals.get(run.portalId);
    if (installation?.state !== 'active') {
      log.warn(entry, 'run stopped by a portal that is not active, goes on when it is');
      return putOff(run, run.attempts, IDLE_S);
    }
    if (retryable === false || attempts >= MAX_TRIES) return giveUp(run, error);
    log.warn(entry, 'run failed, tried again later');
    const pauseS = typeof retryAfterS === 'number' ? Math.min(retryAfterS, MAX_RETRY_AFTER_S) : 0;
    await tryAgainIn(run, attempts, Math.max(Math.min(2 ** attempts, MAX_PAUSE_S), pauseS));
  }

  async function giveUp(run: RobotRun, error: unknown): Promise<void> {
    const reference = `${run.id.slice(0, 8)}-${run.attempts + 1}`;
    log.error(
      { reference, runId: run.id, portalId: run.portalId, robot: run.robot, err: error },
      'run given up',
    );
    const refusal = new Refusal('INTERNAL_ERROR', [{ text: 'internal', values: { reference } }]);
    await quietly(() => answerRun.answer(run, { refusal }));
  }

  /** An answer that could not be handed over is stored and tried again; its error is in the log. */
  async function quietly(answer: () => Promise<void>): Promise<void> {
    try {
      await answer();
    } catch (error) {
      log.warn({ err: error }, 'answer put off');
    }
  }

  async function wakeSigning(signingId: string): Promise<void> {
    try {
      await jobs.wakeSigning(signingId);
    } catch (error) {
      log.warn({ signingId, err: error }, 'signing not woken; the sweep will find it');
    }
  }

  function putOff(run: RobotRun, attempts: number, seconds: number): Promise<void> {
    return runs.defer(run.id, attempts, new Date(clock.now().getTime() + seconds * 1000));
  }

  /** Puts off and asks to be woken at that very moment, where the sweep would only come by. */
  async function tryAgainIn(run: RobotRun, attempts: number, seconds: number): Promise<void> {
    const dueAt = new Date(clock.now().getTime() + seconds * 1000);
    await runs.defer(run.id, attempts, dueAt);
    await jobs.wakeRun(run.id, dueAt);
  }
}
