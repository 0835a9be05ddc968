// Entry of every worker, thread or process: takes one job at a time, gives its result back.
import { readSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { prepareBundle } from '../intake/prepare-bundle.ts';
import { renderAgreement } from '../rendering/render-agreement.ts';
import { renderReport } from '../rendering/render-report.ts';
import { applySignature } from '../sealing/apply-signature.ts';
import { finishDocument } from '../sealing/finish-document.ts';
import { openForSigning } from '../sealing/open-for-signing.ts';
import { sealBundle } from '../sealing/seal-bundle.ts';
import { verifyDocument } from '../verify/verify-document.ts';
import type { PdfEngine } from '../../ports/pdf-engine.ts';
import type { JobContext } from './job-context.ts';
import { describeFailure } from './job-protocol.ts';
import type { FromWorker, HostCall, Operation, SealIdentity, ToWorker, WorkerSetup } from './job-protocol.ts';
import { filesOf, memoryOf, release, withFiles } from './files-of-job.ts';

type Request<O extends Operation> = Parameters<PdfEngine[O]>[0];
type Handlers = { [O in Operation]: (request: Request<O>, context: JobContext) => ReturnType<PdfEngine[O]> };

const handlers: Handlers = {
  prepareBundle,
  openForSigning,
  applySignature,
  sealBundle,
  finishDocument,
  renderAgreement,
  renderReport,
  verify: verifyDocument,
};

const send = (message: FromWorker): void => {
  if (!parentPort) return void process.send?.(message);
  parentPort.postMessage(message, message.type === 'done' ? memoryOf(filesOf(message.result)) : []);
};

const waiting = new Map<number, PromiseWithResolvers<Uint8Array>>();
let calls = 0;
const ask = (wanted: HostCall): Promise<Uint8Array> => {
  const call = ++calls;
  const answer = Promise.withResolvers<Uint8Array>();
  waiting.set(call, answer);
  send({ type: 'call', call, wanted });
  return answer.promise;
};

let setup: WorkerSetup = { timestamps: false, validationData: false, builtInQpdf: false };
const contextOf = (seal: SealIdentity): JobContext => ({
  seal: { ...seal, sign: (data) => ask({ what: 'sign', data }) },
  postTimestampQuery: setup.timestamps ? (url, query) => ask({ what: 'timestamp', url, query }) : undefined,
  fetchValidationData: setup.validationData ? (url, query) => ask({ what: 'fetch', url, query }) : undefined,
  builtInQpdf: setup.builtInQpdf,
});

/** Files that the engine sends apart from the request. Nothing else is on this worker's standard input. */
function readFiles(lengths: number[]): Uint8Array[] {
  return lengths.map((length) => {
    const file = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const count = readSync(0, file, at, length - at, null);
      if (count === 0) process.exit(); // the server is gone
      at += count;
    }
    return file;
  });
}

async function run(operation: Operation, request: object, seal: SealIdentity): Promise<void> {
  try {
    const handler = handlers[operation] as (request: object, context: JobContext) => Promise<object>;
    send({ type: 'done', result: await handler(request, contextOf(seal)) });
  } catch (error) {
    send({ type: 'failed', failure: describeFailure(error) });
  } finally {
    release(filesOf(request));
  }
}

function receive(message: ToWorker): void {
  switch (message.type) {
    case 'setup':
      setup = message.setup;
      return;
    case 'job': {
      const { operation, request, seal, fileLengths } = message;
      void run(operation, fileLengths ? withFiles(request, readFiles(fileLengths)) : request, seal);
      return;
    }
    case 'answer':
      waiting.get(message.call)?.resolve(message.result);
      waiting.delete(message.call);
      return;
    case 'refusal':
      waiting.get(message.call)?.reject(new Error(message.message));
      waiting.delete(message.call);
  }
}

if (parentPort) {
  parentPort.on('message', receive);
} else if (isMainThread && process.send) {
  process.on('message', receive);
  process.on('disconnect', () => process.exit()); // the server is gone
  // pdf.js leaves promises behind that fail on damaged files; what the job itself waits for is answered by `run`.
  process.on('unhandledRejection', () => undefined);
  const watch = new URL('./memory-watch.ts', import.meta.url);
  new Worker(watch, { workerData: process.argv[2], execArgv: [] }).unref();
}
