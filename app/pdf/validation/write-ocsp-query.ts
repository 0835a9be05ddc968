import { createHash } from 'node:crypto';
import { oid } from '../asn1/object-identifiers.ts';
import { nullValue, objectIdentifier, octetString, sequence, tlv } from '../asn1/write-der.ts';
import { publicKeyBits } from '../cms/read-certificate.ts';
import type { ParsedCertificate } from '../cms/read-certificate.ts';

const sha1 = (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest();

/**
 * OCSPRequest (RFC 6960, 4.1.1) about one certificate. SHA-1 only names the issuer here; it is what every responder knows
 * (RFC 5019, 2.1.1).
 * @param nonce comes back in the answer of a responder that makes its answers on demand
 */
export function writeOcspQuery(
  certificate: ParsedCertificate,
  issuer: ParsedCertificate,
  nonce: Uint8Array,
): Buffer {
  const id = sequence(
    sequence(objectIdentifier(oid.sha1), nullValue()),
    octetString(sha1(issuer.subject)),
    octetString(sha1(publicKeyBits(issuer))),
    certificate.serial,
  );
  const extension = sequence(objectIdentifier(oid.ocspNonce), octetString(octetString(nonce)));
  return sequence(sequence(sequence(sequence(id)), tlv(0xa2, sequence(extension))));
}
