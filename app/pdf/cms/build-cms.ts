import { createHash, verify } from 'node:crypto';
import { oid } from '../asn1/object-identifiers.ts';
import {
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  retag,
  sequence,
  setOf,
  tlv,
} from '../asn1/write-der.ts';
import { readCertificate } from './read-certificate.ts';

export interface CmsSigner {
  /** DER, leaf first. Emitted in this order, because some gatherers take the list order as the path. */
  chain: Uint8Array[];
  keyType: 'RSA' | 'EC';
  sign(data: Uint8Array): Promise<Uint8Array>;
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const attribute = (type: string, value: Buffer): Buffer => sequence(objectIdentifier(type), setOf(value));

/**
 * Detached CAdES SignedData over `digest` (SHA-256 of the covered bytes), as ETSI EN 319 142-1 wants it in a PDF: with
 * signing-certificate-v2, without signing-time (the time is the dictionary's /M).
 * `timestamp` gets the signature value's SHA-256 and gives a RFC 3161 token.
 */
export async function buildCms(
  digest: Uint8Array,
  signer: CmsSigner,
  timestamp?: (imprint: Uint8Array) => Promise<Uint8Array>,
): Promise<Buffer> {
  const leaf = readCertificate(signer.chain[0] ?? new Uint8Array());
  const issuerSerial = sequence(sequence(tlv(0xa4, leaf.issuer)), leaf.serial);
  const signedAttributes = setOf(
    attribute(oid.contentType, objectIdentifier(oid.data)),
    attribute(oid.messageDigest, octetString(digest)),
    attribute(
      oid.signingCertificateV2,
      sequence(sequence(sequence(octetString(sha256(leaf.raw)), issuerSerial))),
    ),
  );
  const value = Buffer.from(await signer.sign(signedAttributes));
  if (!verify('sha256', signedAttributes, leaf.x509.publicKey, value)) {
    throw new Error('the sealing key does not match its certificate');
  }
  const unsigned = timestamp
    ? [retag(0xa1, setOf(attribute(oid.timeStampToken, Buffer.from(await timestamp(sha256(value))))))]
    : [];
  const signerInfo = sequence(
    integer(1),
    sequence(leaf.issuer, leaf.serial),
    sequence(objectIdentifier(oid.sha256)),
    retag(0xa0, signedAttributes),
    signer.keyType === 'RSA'
      ? sequence(objectIdentifier(oid.sha256WithRsa), nullValue())
      : sequence(objectIdentifier(oid.ecdsaWithSha256)),
    octetString(value),
    ...unsigned,
  );
  return sequence(
    objectIdentifier(oid.signedData),
    tlv(
      0xa0,
      sequence(
        integer(1),
        setOf(sequence(objectIdentifier(oid.sha256))),
        sequence(objectIdentifier(oid.data)),
        tlv(0xa0, ...signer.chain),
        setOf(signerInfo),
      ),
    ),
  );
}
