import { createHash, X509Certificate } from 'node:crypto';
import type { CertificateInfo } from '../../ports/pdf-engine.ts';
import { childAt, readDer } from '../asn1/read-der.ts';

/** A certificate together with the DER parts that CMS compares byte by byte. */
export interface ParsedCertificate {
  raw: Buffer;
  serial: Buffer;
  issuer: Buffer;
  subject: Buffer;
  x509: X509Certificate;
}

/** @throws Asn1Error or an OpenSSL error for what is not an X.509 certificate */
export function readCertificate(der: Uint8Array): ParsedCertificate {
  const node = readDer(der);
  const fields = childAt(node, 0);
  const first = fields.children[0]?.tag === 0xa0 ? 1 : 0; // [0] version is optional (RFC 5280, 4.1)
  return {
    raw: node.raw,
    serial: childAt(fields, first).raw,
    issuer: childAt(fields, first + 2).raw,
    subject: childAt(fields, first + 4).raw,
    x509: new X509Certificate(node.raw),
  };
}

export const fingerprintOf = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex');

/** Node prints one RDN a line, most general first; people expect the common name first. */
const oneLine = (name: string): string => name.split('\n').reverse().join(', ');

export const commonNameOf = (certificate: X509Certificate): string =>
  /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? oneLine(certificate.subject);

export function describeCertificate({ raw, x509 }: ParsedCertificate): CertificateInfo {
  return {
    subject: oneLine(x509.subject),
    commonName: commonNameOf(x509),
    issuer: oneLine(x509.issuer),
    serial: x509.serialNumber.toLowerCase(),
    fingerprint: fingerprintOf(raw),
    validFrom: new Date(x509.validFrom),
    validTo: new Date(x509.validTo),
  };
}
