import { createHash, X509Certificate } from 'node:crypto';
import type { CertificateInfo } from '../../ports/pdf-engine.ts';
import { childAt, readBitString, readDer } from '../asn1/read-der.ts';

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

/** The bits of the public key without the algorithm: what key hashes are made of (RFC 6960, 4.1.1). */
export function publicKeyBits({ raw }: ParsedCertificate): Buffer {
  const fields = childAt(readDer(raw), 0).children;
  const first = fields[0]?.tag === 0xa0 ? 1 : 0;
  return readBitString(childAt(fields[first + 5], 1));
}

export const fingerprintOf = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex');

/** Node escapes what RFC 2253 (2.4) would read as punctuation: ООО \"Ромашка\". */
const unescape = (name: string): string => name.replace(/\\([,+"\\<>;#= ])/g, '$1');

/** Node prints one RDN a line, most general first; people expect the common name first. */
const oneLine = (name: string): string => unescape(name.split('\n').reverse().join(', '));

export const commonNameOf = ({ subject }: X509Certificate): string => {
  const [, name] = /^CN=(.*)$/m.exec(subject) ?? [];
  return name === undefined ? oneLine(subject) : unescape(name);
};

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
