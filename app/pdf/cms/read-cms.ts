import { oid } from '../asn1/object-identifiers.ts';
import {
  Asn1Error,
  childAt,
  readDer,
  readGeneralizedTime,
  readObjectIdentifier,
  readOctetString,
} from '../asn1/read-der.ts';
import type { Asn1Node } from '../asn1/read-der.ts';
import { readCertificate } from './read-certificate.ts';
import type { ParsedCertificate } from './read-certificate.ts';

export interface SignerInfo {
  identifier: Asn1Node;
  digestAlgorithm: string;
  /** As they were signed (SET OF tag), with access by type. */
  signedAttributes?: { der: Buffer; values: Map<string, Asn1Node[]> };
  signatureAlgorithm: Asn1Node;
  signature: Buffer;
  unsignedAttributes: Map<string, Asn1Node[]>;
}

export interface SignedData {
  /** Bytes of the whole structure; what follows in the input is padding or smuggled. */
  length: number;
  contentType: string;
  content?: Buffer;
  certificates: ParsedCertificate[];
  /** RevocationInfoChoices (RFC 5652, 10.2.1), as they stand. */
  revocation: Asn1Node[];
  signers: SignerInfo[];
}

function readAttributes(node: Asn1Node): Map<string, Asn1Node[]> {
  const values = new Map<string, Asn1Node[]>();
  for (const attribute of node.children) {
    const type = readObjectIdentifier(childAt(attribute, 0));
    if (values.has(type)) throw new Asn1Error(`attribute ${type} twice`); // RFC 5652, 11
    values.set(type, childAt(attribute, 1).children);
  }
  return values;
}

function readSignerInfo(node: Asn1Node): SignerInfo {
  const rest = node.children.slice(1);
  const take = (): Asn1Node => {
    const next = rest.shift();
    if (!next) throw new Asn1Error('signer info is incomplete');
    return next;
  };
  const identifier = take();
  const digestAlgorithm = readObjectIdentifier(childAt(take(), 0));
  let signedAttributes: SignerInfo['signedAttributes'];
  if (rest[0]?.tag === 0xa0) {
    const node = take();
    const der = Buffer.from(node.raw);
    der[0] = 0x31; // what is signed is the explicit SET OF (RFC 5652, 5.4)
    signedAttributes = { der, values: readAttributes(node) };
  }
  const signatureAlgorithm = take();
  const signature = readOctetString(take());
  const unsignedAttributes = rest[0]?.tag === 0xa1 ? readAttributes(take()) : new Map<string, Asn1Node[]>();
  return { identifier, digestAlgorithm, signedAttributes, signatureAlgorithm, signature, unsignedAttributes };
}

/** @throws Asn1Error when it is not a well-formed CMS SignedData */
export function readSignedData(bytes: Uint8Array): SignedData {
  const top = readDer(bytes);
  if (readObjectIdentifier(childAt(top, 0)) !== oid.signedData) throw new Asn1Error('not SignedData');
  const rest = childAt(childAt(top, 1), 0).children.slice(2); // version and digest algorithms say nothing binding
  const encapsulated = rest.shift();
  const contentType = readObjectIdentifier(childAt(encapsulated, 0));
  const wrapped = encapsulated?.children[1];
  const certificates: ParsedCertificate[] = [];
  if (rest[0]?.tag === 0xa0) {
    for (const node of rest.shift()?.children ?? []) {
      if (node.tag === 0x30) certificates.push(readCertificate(node.raw));
    }
  }
  const revocation = rest[0]?.tag === 0xa1 ? (rest.shift()?.children ?? []) : [];
  const signers = rest.shift();
  if (signers?.tag !== 0x31) throw new Asn1Error('no signer infos');
  return {
    length: top.raw.length,
    contentType,
    content: wrapped ? readOctetString(childAt(wrapped, 0)) : undefined,
    certificates,
    revocation,
    signers: signers.children.map(readSignerInfo),
  };
}

export interface TimestampInfo {
  hashAlgorithm: string;
  imprint: Buffer;
  time: Date;
  /** Content of the INTEGER as it came. */
  nonce?: Buffer;
  signedData: SignedData;
}

/** Reads a RFC 3161 token; checks nothing but its form. */
export function readTimestampToken(token: Uint8Array): TimestampInfo {
  const signedData = readSignedData(token);
  if (signedData.contentType !== oid.tstInfo || !signedData.content) throw new Asn1Error('not a time-stamp');
  const info = readDer(signedData.content);
  const messageImprint = childAt(info, 2);
  return {
    hashAlgorithm: readObjectIdentifier(childAt(childAt(messageImprint, 0), 0)),
    imprint: readOctetString(childAt(messageImprint, 1)),
    time: readGeneralizedTime(childAt(info, 4)),
    nonce: info.children.slice(5).find((node) => node.tag === 0x02)?.body,
    signedData,
  };
}
