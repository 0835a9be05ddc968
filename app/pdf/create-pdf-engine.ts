import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { DocumentRefused, PdfEngineFailure } from '../ports/pdf-engine.ts';
import type {
  FetchValidationData,
  JobOptions,
  PdfEngine,
  PostTimestampQuery,
  SealCertificate,
  VerificationResult,
} from '../ports/pdf-engine.ts';
import type { Logger } from '../logger.ts';
import { commonNameOf, readCertificate } from './cms/read-certificate.ts';
import { deadlineFor } from './jobs/deadline-for.ts';
import { startProcess, startThread } from './jobs/job-host.ts';
import { createJobLane } from './jobs/job-lane.ts';
import type { Sealer } from './jobs/job-lane.ts';
import type { HostCall, Operation, WorkerSetup } from './jobs/job-protocol.ts';

/** Milliseconds that a job may take, whatever it is given. */
export type Deadlines = Record<Operation, number>;

const MEMORY_LIMIT_MB = 1_200;

/** Out of time; ended by the watch on its memory (SIGKILL) or by V8 at its heap limit (SIGABRT, 134). */
const isExhaustion = ({ code, message }: PdfEngineFailure): boolean =>
  code === 'timeout' || (code === 'crashed' && /SIG(KILL|ABRT|SEGV)|code 134/.test(message));

/**
 * The PDF engine: jobs run in worker threads, files of unknown origin (intake, verification) in child processes with a
 * watch on their memory. Workers start with the first job and hold no key: what is to be signed comes back here.
 * @param workers how many of each kind; default: number of cores, at most 4
 * @param deadlines instead of those that follow from the size of the files
 * @param memoryLimitMb of one child process, resident
 * @param certificate the operator's
 * @param certificateOf a portal's own certificate, if it has one
 * @param builtInQpdf repair files with the WebAssembly build of qpdf even where the program is installed
 */
export function createPdfEngine(options: {
  certificate: SealCertificate;
  certificateOf?: (portalId: string) => Promise<SealCertificate | undefined>;
  log?: Pick<Logger, 'warn'>;
  workers?: number;
  deadlines?: Partial<Deadlines>;
  memoryLimitMb?: number;
  postTimestampQuery?: PostTimestampQuery;
  fetchValidationData?: FetchValidationData;
  builtInQpdf?: boolean;
}): PdfEngine & { close(): Promise<void> } {
  const { certificate, certificateOf, log, postTimestampQuery, fetchValidationData } = options;
  const { memoryLimitMb = MEMORY_LIMIT_MB } = options;
  const size = Math.max(1, options.workers ?? Math.min(4, availableParallelism()));
  const setup: WorkerSetup = {
    timestamps: postTimestampQuery !== undefined,
    validationData: fetchValidationData !== undefined,
    builtInQpdf: options.builtInQpdf ?? false,
  };
  const answer = async (call: HostCall, sealer: Sealer): Promise<Uint8Array> => {
    switch (call.what) {
      case 'sign':
        return sealer.sign(call.data);
      case 'timestamp':
        if (!postTimestampQuery) throw new Error('no way to a time-stamp server');
        return postTimestampQuery(call.url, call.query);
      case 'fetch':
        if (!fetchValidationData) throw new Error('no way to the authorities');
        return fetchValidationData(call.url, call.query);
    }
  };
  const onLost = (reason: string, operation?: Operation): void => {
    log?.warn({ reason, operation }, 'a PDF worker was lost');
  };
  const lane = { size, setup, answer, onLost };
  const trusted = createJobLane({ ...lane, start: startThread });
  const hostile = createJobLane({
    ...lane,
    // Whoever takes over a process that reads unknown files must not get a signature or a way out from here.
    setup: { ...setup, timestamps: false, validationData: false },
    answer: () => Promise.reject(new Error('this worker only reads')),
    start: () => startProcess(memoryLimitMb),
  });

  const operator = sealerOf(certificate);
  const operation =
    <O extends Operation>(what: O, runner: typeof trusted) =>
    (request: Parameters<PdfEngine[O]>[0], { signal, portalId }: JobOptions = {}): ReturnType<PdfEngine[O]> =>
      (async () => {
        const own = portalId === undefined ? undefined : await certificateOf?.(portalId);
        const sealer = own ? sealerOf(own) : operator;
        const deadlineMs = options.deadlines?.[what] ?? deadlineFor(what, request);
        return runner.run({ operation: what, request, sealer, deadlineMs, signal });
      })() as ReturnType<PdfEngine[O]>;

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
    openForSigning: operation('openForSigning', trusted),
    applySignature: operation('applySignature', trusted),
    sealBundle: operation('sealBundle', trusted),
    finishDocument: operation('finishDocument', trusted),
    renderAgreement: operation('renderAgreement', trusted),
    renderReport: operation('renderReport', trusted),
    async close() {
      await Promise.all([trusted.close(), hostile.close()]);
    },
  };
}

/** What a worker may know of a certificate, and the key that it may not. */
function sealerOf(certificate: SealCertificate): Sealer {
  const { chain, keyType, fingerprint, selfIssued } = certificate;
  const name = commonNameOf(readCertificate(chain[0] ?? new Uint8Array()).x509);
  return {
    identity: { chain, keyType, name, fingerprint, selfIssued },
    sign: (data) => certificate.sign(data),
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
    changedPages: [],
    warnings: ['too_complex'],
  };
}
