import type { SealCertificate } from '../../ports/pdf-engine.ts';
import { readP12 } from './read-p12.ts';
import { toSealCertificate } from './to-seal-certificate.ts';

/**
 * A certificate with its key from a PKCS#12 file (RFC 7292): RSA or ECDSA, modern or legacy encryption. Whether it may be
 * used is another question: see judgeSealCertificate.
 * @param p12 the file
 * @param password may be empty
 * @throws SealCertificateError `wrong_password`, `unreadable` (also for kinds of keys other than these), `no_matching_certificate`
 */
export const loadP12Certificate = async (p12: Uint8Array, password: string): Promise<SealCertificate> =>
  toSealCertificate(await readP12(p12, password), false);
