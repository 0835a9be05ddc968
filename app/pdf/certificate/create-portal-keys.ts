import { Worker } from 'node:worker_threads';
import { CertificateRefused } from '../../ports/certificate-store.ts';
import type { SealCertificate } from '../../ports/pdf-engine.ts';
import { openKeyPem } from './open-key-pem.ts';
import type { OpenedP12 } from './open-p12-worker.ts';

const WORKER = new URL('./open-p12-worker.ts', import.meta.url);
/** An honest file takes 0.1 s and the start of a thread. */
const DEADLINE_MS = 15_000;
/** At a time, in this process. */
const MAX_RUNNING = 2;

/**
 * Key files that a portal's administrators upload. They are read in a thread that is ended at a deadline, because the
 * file itself says how long its password has to be stirred. Threads are of this process: no key leaves it.
 */
export function createPortalKeys({ deadlineMs = DEADLINE_MS }: { deadlineMs?: number } = {}) {
  let running = 0;
  return {
    /**
     * @param now the certificate must be valid then
     * @returns key (PKCS#8) and chain, leaf first, as PEM, not encrypted
     * @throws CertificateRefused
     */
    async read(p12: Uint8Array, password: string, now: Date): Promise<string> {
      if (running >= MAX_RUNNING) throw new CertificateRefused('busy');
      running++;
      const worker = new Worker(WORKER, {
        env: {},
        execArgv: [],
        resourceLimits: { maxOldGenerationSizeMb: 128 },
        workerData: { p12, password, now },
      });
      const answer = Promise.withResolvers<OpenedP12>();
      const timer = setTimeout(() => answer.reject(new Error('took too long')), deadlineMs);
      worker.once('message', answer.resolve);
      worker.once('error', answer.reject);
      worker.once('exit', (code) => answer.reject(new Error(`the thread ended with ${code}`)));
      try {
        const opened = await answer.promise;
        if ('fault' in opened) throw new CertificateRefused(opened.fault);
        return opened.pem;
      } catch (cause) {
        if (cause instanceof CertificateRefused) throw cause;
        throw new CertificateRefused('unreadable', { cause });
      } finally {
        clearTimeout(timer);
        await worker.terminate().finally(() => running--);
      }
    },

    open: (pem: string): SealCertificate => openKeyPem(pem),
  };
}
