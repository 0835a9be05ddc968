/** What goes over the wire between the engine and its workers. Everything survives the structured clone algorithm. */
import { DocumentRefused, PdfEngineFailure, refusalReasons } from '../../ports/pdf-engine.ts';
import type { PdfEngine, PdfFailureCode, RefusalReason } from '../../ports/pdf-engine.ts';

export type Operation = keyof PdfEngine;

/** Which ways to the network there are, and whether files are repaired without the qpdf program. */
export interface WorkerSetup {
  timestamps: boolean;
  validationData: boolean;
  builtInQpdf: boolean;
}

/** The certificate that a job signs with (or, verifying, knows as its own), without its key. */
export interface SealIdentity {
  chain: Uint8Array[];
  keyType: 'RSA' | 'EC';
  /** Common name. */
  name: string;
  fingerprint: string;
  selfIssued: boolean;
}

/** What a worker asks its engine to do, because it has no key and no network. */
export type HostCall =
  | { what: 'sign'; data: Uint8Array }
  | { what: 'timestamp'; url: string; query: Uint8Array }
  | { what: 'fetch'; url: string; query?: Uint8Array };

export type ToWorker =
  | { type: 'setup'; setup: WorkerSetup }
  | {
      type: 'job';
      operation: Operation;
      request: object;
      seal: SealIdentity;
      /** Bytes of each file of the request that follows on standard input; absent when the request has them. */
      fileLengths?: number[];
    }
  | { type: 'answer'; call: number; result: Uint8Array }
  | { type: 'refusal'; call: number; message: string };

export type FromWorker =
  | { type: 'done'; result: object }
  | { type: 'failed'; failure: Failure }
  | { type: 'call'; call: number; wanted: HostCall };

export interface Failure {
  kind: 'refused' | 'failure' | 'other';
  message: string;
  code?: string;
  part?: number;
  detail?: string;
  stack?: string;
}

export function describeFailure(error: unknown): Failure {
  if (error instanceof DocumentRefused) {
    return {
      kind: 'refused',
      code: error.reason,
      part: error.part,
      detail: error.detail,
      message: error.message,
    };
  }
  if (error instanceof PdfEngineFailure) return { kind: 'failure', code: error.code, message: error.message };
  if (error instanceof Error) return { kind: 'other', message: error.message, stack: error.stack };
  return { kind: 'other', message: String(error) };
}

export function reviveFailure(failure: Failure): DocumentRefused | PdfEngineFailure {
  if (failure.kind === 'refused') {
    const reason: RefusalReason = refusalReasons.find((known) => known === failure.code) ?? 'damaged';
    return new DocumentRefused(reason, failure.part ?? -1, failure.detail);
  }
  if (failure.kind === 'failure') {
    return new PdfEngineFailure(failure.code as PdfFailureCode, failure.message);
  }
  const cause = new Error(failure.message);
  if (failure.stack) cause.stack = failure.stack;
  return new PdfEngineFailure('internal', failure.message, { cause });
}
