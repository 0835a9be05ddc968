import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { filesOf, memoryOf, withFiles } from './files-of-job.ts';
import type { FromWorker, ToWorker } from './job-protocol.ts';

/** One running worker, whatever it runs in. */
export interface JobHost {
  post(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** Called once, when the worker is gone for whatever reason. */
  onExit(listener: (reason: string) => void): void;
  terminate(): void;
  /** Whether this worker keeps the program from ending: only while it has a job. */
  hold(busy: boolean): void;
}

const ignore = (): void => undefined;

const WORKER = new URL('./job-worker.ts', import.meta.url);
const HEAP_MB = 1024;
/** Objects of a file; its bytes lie outside. A parser that runs for ever fills it in a few seconds. */
const HOSTILE_HEAP_MB = 512;

/** A thread: for our own documents and those that passed intake. Starts fast, shares nothing but messages. */
export function startThread(): JobHost {
  const worker = new Worker(WORKER, {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  let failure = '';
  worker.on('error', (error) => (failure = error instanceof Error ? error.message : String(error)));
  return {
    post(message) {
      if (message.type !== 'job') return worker.postMessage(message);
      const files = filesOf(message.request).map((file) => new Uint8Array(file)); // the caller keeps its own
      worker.postMessage({ ...message, request: withFiles(message.request, files) }, memoryOf(files));
    },
    onMessage: (listener) => void worker.on('message', listener),
    onExit: (listener) => void worker.once('exit', (code) => listener(failure || `exit code ${code}`)),
    terminate: () => void worker.terminate(),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
  };
}

/**
 * A process: for files that nobody has looked at yet. Buffers lie outside a thread's heap limit (600 MB allocated under a
 * limit of 64 MB, measured), so only a process of its own, with a watch on its memory, keeps a bomb from taking the server.
 */
export function startProcess(memoryLimitMb: number): JobHost {
  const child = fork(WORKER, [String(memoryLimitMb)], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${HOSTILE_HEAP_MB}`],
    env: { PATH: process.env.PATH ?? '', TMPDIR: process.env.TMPDIR ?? '' },
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
  });
  const gone = Promise.withResolvers<string>();
  child.once('error', (error) => gone.resolve(error.message)); // could not be started
  child.stdin?.on('error', ignore); // it is gone: see below
  child.once('exit', (code, signal) => gone.resolve(`exit ${signal ?? `code ${code}`}`));
  return {
    post(message) {
      if (message.type !== 'job') return void child.send(message, ignore);
      const files = filesOf(message.request);
      const request = withFiles(message.request, []);
      child.send({ ...message, request, fileLengths: files.map(({ length }) => length) }, ignore);
      for (const file of files) child.stdin?.write(file);
    },
    onMessage: (listener) => void child.on('message', listener as (message: unknown) => void),
    onExit: (listener) => void gone.promise.then(listener),
    terminate: () => void child.kill('SIGKILL'),
    hold(busy) {
      if (busy) {
        child.ref();
        child.channel?.ref();
      } else {
        child.unref();
        child.channel?.unref();
      }
    },
  };
}
