/**
 * A certificate that signs documents, the operator's or a portal's. The private key stays behind `sign`: workers never see
 * it, and it may as well lie in a token or a remote service (PKCS#11, cloud signing) behind the same interface.
 */
export interface SealCertificate {
  /** DER, leaf first, each issued by the next; the root last if it is known. */
  chain: Uint8Array[];
  keyType: 'RSA' | 'EC';
  /** Signs with SHA-256; RSA PKCS#1 v1.5 or ECDSA as DER. */
  sign(data: Uint8Array): Promise<Uint8Array>;
  subject: string;
  issuer: string;
  /** Lower-case hex SHA-256 of the leaf. */
  fingerprint: string;
  validTo: Date;
  /** True when this program made it: proves integrity, says nothing about identity. */
  selfIssued: boolean;
  /** PEM of the topmost certificate of the chain, for download. */
  rootPem: string;
}

/**
 * Sends an RFC 3161 query (application/timestamp-query) and gives the body of the answer; rejects on anything else, and
 * when there is none within 10 seconds.
 */
export type PostTimestampQuery = (url: string, query: Uint8Array) => Promise<Uint8Array>;

/**
 * Asks an authority that a certificate of ours names whether it is still good: an OCSP query (application/ocsp-request,
 * sent by POST) when `query` is given, else whatever the address has (a CRL, an issuer's certificate). Rejects on anything
 * but success, on addresses that are not public, and on answers of more than 10 MiB.
 */
export type FetchValidationData = (url: string, query?: Uint8Array) => Promise<Uint8Array>;
