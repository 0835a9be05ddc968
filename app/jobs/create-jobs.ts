import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda, InMemoryNotificationChannel, backoffStrategies } from 'agenda';
import type { Db } from 'mongodb';
import type { Job } from 'agenda';
import { z } from 'zod';
import { withLogIds } from '../logger.ts';
import type { Logger } from '../logger.ts';
import type { JobQueue } from '../ports/job-queue.ts';

/** What the jobs do; every one may run twice and be cut off at any line. */
export interface Work {
  /** Effects of one signing. */
  runSigning(signingId: string): Promise<void>;
  /** Checks, waiting or answer of one robot run. */
  runRobot(runId: string): Promise<void>;
  /** A verified event of a portal; holds no secrets. */
  handleEvent(event: PortalEventData): Promise<void>;
  /** Finds what is due and whose wake-up was lost with a process. */
  sweep(): Promise<void>;
  /** Ends what is past its deadline. */
  track(): Promise<void>;
  /** Keeps the tokens of quiet portals from dying of age. */
  keepAlive(): Promise<void>;
}

export interface Jobs extends JobQueue {
  /** The same, but only where nobody was woken for it yet: a sweep over a backlog must not make the queue longer. */
  readonly unlessQueued: JobQueue;
  enqueueEvent(event: PortalEventData): Promise<void>;
  /** Starts working (not in a web-only process, which only queues). */
  start(work: Work): Promise<void>;
  /** Takes no new job and waits for the running ones. */
  stop(): Promise<void>;
}

const POLL_MS = 1000;
/** A job that a killed process held is started again after this time. */
const LOCK_S = 180;
const SWEEP_S = 5;
const DRAIN_MS = 25_000;
/** What a killed process was about to sweep is swept by another one after this time. */
const SWEEP_LOCK_S = 30;

const signingJob = z.object({ signingId: z.string() });
const robotJob = z.object({ runId: z.string() });
type JobData = { signingId: string } | { runId: string };
const eventJob = z.looseObject({ portalId: z.string(), name: z.string() });
export type PortalEventData = z.infer<typeof eventJob>;

/**
 * Agenda on the app's own database connection. Jobs carry ids only; what is to be done stands in the documents they
 * name, so a lost job costs a few seconds (the sweep), never work.
 */
export async function createJobs(deps: { db: Db; trackIntervalS: number; log: Logger }): Promise<Jobs> {
  const { db, trackIntervalS, log } = deps;
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo: db }),
    // Agenda reads a text like '1 second' with a parser that silently falls back to 5 s: always a number.
    processEvery: POLL_MS,
    maxConcurrency: 20,
    defaultConcurrency: 8,
    removeOnComplete: true,
    // Starts jobs of this process at once; other processes find them by polling.
    notificationChannel: new InMemoryNotificationChannel(),
  });
  agenda.on('error', (error) => log.error({ err: error }, 'job store failed'));
  await agenda.ready;

  const define = <T>(
    name: string,
    schema: z.ZodType<T>,
    run: (data: T) => Promise<void>,
    { retries = 0, lockS = LOCK_S } = {},
  ) =>
    agenda.define(
      name,
      (job: Job) =>
        withLogIds({ job: name, jobId: String(job.attrs._id) }, async () => {
          try {
            await run(schema.parse(job.attrs.data ?? {}));
          } catch (error) {
            log.error({ err: error }, 'job failed');
            // Agenda keeps a failed job for ever. Where the sweep is the next try, there is nothing to keep.
            if (retries > 0) throw error;
          }
        }),
      {
        lockLifetime: lockS * 1000,
        ...(retries > 0 && { backoff: backoffStrategies.exponential({ delay: 2000, maxRetries: retries }) }),
      },
    );

  /** What is to be done stands in the store already: it must not fail because nobody could be woken for it. */
  async function wake(job: Job<JobData>): Promise<void> {
    try {
      await job.save();
    } catch (error) {
      log.warn(
        { err: error, wanted: job.attrs.name, ...job.attrs.data },
        'not woken; the sweep will find it',
      );
    }
  }

  const signingAt = (signingId: string, at = new Date()) =>
    agenda.create<JobData>('signing-effects', { signingId }).schedule(at);
  const runAt = (runId: string, at = new Date()) =>
    agenda.create<JobData>('robot-run', { runId }).schedule(at);
  /** Not the jobs that a dead process still holds, nor those that are to start later. */
  const wakeOnce = (job: Job<JobData>, id: Record<string, string>) =>
    wake(job.unique({ ...id, lockedAt: null, nextRunAt: { $lte: new Date() } }, { insertOnly: true }));

  let started = false;

  return {
    wakeSigning: (signingId, at) => wake(signingAt(signingId, at)),
    wakeRun: (runId, at) => wake(runAt(runId, at)),
    unlessQueued: {
      wakeSigning: (signingId, at) => wakeOnce(signingAt(signingId, at), { 'data.signingId': signingId }),
      wakeRun: (runId, at) => wakeOnce(runAt(runId, at), { 'data.runId': runId }),
    },
    async enqueueEvent(event) {
      await agenda.now('portal-event', event);
    },
    async start(work) {
      started = true;
      define('signing-effects', signingJob, ({ signingId }) => work.runSigning(signingId));
      define('robot-run', robotJob, ({ runId }) => work.runRobot(runId));
      define('portal-event', eventJob, (event) => work.handleEvent(event), { retries: 8 });
      define('sweep', z.object({}), () => work.sweep(), { lockS: SWEEP_LOCK_S });
      define('track', z.object({}), () => work.track());
      define('keep-alive', z.object({}), () => work.keepAlive());
      await agenda.start();
      await agenda.every(`${SWEEP_S} seconds`, 'sweep');
      await agenda.every(`${trackIntervalS} seconds`, 'track');
      await agenda.every('1 day', 'keep-alive');
    },
    async stop() {
      if (!started) return;
      const idle = new AbortController();
      const drained = agenda.drain({ timeout: DRAIN_MS, closeConnection: false, signal: idle.signal });
      // Agenda looks at its running jobs once, at a job's end, when the last one is not struck off yet, and then waits for
      // the whole timeout. So we look ourselves.
      const looking = setInterval(() => {
        agenda.getRunningStats().then(
          ({ runningJobs }) => Number(runningJobs) === 0 && idle.abort(),
          () => idle.abort(),
        );
      }, 20);
      await drained;
      clearInterval(looking);
    },
  };
}
