import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { serveStore, type ServedStore } from '../serve-store.ts';
import { tryOwnerLock, type OwnerLock } from './owner-lock.ts';
import { prepareSocketPath, readSocketPath, removeSocketFolder } from './socket-path.ts';
import type { ThreadMessage, ThreadOptions } from './thread-messages.ts';

// The worker thread of every process on a data folder: it serves when it gets the owner lock, and otherwise tries
// again until it does. SQLite blocks, so this is not done in the thread of the application.

const { dataDir, durability } = workerData as ThreadOptions;
const port = parentPort!;
const retryMs = 200;
let closing = false;
const stopWaiting = new AbortController();
let owned: { lock: OwnerLock; store: ServedStore; socketPath: string } | undefined;

const send = (message: ThreadMessage): void => port.postMessage(message);

port.on('message', () => {
  closing = true;
  stopWaiting.abort();
});

let announced = false;
while (!closing) {
  const lock = tryOwnerLock(join(dataDir, 'mongodb.owner'));
  if (lock) {
    const socketPath = prepareSocketPath(dataDir);
    const store = await serveStore({
      file: join(dataDir, 'mongodb.sqlite'),
      socketPath,
      durability,
      now: Date.now,
      onError: (error, where) => send({ type: 'error', where, message: messageOf(error) }),
    });
    owned = { lock, store, socketPath };
    send({ type: 'owner', socketPath });
    await new Promise<void>((resolve) => {
      if (closing) resolve();
      stopWaiting.signal.addEventListener('abort', () => resolve());
    });
  } else if (!announced) {
    const socketPath = readSocketPath(dataDir);
    if (socketPath !== undefined && (await answers(socketPath))) {
      announced = true;
      send({ type: 'joined', socketPath });
    }
  }
  if (!closing) await wait(retryMs, undefined, { signal: stopWaiting.signal }).catch(() => undefined);
}
// the socket goes first: once the lock is free the next owner listens on the same path
if (owned) {
  await owned.store.close();
  removeSocketFolder(owned.socketPath);
  owned.lock.release();
}
port.close();

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
