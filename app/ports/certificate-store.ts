import type { SealCertificate } from './pdf-engine.ts';

/** What may be shown of the certificate that a portal signs its documents with instead of the operator's. */
export interface StoredCertificate {
  readonly portalId: string;
  /** One line, the common name first. */
  readonly subject: string;
  readonly issuer: string;
  /** Lower-case hex SHA-256 of the certificate. */
  readonly fingerprint: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly savedAt: Date;
}

export const certificateFaults = [
  'wrong_password',
  /** Not PKCS#12, damaged, or made to keep the program busy. */
  'unreadable',
  'no_key',
  'no_matching_certificate',
  'key_unsupported',
  /** Its own limits on what its key is for leave out documents. */
  'not_for_signing',
  /** It is an authority's: what it signs could be another certificate. */
  'authority',
  /** RSA under 2048 bits, or a curve under 256. */
  'key_too_short',
  /** Too many files are being opened just now. */
  'busy',
  'expired',
  'not_yet_valid',
] as const;
export type CertificateFault = (typeof certificateFaults)[number];

/** A file that cannot become a portal's certificate. The text a person reads is `office.refused_certificate_<fault>`. */
export class CertificateRefused extends Error {
  readonly code = 'CERTIFICATE_REFUSED';
  readonly retryable = false;
  readonly fault: CertificateFault;
  constructor(fault: CertificateFault, options?: { cause?: unknown }) {
    super(`certificate refused: ${fault}`, options);
    this.name = 'CertificateRefused';
    this.fault = fault;
  }
}

/** Portals' own certificates. Keys are encrypted at rest; the password of a file is used once and kept nowhere. */
export interface CertificateStore {
  /** Never with the key; nothing while the portal signs with the operator's. */
  get(portalId: string): Promise<StoredCertificate | undefined>;
  /**
   * Takes the place of the one before. What was signed with that one stays known (`all`).
   * @param p12 PKCS#12 file
   * @throws CertificateRefused and keeps what there was
   */
  save(portalId: string, p12: Uint8Array, password: string): Promise<StoredCertificate>;
  /** Back to the operator's certificate; the key is deleted. */
  remove(portalId: string): Promise<void>;
  /**
   * Ready to sign; nothing where the portal has none. A change by another process counts at once.
   * @throws PdfEngineFailure `certificate_expired`: documents never change their issuer silently, somebody has to decide
   */
  sealCertificate(portalId: string): Promise<SealCertificate | undefined>;
  /**
   * DER of every certificate that a portal signs or once signed with, for recognising documents. An administrator of the
   * portal put it in: it says whose document it is, and nothing about the truth of the names in it.
   */
  all(): Promise<Uint8Array[]>;
  purgePortal(portalId: string): Promise<void>;
}
