// `npm run bench`: prints tables and writes `data/bench/<date>.json`; `npm run bench -- pdf` (or `store`, `app`) does one
// part. Compare numbers of one run only, and believe those about two workers only of a machine with nothing else to do.
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { benchApp } from './bench-app.ts';
import { benchPdf } from './bench-pdf.ts';
import { benchStore } from './bench-store.ts';
import { figureRow } from './figure.ts';
import type { Measurement } from './measure.ts';

const wanted = new Set(process.argv.slice(2));
const does = (part: string): boolean => wanted.size === 0 || wanted.has(part);
const machine = () => ({ node: process.version, cores: availableParallelism(), load: loadavg()[0] });

const before = machine();
const pdf = does('pdf') ? await benchPdf() : { times: [], memory: [], figures: [] };
const times: Measurement[] = [
  ...pdf.times,
  ...(does('store') ? await benchStore() : []),
  ...(does('app') ? await benchApp() : []),
];
const after = machine();

console.table(
  times.map(({ what, median, p95, runs }) => ({
    what,
    'median, ms': median.toFixed(2),
    'p95, ms': p95.toFixed(2),
    'per second': Math.round(1000 / median),
    runs,
  })),
);
if (pdf.memory.length > 0) {
  console.table(
    pdf.memory.map(({ what, bytes, fileBytes }) => ({
      what,
      'memory per job, MB': (bytes / 2 ** 20).toFixed(1),
      'file, MB': (fileBytes / 2 ** 20).toFixed(1),
    })),
  );
  console.table(pdf.figures.map(figureRow));
}
console.log(
  `${after.cores} cores, load ${before.load?.toFixed(1)} before and ${after.load?.toFixed(1)} after`,
);
await mkdir('data/bench', { recursive: true });
const file = `data/bench/${new Date().toISOString().replaceAll(':', '-')}.json`;
await writeFile(file, `${JSON.stringify({ before, after, ...pdf, times }, null, 2)}\n`);
console.log(file);
process.exit();
