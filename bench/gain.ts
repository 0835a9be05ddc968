import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { timeOf } from './measure.ts';

const ROUNDS = 5;
/** Rounds before the first that counts: each worker compiles for itself, and goes on doing so for dozens of jobs. */
const WARM_UP = 10;
/** MiB that the threads hash together in one round. */
const WORK = 100;

/** How many times as fast `two` is as `one`: both in turn, the best round of each. */
export async function gain(one: () => Promise<unknown>, two: () => Promise<unknown>): Promise<number> {
  const times: [number[], number[]] = [[], []];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const [first, second] = [await timeOf(one), await timeOf(two)];
    if (round < 0) continue;
    times[0].push(first);
    times[1].push(second);
  }
  return Math.min(...times[0]) / Math.min(...times[1]);
}

/** What a second thread is worth on this machine just now, whatever it does. */
export async function gainOfMachine(): Promise<number> {
  const threads = [0, 1].map(() => new Worker(new URL('./hash-for-a-while.ts', import.meta.url)));
  const hash = async (thread: Worker, rounds: number): Promise<void> => {
    const done = once(thread, 'message');
    thread.postMessage(rounds);
    await done;
  };
  try {
    return await gain(
      () => hash(threads[0]!, WORK),
      () => Promise.all(threads.map((thread) => hash(thread, WORK / 2))),
    );
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}
