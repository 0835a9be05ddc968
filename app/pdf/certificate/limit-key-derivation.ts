import type { webcrypto } from 'node:crypto';

/** OpenSSL and Java write 2,000 to 50,000, careful people a million: some 2 s on an old core. */
const MAX_ITERATIONS = 2_000_000;

/**
 * From here on this crypto refuses to derive a key with more iterations than an honest file has. A PKCS#12 file names the
 * number itself, and what Node's own threads have begun cannot be stopped: ending the worker waits for it. (pkijs 3.4.3
 * reads numbers above 2^23 as 0, which ends such files too; nothing here hangs on that.)
 * @param subtle of a thread that does nothing but open one file
 */
export function limitKeyDerivation(subtle: Pick<webcrypto.SubtleCrypto, 'deriveKey'>): void {
  const derive = subtle.deriveKey.bind(subtle);
  subtle.deriveKey = async (algorithm, ...rest) => {
    const iterations = typeof algorithm === 'object' && 'iterations' in algorithm ? algorithm.iterations : 0;
    if (iterations > MAX_ITERATIONS) throw new Error('too many iterations');
    return derive(algorithm, ...rest);
  };
}
