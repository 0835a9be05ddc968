import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ThreadMessage, ThreadOptions } from './ownership/thread-messages.ts';
import type { Durability } from './storage/sqlite.ts';

export interface EmbeddedMongodbOptions {
  /** Folder of the data; made when missing. Several processes may start on the same one. */
  readonly dataDir: string;
  /** What an acknowledged write survives: see README.md. Default 'normal'. */
  readonly durability?: Durability;
  readonly log?: EmbeddedMongodbLog;
}

export interface EmbeddedMongodbLog {
  info(obj: object, msg: string): void;
  warn(obj: object, msg: string): void;
}

export interface EmbeddedMongodb {
  /** For mongoose.connect, unchanged. It stays the same when another process takes over. */
  readonly uri: string;
  /** Whether this process serves the store now, rather than having joined another that does. */
  isOwner(): boolean;
  /** Ends serving or waiting; another joined process takes over. Disconnect clients first. */
  close(): Promise<void>;
}

const database = 'countersign';
const startTimeoutMs = 15_000;
const silent: EmbeddedMongodbLog = { info: () => undefined, warn: () => undefined };

/**
 * Starts the embedded store on a folder, or joins the process that already serves it.
 * @throws Error when the store cannot be opened, or the owner does not answer within 15 seconds.
 */
export async function startEmbeddedMongodb(options: EmbeddedMongodbOptions): Promise<EmbeddedMongodb> {
  const { durability = 'normal', log = silent } = options;
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  let owner = false;
  let closing = false;
  let worker: Worker;

  const startThread = (): Promise<string> =>
    new Promise((resolvePath, reject) => {
      const workerData: ThreadOptions = { dataDir, durability };
      const started = new Worker(new URL('./ownership/store-thread.ts', import.meta.url), {
        workerData,
        name: 'embedded-mongodb',
      });
      worker = started;
      const timeout = setTimeout(() => {
        reject(new Error(`The owner of the embedded store in ${dataDir} does not answer`));
        closing = true;
        void started.terminate();
      }, startTimeoutMs);
      let failure: unknown;
      started.on('message', (message: ThreadMessage) => {
        if (message.type === 'error') {
          log.warn({ where: message.where, error: message.message }, 'embedded store: a command failed');
          return;
        }
        clearTimeout(timeout);
        owner = message.type === 'owner';
        log.info({ role: message.type, socket: message.socketPath }, 'embedded store ready');
        started.unref(); // serving alone keeps no process alive; its clients' sockets do
        resolvePath(message.socketPath);
      });
      started.on('error', (error: unknown) => {
        failure = error;
      });
      started.on('exit', (code) => {
        clearTimeout(timeout);
        owner = false;
        reject(failure instanceof Error ? failure : new Error(`The embedded store ended with code ${code}`));
        if (closing || !ready) return;
        log.warn({ code, error: String(failure) }, 'embedded store: its thread ended and is started again');
        void startThread().catch((error: unknown) =>
          log.warn({ error: String(error) }, 'embedded store is down'),
        );
      });
    });

  let ready = false;
  const socketPath = await startThread();
  ready = true;
  return {
    uri: `mongodb://${encodeURIComponent(socketPath)}/${database}?directConnection=true&retryWrites=false`,
    isOwner: () => owner,
    async close() {
      if (closing) return;
      closing = true;
      worker.ref();
      const ended = new Promise<void>((resolveEnd) => worker.once('exit', () => resolveEnd()));
      worker.postMessage('close');
      await ended;
      owner = false;
    },
  };
}
