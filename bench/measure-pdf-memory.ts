// A process of its own for each number, because memory that another measurement has left behind cannot be told apart.
// Arguments: the file, the operation (seal, verify), how many at once. Prints bytes per job in flight at the peak, above
// what the same process has with its worker warm and idle; the caller's copy of the file and the result are counted.
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createPdfEngine } from '../app/pdf/create-pdf-engine.ts';
import { pdfWithPages } from '../test/fixtures/pdf/build-pdf.ts';
import { makeCertificate, toSeal, toVerify } from './pdf-work.ts';

const SAMPLE_EVERY_MS = 2;
const WARM_UP = 10;
const JOBS = 5;
const PAGE_SIZE = 4096;

const [path = '', operation = 'seal', atOnce = '1'] = process.argv.slice(2);
const workers = Number(atOnce);
const engine = createPdfEngine({ certificate: await makeCertificate(), workers });
const run = (pdf: Uint8Array): Promise<unknown> =>
  operation === 'seal' ? engine.sealBundle(toSeal(pdf)) : engine.verify(toVerify(pdf));
const runAll = async (pdf: Uint8Array, jobs: number): Promise<void> => {
  const lane = async (): Promise<void> => {
    for (let job = 0; job < jobs; job++) await run(pdf);
  };
  await Promise.all(Array.from({ length: workers }, lane));
};

/** Worker processes, of which there are some when verifying; nothing where there is no /proc. */
function children(): string[] {
  try {
    return readdirSync('/proc/self/task').flatMap((task) =>
      readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    );
  } catch {
    return [];
  }
}
function resident(): number {
  let sum = process.memoryUsage.rss();
  for (const child of workerProcesses) {
    sum += Number(readFileSync(`/proc/${child}/statm`, 'utf8').split(' ')[1]) * PAGE_SIZE;
  }
  return sum;
}

await runAll(pdfWithPages(['warm']), WARM_UP);
const workerProcesses = children();
globalThis.gc?.();
const idle = resident();
let peak = idle;
const watch = setInterval(() => (peak = Math.max(peak, resident())), SAMPLE_EVERY_MS);
await runAll(new Uint8Array(await readFile(path)), JOBS);
clearInterval(watch);
console.log((peak - idle) / workers);
await engine.close();
