import { oid } from '../asn1/object-identifiers.ts';
import { readCertificate } from '../cms/read-certificate.ts';
import { readExtensions } from './read-extensions.ts';

/** Why a certificate should not sign documents. */
export type SealCertificateFault =
  | 'expired'
  | 'not_yet_valid'
  /** Its key usage or its purposes leave out signatures (RFC 5280, 4.2.1.3 and 4.2.1.12). */
  | 'not_for_signing'
  /** It is an authority's: what it signs could be another certificate. */
  | 'authority'
  /** RSA under 2048 bits, or a curve under 256 (ETSI TS 119 312). */
  | 'key_too_short';

export interface SealCertificateJudgement {
  faults: SealCertificateFault[];
  /** Whole days until it expires; negative when it has. */
  daysLeft: number;
  /** The list of certificates goes up to a root; a viewer can build the path without asking anywhere. */
  chainComplete: boolean;
}

const DAY_MS = 24 * 3600_000;
/** Purposes that include signing documents: any, e-mail, documents (RFC 9336), Microsoft's and Adobe's for documents. */
const SIGNING_PURPOSES = [
  '2.5.29.37.0',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.4.1.311.10.3.12',
  '1.2.840.113583.1.1.5',
];
/** Purposes that do not: a server's, code, a time-stamp server's, an OCSP responder's. */
const OTHER_PURPOSES = new Set<string>([
  '1.3.6.1.5.5.7.3.1',
  '1.3.6.1.5.5.7.3.3',
  oid.timeStamping,
  oid.ocspSigning,
]);
const BITS: Record<string, number> = { 'P-256': 256, prime256v1: 256, secp384r1: 384, secp521r1: 521 };

/**
 * What speaks against signing documents with a certificate. The caller decides what to do about it.
 * @param certificate its `chain` in DER, leaf first
 * @param now moment of judgement
 */
export function judgeSealCertificate(
  { chain }: { chain: Uint8Array[] },
  now: Date,
): SealCertificateJudgement {
  const { raw, x509 } = readCertificate(chain[0] ?? new Uint8Array());
  const top = readCertificate(chain.at(-1) ?? new Uint8Array());
  const { keyUsage } = readExtensions(raw);
  const validTo = new Date(x509.validTo);
  const faults: SealCertificateFault[] = [];
  if (validTo < now) faults.push('expired');
  if (new Date(x509.validFrom) > now) faults.push('not_yet_valid');
  // Node names extended purposes `keyUsage`.
  const purposes = x509.keyUsage ?? [];
  const otherOnly =
    purposes.some((purpose) => OTHER_PURPOSES.has(purpose)) &&
    !purposes.some((purpose) => SIGNING_PURPOSES.includes(purpose));
  if ((keyUsage && !keyUsage.digitalSignature && !keyUsage.nonRepudiation) || otherOnly) {
    faults.push('not_for_signing');
  }
  if (x509.ca && chain.length > 1) faults.push('authority');
  const { modulusLength, namedCurve = '' } = x509.publicKey.asymmetricKeyDetails ?? {};
  const short = modulusLength === undefined ? (BITS[namedCurve] ?? 256) < 256 : modulusLength < 2048;
  if (short) faults.push('key_too_short');
  return {
    faults,
    daysLeft: Math.floor((validTo.getTime() - now.getTime()) / DAY_MS),
    chainComplete: top.subject.equals(top.issuer),
  };
}
