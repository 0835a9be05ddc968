import { constants, createHash, timingSafeEqual, verify } from 'node:crypto';
import { digestName, isKnownSignatureAlgorithm, oid } from '../asn1/object-identifiers.ts';
import { childAt, readObjectIdentifier, readOctetString } from '../asn1/read-der.ts';
import type { Asn1Node } from '../asn1/read-der.ts';
import type { ParsedCertificate } from './read-certificate.ts';
import type { SignedData, SignerInfo } from './read-cms.ts';

export interface SignerCheck {
  outcome: 'valid' | 'broken' | 'unsupported';
  /** Codes of `pdf.problem.*`. */
  problems: string[];
  certificate?: ParsedCertificate;
  /** The signature names its certificate in a signed attribute (ESS), as PAdES demands. */
  bound: boolean;
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

function findCertificate(
  { certificates }: SignedData,
  { identifier }: SignerInfo,
): ParsedCertificate | undefined {
  if (identifier.tag === 0x80) {
    return certificates.find((candidate) => candidate.raw.includes(identifier.body)); // subject key identifier
  }
  return certificates.find(({ issuer, serial }) => Buffer.concat([issuer, serial]).equals(identifier.body));
}

/** Whether the ESS attribute names `certificate`; undefined when there is no such attribute (RFC 5035). */
function essBinding(values: Map<string, Asn1Node[]>, certificate: ParsedCertificate): boolean | undefined {
  const hashOf = (algorithm: string): Buffer => createHash(algorithm).update(certificate.raw).digest();
  const version2 = values.get(oid.signingCertificateV2)?.[0];
  if (version2) {
    const id = childAt(childAt(childAt(version2, 0), 0), 0);
    const named = id.tag === 0x30;
    const algorithm = named ? digestName(readObjectIdentifier(childAt(id, 0))) : 'sha256';
    const hash = named ? childAt(childAt(childAt(version2, 0), 0), 1) : id;
    return algorithm !== undefined && equal(readOctetString(hash), hashOf(algorithm));
  }
  const version1 = values.get(oid.signingCertificate)?.[0];
  if (version1) return equal(readOctetString(childAt(childAt(childAt(version1, 0), 0), 0)), hashOf('sha1'));
  return undefined;
}

function verifySignature(
  signer: SignerInfo,
  digest: string,
  data: Buffer,
  certificate: ParsedCertificate,
): boolean {
  const key = certificate.x509.publicKey;
  if (readObjectIdentifier(childAt(signer.signatureAlgorithm, 0)) !== oid.rsaPss) {
    return verify(digest, data, key, signer.signature);
  }
  const saltNode = signer.signatureAlgorithm.children[1]?.children.find(({ tag }) => tag === 0xa2);
  const saltLength = saltNode ? Number.parseInt(childAt(saltNode, 0).body.toString('hex'), 16) : 20; // RFC 4055, 3.1
  return verify(
    digest,
    data,
    { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
    signer.signature,
  );
}

/** Checks one signer of a CMS against the digest of what it signs. Says nothing about trust in the certificate. */
export function checkSigner(
  data: SignedData,
  signer: SignerInfo,
  contentDigest: (algorithm: string) => Uint8Array,
): SignerCheck {
  const problems: string[] = [];
  const certificate = findCertificate(data, signer);
  const end = (outcome: SignerCheck['outcome'], problem?: string, bound = false): SignerCheck => {
    if (problem) problems.push(problem);
    return { outcome, problems, certificate, bound };
  };
  if (!certificate) return end('broken', 'certificate_missing');
  const digest = digestName(signer.digestAlgorithm);
  const algorithm = readObjectIdentifier(childAt(signer.signatureAlgorithm, 0));
  if (!digest || !isKnownSignatureAlgorithm(algorithm)) return end('unsupported', 'algorithm_unsupported');
  if (digest === 'sha1') problems.push('digest_weak');
  // Legacy signatures without signed attributes bind neither content type nor certificate: not taken as valid.
  if (!signer.signedAttributes) return end('unsupported', 'attributes_missing');

  const { der, values } = signer.signedAttributes;
  const messageDigest = values.get(oid.messageDigest);
  if (messageDigest?.length !== 1 || !equal(childAtFirst(messageDigest), contentDigest(digest))) {
    return end('broken', 'content_changed');
  }
  const contentType = values.get(oid.contentType)?.[0];
  if (!contentType || readObjectIdentifier(contentType) !== data.contentType) {
    return end('broken', 'content_type_wrong');
  }
  const bound = essBinding(values, certificate);
  if (bound === false) return end('broken', 'certificate_swapped');
  let genuine: boolean;
  try {
    genuine = verifySignature(signer, digest, der, certificate);
  } catch {
    return end('unsupported', 'algorithm_unsupported', bound);
  }
  return genuine ? end('valid', undefined, bound ?? false) : end('broken', 'signature_wrong', bound);
}

const childAtFirst = (values: Asn1Node[]): Buffer =>
  values[0] ? readOctetString(values[0]) : Buffer.alloc(0);
