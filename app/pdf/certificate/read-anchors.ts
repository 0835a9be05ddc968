import { X509Certificate } from 'node:crypto';

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Certificates of authorities from a PEM file, one after the other.
 * @returns DER
 * @throws Error when there is none, or one that cannot be read
 */
export function readAnchors(pem: string): Uint8Array[] {
  const found = (pem.match(PEM) ?? []).map((text) => new Uint8Array(new X509Certificate(text).raw));
  if (found.length === 0) throw new Error('TRUST_ANCHORS has no certificate');
  return found;
}
