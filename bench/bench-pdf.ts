import { benchPdfLoad } from './bench-pdf-load.ts';
import { benchPdfMemory, memoryFigure } from './bench-pdf-memory.ts';
import type { MemoryUse } from './bench-pdf-memory.ts';
import { benchPdfSteps, benchTimestamp } from './bench-pdf-steps.ts';
import type { Figure } from './figure.ts';
import type { Measurement } from './measure.ts';
import { makePdfFiles } from './pdf-files.ts';
import { makeCertificate } from './pdf-work.ts';

export interface PdfNumbers {
  readonly times: Measurement[];
  readonly memory: MemoryUse[];
  readonly figures: Figure[];
}

/** Sealing and verifying files of several sizes: time, memory, and what was promised about them. */
export async function benchPdf(): Promise<PdfNumbers> {
  const certificate = await makeCertificate();
  const times: Measurement[] = [];
  const memory: MemoryUse[] = [];
  const figures: Figure[] = [];
  for (const file of await makePdfFiles()) {
    const steps = await benchPdfSteps(file, certificate);
    times.push(...steps.times);
    figures.push(...steps.figures);
    if (file.what === '1 page') figures.push(await benchTimestamp(file, certificate));
    if (file.what !== '500 pages') figures.push(...(await benchPdfLoad(file, certificate)));
    const used = await benchPdfMemory(file, certificate);
    memory.push(...used);
    figures.push(...used.map(memoryFigure).filter((figure) => figure !== undefined));
  }
  return { times, memory, figures };
}
