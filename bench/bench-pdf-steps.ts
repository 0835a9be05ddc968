import { createPdfEngine } from '../app/pdf/create-pdf-engine.ts';
import { sealBundle } from '../app/pdf/sealing/seal-bundle.ts';
import { verifyDocument } from '../app/pdf/verify/verify-document.ts';
import { createPostTimestampQuery } from '../app/tsa/post-timestamp-query.ts';
import type { SealCertificate } from '../app/ports/pdf-engine.ts';
import { startTimestampServer } from '../test/support/timestamp-server.ts';
import type { Figure } from './figure.ts';
import { measureInTurn } from './measure.ts';
import type { Measurement } from './measure.ts';
import type { PdfFile } from './pdf-files.ts';
import { contextOf, signAll, signPlainly, toApply, toOpen, toSeal, toVerify } from './pdf-work.ts';

const RUNS = 15;
/** Milliseconds, by file. */
const SEAL_TARGETS: Record<string, number> = { '1 page': 35, '50 pages': 50, '20 MB': 100 };
const VERIFY_TARGETS: Record<string, number> = { '1 page': 50 };

/** Every step of a signing with one file, on one warm worker, beside the same without an engine and the floor. */
export async function benchPdfSteps(
  file: PdfFile,
  certificate: SealCertificate,
): Promise<{ times: Measurement[]; figures: Figure[] }> {
  const { what, bytes } = file;
  const context = contextOf(certificate);
  const engine = createPdfEngine({ certificate, workers: 1 });
  try {
    const { opened, thrice } = await signAll(engine, bytes);
    const times = await measureInTurn(RUNS, {
      'libpdf: load and sign': () => signPlainly(bytes, certificate),
      'seal, without engine': () => sealBundle(toSeal(bytes), context),
      seal: () => engine.sealBundle(toSeal(bytes)),
      'open for signing': () => engine.openForSigning(toOpen(bytes)),
      'apply a signature': () => engine.applySignature(toApply(opened, 0)),
      'verify 3 signatures, without engine': () => verifyDocument(toVerify(thrice), context),
      'verify 3 signatures': () => engine.verify(toVerify(thrice)),
    });
    const figures: Figure[] = [];
    const promise = (name: keyof typeof times, atMost: number | undefined): void => {
      if (!atMost) return;
      figures.push({ what: `${what}: ${name}`, value: times[name].median, unit: 'ms', target: { atMost } });
    };
    promise('seal', SEAL_TARGETS[what]);
    promise('apply a signature', SEAL_TARGETS[what]);
    promise('verify 3 signatures', VERIFY_TARGETS[what]);
    return {
      times: Object.values(times).map((time) => ({ ...time, what: `${what}: ${time.what}` })),
      figures,
    };
  } finally {
    await engine.close();
  }
}

/** What a time-stamp costs beside its way to the server and back. */
export async function benchTimestamp(
  { what, bytes }: PdfFile,
  certificate: SealCertificate,
): Promise<Figure> {
  const server = await startTimestampServer();
  const post = createPostTimestampQuery({ clock: { now: () => new Date() } });
  let onTheWay = 0;
  const engine = createPdfEngine({
    certificate,
    workers: 1,
    postTimestampQuery: async (url, query) => {
      const started = performance.now();
      try {
        return await post(url, query);
      } finally {
        onTheWay = performance.now() - started;
      }
    },
  });
  try {
    const { opened } = await signAll(engine, bytes);
    const request = toApply(opened, 0);
    const timestamps = { urls: [server.url], whenDown: 'fail' as const };
    const extra: number[] = [];
    for (let round = -5; round < 2 * RUNS; round++) {
      const started = performance.now();
      await engine.applySignature(request);
      const between = performance.now();
      await engine.applySignature({ ...request, timestamps });
      const ended = performance.now();
      if (round >= 0) extra.push(ended - between - onTheWay - (between - started));
    }
    const value = extra.toSorted((a, b) => a - b)[RUNS] ?? 0;
    return {
      what: `${what}: a time-stamp, without its round trip`,
      value,
      unit: 'ms',
      target: { atMost: 10 },
    };
  } finally {
    await engine.close();
    server.close();
  }
}
