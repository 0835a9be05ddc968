import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createPdfEngine } from '../app/pdf/create-pdf-engine.ts';
import type { PdfEngine, SealCertificate } from '../app/ports/pdf-engine.ts';
import type { Figure } from './figure.ts';
import { gain, gainOfMachine } from './gain.ts';
import type { PdfFile } from './pdf-files.ts';
import { signAll, toSeal, toVerify } from './pdf-work.ts';

const AT_ONCE = 10;
const ROUNDS = 5;

/**
 * Ten jobs at once: what a second worker is worth, beside what a second thread is worth to anything on this machine (on a
 * busy one: little), and what the server's own thread notices.
 */
export async function benchPdfLoad(
  { what, bytes }: PdfFile,
  certificate: SealCertificate,
): Promise<Figure[]> {
  const one = createPdfEngine({ certificate, workers: 1 });
  const two = createPdfEngine({ certificate, workers: 2 });
  try {
    const { thrice } = await signAll(one, bytes);
    const seal = (engine: PdfEngine) => () => atOnce(() => engine.sealBundle(toSeal(bytes)));
    const verify = (engine: PdfEngine) => () => atOnce(() => engine.verify(toVerify(thrice)));
    const gains = { seal: await gain(seal(one), seal(two)), verify: await gain(verify(one), verify(two)) };
    const delay = await delayDuring(seal(two));
    return [
      { what: `${what}: two threads that only compute`, value: await gainOfMachine(), unit: '×' },
      { what: `${what}: two workers seal`, value: gains.seal, unit: '×', target: { atLeast: 1.6 } },
      { what: `${what}: two workers verify`, value: gains.verify, unit: '×', target: { atLeast: 1.6 } },
      {
        what: `${what}: delay of the event loop, p99, ten sealed`,
        value: delay,
        unit: 'ms',
        target: { atMost: 50 },
      },
    ];
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
}

const atOnce = (call: () => Promise<unknown>): Promise<unknown> =>
  Promise.all(Array.from({ length: AT_ONCE }, call));

/** Milliseconds by which the timers of this thread came late, 99th percentile. */
async function delayDuring(call: () => Promise<unknown>): Promise<number> {
  const resolution = 1;
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  for (let round = 0; round < ROUNDS; round++) await call();
  histogram.disable();
  return Math.max(0, histogram.percentile(99) / 1e6 - resolution);
}
