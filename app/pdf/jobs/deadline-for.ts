import { filesOf } from './files-of-job.ts';
import type { Operation } from './job-protocol.ts';

/**
 * Milliseconds from the moment a worker takes the job: for a small file, and for each MiB of it. An honest file needs a
 * tenth of it; a small one that never ends must not keep its worker for as long as a big one may.
 */
const DEADLINES: Record<Operation, { base: number; perMib: number }> = {
  prepareBundle: { base: 30_000, perMib: 1_000 },
  openForSigning: { base: 30_000, perMib: 1_000 },
  applySignature: { base: 30_000, perMib: 1_000 },
  sealBundle: { base: 30_000, perMib: 1_000 },
  finishDocument: { base: 60_000, perMib: 1_000 },
  renderAgreement: { base: 30_000, perMib: 0 },
  renderReport: { base: 60_000, perMib: 0 },
  verify: { base: 15_000, perMib: 1_000 },
};

/** So long a time-stamp server is waited for (PostTimestampQuery); a job must outlive them all to say that none answers. */
export const TIMESTAMP_SERVER_MS = 10_000;

/** Milliseconds that a job may take, whatever it is given. */
export function deadlineFor(operation: Operation, request: object): number {
  const { base, perMib } = DEADLINES[operation];
  const { timestamps } = request as { timestamps?: { urls: string[] } };
  const bytes = filesOf(request).reduce((sum, { length }) => sum + length, 0);
  const servers = timestamps?.urls.length ?? 0;
  return Math.round(base + (perMib * bytes) / 2 ** 20 + servers * TIMESTAMP_SERVER_MS);
}
