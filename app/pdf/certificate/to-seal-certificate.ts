import type { SealCertificate } from '../../ports/pdf-engine.ts';
import type { CmsSigner } from '../cms/build-cms.ts';
import { describeCertificate, readCertificate } from '../cms/read-certificate.ts';

/**
 * What the application shows of a certificate, beside what signs with it.
 * @param selfIssued this program made the certificate
 */
export function toSealCertificate(signer: CmsSigner, selfIssued: boolean): SealCertificate {
  const certificates = signer.chain.map(readCertificate);
  const [leaf] = certificates;
  const root = certificates.at(-1);
  if (!leaf || !root) throw new Error('a key without a certificate');
  const { subject, issuer, fingerprint, validTo } = describeCertificate(leaf);
  return { ...signer, subject, issuer, fingerprint, validTo, selfIssued, rootPem: root.x509.toString() };
}
