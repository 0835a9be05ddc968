// A thread that does nothing but compute: takes a number of rounds, answers when it is done.
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

const BYTES = new Uint8Array(2 ** 20);
parentPort?.on('message', (rounds: number) => {
  for (let round = 0; round < rounds; round++) createHash('sha256').update(BYTES).digest();
  parentPort?.postMessage('done');
});
