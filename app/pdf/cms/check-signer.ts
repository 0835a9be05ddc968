import { createHash, timingSafeEqual } from 'node:crypto';
import { digestName, oid } from '../asn1/object-identifiers.ts';
import { childAt, readObjectIdentifier, readOctetString } from '../asn1/read-der.ts';
import type { Asn1Node } from '../asn1/read-der.ts';
import { readExtensions } from '../certificate/read-extensions.ts';
import type { ParsedCertificate } from './read-certificate.ts';
import type { SignedData, SignerInfo } from './read-cms.ts';
import { verifyValue } from './verify-value.ts';

export interface SignerCheck {
  outcome: 'valid' | 'broken' | 'unsupported';
  /** Codes of `pdf.problem.*`. */
  problems: string[];
  certificate?: ParsedCertificate;
  /** The signature names its certificate in a signed attribute (ESS), as PAdES demands. */
  bound: boolean;
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** The certificate that a signer names, if the signature carries it. */
export function findCertificate(
  { certificates }: SignedData,
  { identifier }: SignerInfo,
): ParsedCertificate | undefined {
  if (identifier.tag === 0x80) {
    return certificates.find(({ raw }) => readExtensions(raw).subjectKeyIdentifier?.equals(identifier.body));
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

/**
 * Checks one signer of a CMS against what it signs. Says nothing about trust in the certificate.
 * @param contentDigest of what is signed, by OpenSSL name of the algorithm
 * @param content what is signed, in pieces; given where a signature straight over it, without signed attributes, is taken
 */
export function checkSigner(
  data: SignedData,
  signer: SignerInfo,
  contentDigest: (algorithm: string) => Uint8Array,
  content?: Uint8Array[],
): SignerCheck {
  const problems: string[] = [];
  const certificate = findCertificate(data, signer);
  const end = (outcome: SignerCheck['outcome'], problem?: string, bound = false): SignerCheck => {
    if (problem) problems.push(problem);
    return { outcome, problems, certificate, bound };
  };
  if (!certificate) return end('broken', 'certificate_missing');
  const digest = digestName(signer.digestAlgorithm);
  if (!digest) return end('unsupported', 'algorithm_unsupported');
  if (digest === 'sha1') problems.push('digest_weak');

  const judge = (parts: Uint8Array[], bound: boolean): SignerCheck => {
    try {
      const key = certificate.x509.publicKey;
      const genuine = verifyValue(signer.signatureAlgorithm, parts, signer.signature, key, digest);
      return genuine ? end('valid', undefined, bound) : end('broken', 'signature_wrong', bound);
    } catch {
      return end('unsupported', 'algorithm_unsupported', bound);
    }
  };
  if (!signer.signedAttributes) {
    return content ? judge(content, false) : end('unsupported', 'attributes_missing');
  }

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
  return judge([der], bound ?? false);
}

const childAtFirst = (values: Asn1Node[]): Buffer =>
  values[0] ? readOctetString(values[0]) : Buffer.alloc(0);
