// `npm run bench`: prints a table and writes `data/bench/<date>.json`. Compare numbers of one run only.
import { mkdir, writeFile } from 'node:fs/promises';
import { benchApp } from './bench-app.ts';
import { benchStore } from './bench-store.ts';

const results = [...(await benchStore()), ...(await benchApp())];
console.table(
  results.map(({ what, median, p95, runs }) => ({
    what,
    'median, ms': median.toFixed(2),
    'p95, ms': p95.toFixed(2),
    'per second': Math.round(1000 / median),
    runs,
  })),
);
await mkdir('data/bench', { recursive: true });
const file = `data/bench/${new Date().toISOString().replaceAll(':', '-')}.json`;
await writeFile(file, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`);
console.log(file);
process.exit();
