import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { DocumentRefused, PdfEngineFailure } from '../ports/pdf-engine.ts';
import type {
  JobOptions,
  PdfEngine,
  PostTimestampQuery,
  SealCertificate,
  VerificationResult,
} from '../ports/pdf-engine.ts';
import type { Logger } from '../logger.ts';
import { commonNameOf, readCertificate } from './cms/read-certificate.ts';
import { startProcess, startThread } from './jobs/job-host.ts';
import { createJobLane } from './jobs/job-lane.ts';
import type { HostCall, Operation, WorkerSetup } from './jobs/job-protocol.ts';

export type Deadlines = Record<Operation, number>;

/** Milliseconds from the moment a worker takes the job; an honest 50 MB file needs a tenth of it. */
const DEADLINES: Deadlines = {
  prepareBundle: 60_000,
  sealBundle: 60_000,
  renderAgreement: 30_000,
  renderReport: 60_000,
  verify: 60_000,
};
const MEMORY_LIMIT_MB = 1_200;

/** Out of time; ended by the watch on its memory (SIGKILL) or by V8 at its heap limit (SIGABRT, 134). */
const isExhaustion = ({ code, message }: PdfEngineFailure): boolean =>
  code === 'timeout' || (code === 'crashed' && /SIG(KILL|ABRT|SEGV)|code 134/.test(message));

/**
 * The PDF engine: jobs run in worker threads, files of unknown origin (intake, verification) in child processes with a
 * watch on their memory. Workers start with the first job and hold no key: what is to be signed comes back here.
 * @param workers how many of each kind; default: number of cores, at most 4
 * @param memoryLimitMb of one child process, resident
 */
export function createPdfEngine(options: {
  certificate: SealCertificate;
  log?: Pick<Logger, 'warn'>;
  workers?: number;
  deadlines?: Partial<Deadlines>;
  memoryLimitMb?: number;
  postTimestampQuery?: PostTimestampQuery;
}): PdfEngine & { close(): Promise<void> } {
  const { certificate, log, postTimestampQuery, memoryLimitMb = MEMORY_LIMIT_MB } = options;
  const size = Math.max(1, options.workers ?? Math.min(4, availableParallelism()));
  const deadlines = { ...DEADLINES, ...options.deadlines };
  const { chain, keyType, fingerprint, selfIssued } = certificate;
  const name = commonNameOf(readCertificate(chain[0] ?? new Uint8Array()).x509);
  const setup: WorkerSetup = {
    seal: { chain, keyType, name, fingerprint, selfIssued },
    timestamps: postTimestampQuery !== undefined,
  };
  const answer = async (call: HostCall): Promise<Uint8Array> => {
    if (call.what === 'sign') return certificate.sign(call.data);
    if (!postTimestampQuery) throw new Error('no way to a time-stamp server');
    return postTimestampQuery(call.url, call.query);
  };
  const onLost = (reason: string, operation?: Operation): void => {
    log?.warn({ reason, operation }, 'a PDF worker was lost');
  };
  const lane = { size, setup, answer, onLost };
  const trusted = createJobLane({ ...lane, start: startThread });
  const hostile = createJobLane({ ...lane, start: () => startProcess(memoryLimitMb) });

  const operation =
    <O extends Operation>(what: O, runner: typeof trusted) =>
    (request: Parameters<PdfEngine[O]>[0], { signal }: JobOptions = {}): ReturnType<PdfEngine[O]> =>
      runner.run({ operation: what, request, deadlineMs: deadlines[what], signal }) as ReturnType<
        PdfEngine[O]
      >;

  const prepare = operation('prepareBundle', hostile);
  const examine = operation('verify', hostile);
  return {
    async prepareBundle(request, job) {
      try {
        return await prepare(request, job);
      } catch (error) {
        // Intake does nothing but read: when it runs out of time or memory, the file is the reason.
        if (error instanceof PdfEngineFailure && isExhaustion(error)) {
          throw new DocumentRefused('too_complex', -1, error.message);
        }
        throw error;
      }
    },
    async verify(request, job) {
      try {
        return await examine(request, job);
      } catch (error) {
        // The same here: a single changed byte can make the parser of a PDF library run for ever.
        if (error instanceof PdfEngineFailure && isExhaustion(error)) return unexamined(request.pdf);
        throw error;
      }
    },
    sealBundle: operation('sealBundle', trusted),
    renderAgreement: operation('renderAgreement', trusted),
    renderReport: operation('renderReport', trusted),
    async close() {
      await Promise.all([trusted.close(), hostile.close()]);
    },
  };
}

/** What can be said of a file that could not be read to the end. */
function unexamined(pdf: Uint8Array): VerificationResult {
  const file = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.length);
  return {
    verdict: file.includes('/ByteRange') ? 'broken' : 'not_a_pdf',
    sha256: createHash('sha256').update(file).digest('hex'),
    size: file.length,
    pages: 0,
    signatures: [],
    warnings: ['too_complex'],
  };
}
