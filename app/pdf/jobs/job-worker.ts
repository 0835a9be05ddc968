// Entry of every worker, thread or process: takes one job at a time, gives its result back.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { prepareBundle } from '../intake/prepare-bundle.ts';
import { renderAgreement } from '../rendering/render-agreement.ts';
import { renderReport } from '../rendering/render-report.ts';
import { sealBundle } from '../sealing/seal-bundle.ts';
import { verifyDocument } from '../verify/verify-document.ts';
import type { PdfEngine } from '../../ports/pdf-engine.ts';
import type { JobContext } from './job-context.ts';
import { describeFailure } from './job-protocol.ts';
import type { FromWorker, HostCall, Operation, ToWorker, WorkerSetup } from './job-protocol.ts';

type Request<O extends Operation> = Parameters<PdfEngine[O]>[0];
type Handlers = { [O in Operation]: (request: Request<O>, context: JobContext) => ReturnType<PdfEngine[O]> };

const handlers: Handlers = {
  prepareBundle,
  sealBundle,
  renderAgreement,
  renderReport,
  verify: verifyDocument,
};

const send = (message: FromWorker): void => {
  if (parentPort) parentPort.postMessage(message);
  else process.send?.(message);
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

let context: JobContext | undefined;
const setUp = ({ seal, timestamps }: WorkerSetup): JobContext => ({
  seal: { ...seal, sign: (data) => ask({ what: 'sign', data }) },
  postTimestampQuery: timestamps ? (url, query) => ask({ what: 'timestamp', url, query }) : undefined,
});

async function run(operation: Operation, request: unknown): Promise<void> {
  try {
    if (!context) throw new Error('job before set-up');
    const handler = handlers[operation] as (request: unknown, context: JobContext) => Promise<unknown>;
    send({ type: 'done', result: await handler(request, context) });
  } catch (error) {
    send({ type: 'failed', failure: describeFailure(error) });
  }
}

function receive(message: ToWorker): void {
  switch (message.type) {
    case 'setup':
      context = setUp(message.setup);
      return;
    case 'job':
      void run(message.operation, message.request);
      return;
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
  const watch = new URL('./memory-watch.ts', import.meta.url);
  new Worker(watch, { workerData: process.argv[2], execArgv: [] }).unref();
}
