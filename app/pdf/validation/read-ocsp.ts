/** OCSP answers (RFC 6960): reading them, and believing them. */
import { createHash } from 'node:crypto';
import { digestName, oid } from '../asn1/object-identifiers.ts';
import {
  Asn1Error,
  childAt,
  readBitString,
  readDer,
  readGeneralizedTime,
  readObjectIdentifier,
  readOctetString,
} from '../asn1/read-der.ts';
import type { Asn1Node } from '../asn1/read-der.ts';
import { objectIdentifier, octetString, sequence, tlv } from '../asn1/write-der.ts';
import { extensionsOf } from '../certificate/read-extensions.ts';
import { publicKeyBits, readCertificate } from '../cms/read-certificate.ts';
import type { ParsedCertificate } from '../cms/read-certificate.ts';

/** One certificate that an answer is about. */
export interface OcspEntry {
  certificate: Asn1Node;
  status: 'good' | 'revoked' | 'unknown';
  revokedAt?: Date;
  thisUpdate: Date;
  nextUpdate?: Date;
}

export interface OcspAnswer {
  /** The whole OCSPResponse. */
  raw: Buffer;
  /** What is signed, by whom (name or hash of the key), and how. */
  signed: Buffer;
  responder: Asn1Node;
  algorithm: Asn1Node;
  signature: Buffer;
  certificates: ParsedCertificate[];
  producedAt: Date;
  nonce?: Buffer;
  entries: OcspEntry[];
}

const ENUMERATED = 0x0a;
/** Of one answer; responders answer what they are asked, and that is one certificate. */
const MAX_ENTRIES = 50;
const MAX_CERTIFICATES = 10;

/**
 * @param der an OCSPResponse, or the BasicOCSPResponse in it (ETSI revocation values have only that)
 * @throws Asn1Error when it is neither, or says that there is no answer
 */
export function readOcsp(der: Uint8Array): OcspAnswer {
  const node = readDer(der);
  if (childAt(node, 0).tag === ENUMERATED) return { raw: node.raw, ...readBasic(unwrap(node)) };
  const content = sequence(objectIdentifier(oid.ocspBasic), octetString(node.raw));
  return { raw: sequence(tlv(ENUMERATED, Uint8Array.of(0)), tlv(0xa0, content)), ...readBasic(node) };
}

function unwrap(response: Asn1Node): Asn1Node {
  const status = childAt(response, 0).body[0];
  if (status !== 0) throw new Asn1Error(`OCSP status ${status}`);
  const content = childAt(childAt(response, 1), 0);
  if (readObjectIdentifier(childAt(content, 0)) !== oid.ocspBasic)
    throw new Asn1Error('unknown kind of answer');
  return readDer(readOctetString(childAt(content, 1)));
}

function readBasic(basic: Asn1Node): Omit<OcspAnswer, 'raw'> {
  const signed = childAt(basic, 0);
  const fields = signed.children[0]?.tag === 0xa0 ? signed.children.slice(1) : signed.children; // [0] version
  const [responder, producedAt, responses, more] = fields;
  if (!responder || !producedAt || !responses) throw new Asn1Error('OCSP answer is incomplete');
  const nonce = extensionsOf(more?.children[0]).get(oid.ocspNonce)?.value;
  return {
    signed: signed.raw,
    responder,
    algorithm: childAt(basic, 1),
    signature: readBitString(childAt(basic, 2)),
    certificates: (basic.children[3]?.children[0]?.children ?? [])
      .slice(0, MAX_CERTIFICATES)
      .map(({ raw }) => readCertificate(raw)),
    producedAt: readGeneralizedTime(producedAt),
    nonce: nonce && readOctetString(readDer(nonce)),
    entries: responses.children.slice(0, MAX_ENTRIES).map(readEntry),
  };
}

const STATUSES: Record<number, OcspEntry['status']> = { 0x80: 'good', 0xa1: 'revoked', 0x82: 'unknown' };

function readEntry(entry: Asn1Node): OcspEntry {
  const status = childAt(entry, 1);
  const outcome = STATUSES[status.tag];
  if (!outcome) throw new Asn1Error('certificate status');
  const next = entry.children.slice(3).find(({ tag }) => tag === 0xa0);
  return {
    certificate: childAt(entry, 0),
    status: outcome,
    revokedAt: outcome === 'revoked' ? readGeneralizedTime(childAt(status, 0)) : undefined,
    thisUpdate: readGeneralizedTime(childAt(entry, 2)),
    nextUpdate: next && readGeneralizedTime(childAt(next, 0)),
  };
}

/** Whether a CertID (RFC 6960, 4.1.1) means `certificate` of `issuer`. */
export function isAbout(id: Asn1Node, certificate: ParsedCertificate, issuer: ParsedCertificate): boolean {
  const algorithm = digestName(readObjectIdentifier(childAt(childAt(id, 0), 0)));
  if (!algorithm) return false;
  const hash = (bytes: Uint8Array): Buffer => createHash(algorithm).update(bytes).digest();
  return (
    childAt(id, 3).raw.equals(certificate.serial) &&
    readOctetString(childAt(id, 1)).equals(hash(issuer.subject)) &&
    readOctetString(childAt(id, 2)).equals(hash(publicKeyBits(issuer)))
  );
}
