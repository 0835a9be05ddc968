import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly process: ChildProcess;
  /** Resolves with the first message of the type, sent before or after; fails when the child ends without it. */
  message<T extends object>(type: string): Promise<T>;
  send(message: string): void;
  /** Kills without warning and waits until the process is gone. */
  kill(): Promise<void>;
}

/** Runs a file of this folder in a Node process of its own; its messages are objects with a `type`. */
export function spawnChild(file: string, args: readonly string[]): Child {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, args, {
    execPath: process.execPath,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const received: { type: string }[] = [];
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('message', (message) => received.push(message as { type: string }));
  return {
    process: child,
    message: (type) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = received.find((message) => message.type === type);
          if (!found) return;
          child.off('message', look);
          resolve(found as never);
        };
        child.on('message', look);
        void exited.then(() => reject(new Error(`${file} ended without the message ${type}`)));
        look();
      }),
    send: (message) => child.send(message),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Asks again until the answer is yes. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('The condition did not come true');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
