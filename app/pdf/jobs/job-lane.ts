import { PdfEngineFailure } from '../../ports/pdf-engine.ts';
import type { JobHost } from './job-host.ts';
import { reviveFailure } from './job-protocol.ts';
import type { FromWorker, HostCall, Operation, SealIdentity, WorkerSetup } from './job-protocol.ts';

export interface JobLane {
  /** Rejects with PdfEngineFailure or DocumentRefused. The deadline runs from the moment a worker takes the job. */
  run(job: {
    operation: Operation;
    request: object;
    sealer: Sealer;
    deadlineMs: number;
    signal?: AbortSignal;
  }): Promise<unknown>;
  close(): Promise<void>;
}

/** The certificate of a job; its key stays here. */
export interface Sealer {
  identity: SealIdentity;
  sign: (data: Uint8Array) => Promise<Uint8Array>;
}

interface Job {
  operation: Operation;
  request: object;
  sealer: Sealer;
  deadlineMs: number;
  settle: PromiseWithResolvers<unknown>;
}

interface Slot {
  host?: JobHost;
  job?: Job;
  gone?: Promise<void>;
}

/**
 * Workers of one kind and the queue before them. A worker has one job at a time; one that runs out of time, is cancelled
 * or dies is ended and replaced at the next job. Nothing is tried twice here: that is the caller's decision.
 */
export function createJobLane(options: {
  size: number;
  start: () => JobHost;
  setup: WorkerSetup;
  answer: (call: HostCall, sealer: Sealer) => Promise<Uint8Array>;
  onLost?: (reason: string, operation?: Operation) => void;
}): JobLane {
  const slots: Slot[] = Array.from({ length: options.size }, () => ({}));
  const queue: Job[] = [];
  let closed = false;

  const finish = (slot: Slot, act: (job: Job) => void): void => {
    const { job } = slot;
    if (!job) return;
    slot.job = undefined;
    slot.host?.hold(false);
    act(job);
    next();
  };
  const drop = (slot: Slot, code: 'timeout' | 'cancelled' | 'closed', message: string): void => {
    const { host } = slot;
    slot.host = undefined;
    host?.terminate();
    finish(slot, (job) => job.settle.reject(new PdfEngineFailure(code, message)));
  };

  const startHost = (slot: Slot): JobHost => {
    const host = options.start();
    host.onMessage((message) => {
      if (slot.host === host) receive(slot, host, message);
    });
    const gone = Promise.withResolvers<void>();
    slot.gone = gone.promise;
    host.onExit((reason) => {
      gone.resolve();
      if (slot.host !== host) return; // ended by us
      slot.host = undefined;
      options.onLost?.(reason, slot.job?.operation);
      finish(slot, (job) => job.settle.reject(new PdfEngineFailure('crashed', `worker lost: ${reason}`)));
    });
    host.post({ type: 'setup', setup: options.setup });
    slot.host = host;
    return host;
  };

  const receive = (slot: Slot, host: JobHost, message: FromWorker): void => {
    if (message.type === 'done') return finish(slot, (job) => job.settle.resolve(message.result));
    if (message.type === 'failed') {
      return finish(slot, (job) => job.settle.reject(reviveFailure(message.failure)));
    }
    const { call } = message;
    if (!slot.job) return;
    options.answer(message.wanted, slot.job.sealer).then(
      (result) => host.post({ type: 'answer', call, result }),
      (error: unknown) =>
        host.post({ type: 'refusal', call, message: error instanceof Error ? error.message : String(error) }),
    );
  };

  const next = (): void => {
    const slot =
      slots.find((candidate) => !candidate.job && candidate.host) ?? slots.find((each) => !each.job);
    const job = slot && !closed ? queue.shift() : undefined;
    if (!slot || !job) return;
    slot.job = job;
    const host = slot.host ?? startHost(slot);
    host.hold(true);
    const timer = setTimeout(
      () => drop(slot, 'timeout', `${job.operation} took longer than ${job.deadlineMs} ms`),
      job.deadlineMs,
    );
    job.settle.promise.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    );
    host.post({ type: 'job', operation: job.operation, request: job.request, seal: job.sealer.identity });
  };

  return {
    async run({ signal, ...wanted }) {
      if (closed) throw new PdfEngineFailure('closed', 'the engine is closed');
      if (signal?.aborted) throw new PdfEngineFailure('cancelled', 'cancelled before it began');
      const job: Job = { ...wanted, settle: Promise.withResolvers() };
      const abort = (): void => {
        const place = queue.indexOf(job);
        if (place >= 0) {
          queue.splice(place, 1);
          job.settle.reject(new PdfEngineFailure('cancelled', 'cancelled while waiting'));
          return;
        }
        const slot = slots.find((candidate) => candidate.job === job);
        if (slot) drop(slot, 'cancelled', 'cancelled while running');
      };
      signal?.addEventListener('abort', abort, { once: true });
      queue.push(job);
      next();
      try {
        return await job.settle.promise;
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    },
    async close() {
      closed = true;
      for (const job of queue.splice(0))
        job.settle.reject(new PdfEngineFailure('closed', 'the engine is closed'));
      for (const slot of slots) {
        slot.host?.hold(true); // an idle worker does not keep the program alive, and its end is waited for here
        drop(slot, 'closed', 'the engine is closed');
      }
      for (const { gone } of slots) await gone;
    },
  };
}
