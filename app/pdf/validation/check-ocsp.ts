import { createHash } from 'node:crypto';
import { oid } from '../asn1/object-identifiers.ts';
import { readOctetString } from '../asn1/read-der.ts';
import { isIssuedBy } from '../certificate/build-path.ts';
import { publicKeyBits } from '../cms/read-certificate.ts';
import type { ParsedCertificate } from '../cms/read-certificate.ts';
import { verifyValue } from '../cms/verify-value.ts';
import { CLOCK_SKEW_MS, countsFor } from './certificate-status.ts';
import type { CertificateStatus } from './certificate-status.ts';
import { isAbout } from './read-ocsp.ts';
import type { OcspAnswer } from './read-ocsp.ts';

function isResponder({ responder }: OcspAnswer, candidate: ParsedCertificate): boolean {
  const [named] = responder.children;
  if (!named) return false;
  if (responder.tag === 0xa1) return named.raw.equals(candidate.subject);
  const keyHash = createHash('sha1').update(publicKeyBits(candidate)).digest(); // RFC 6960, 4.2.1: always SHA-1
  return responder.tag === 0xa2 && readOctetString(named).equals(keyHash);
}

/**
 * Who signed an answer, when they may: the issuer itself, or a responder whose certificate the issuer made for that
 * (RFC 6960, 4.2.2.2). That certificate is taken as good while it is valid, with id-pkix-ocsp-nocheck or without: its
 * issuer is free to make it short-lived, and asking it about itself says nothing.
 */
function mayAnswer(answer: OcspAnswer, issuer: ParsedCertificate): ParsedCertificate | undefined {
  return [issuer, ...answer.certificates].find((candidate) => {
    if (!isResponder(answer, candidate)) return false;
    if (candidate.raw.equals(issuer.raw)) return true;
    const { x509 } = candidate;
    const valid =
      new Date(x509.validFrom) <= answer.producedAt && answer.producedAt <= new Date(x509.validTo);
    return valid && x509.keyUsage?.includes(oid.ocspSigning) === true && isIssuedBy(candidate, issuer);
  });
}

/** An answer is looked at for every certificate of every signature; its own signature needs to be checked once. */
const known = new WeakMap<OcspAnswer, { issuer: Buffer; holds: boolean }>();

function holds(answer: OcspAnswer, issuer: ParsedCertificate): boolean {
  const found = known.get(answer);
  if (found?.issuer.equals(issuer.raw)) return found.holds;
  const responder = mayAnswer(answer, issuer);
  let genuine = false;
  try {
    const { algorithm, signed, signature } = answer;
    genuine =
      responder !== undefined && verifyValue(algorithm, [signed], signature, responder.x509.publicKey);
  } catch {
    // An algorithm that we do not know proves nothing.
  }
  known.set(answer, { issuer: issuer.raw, holds: genuine });
  return genuine;
}

/**
 * What an OCSP answer says about a certificate; undefined when it is about another, is signed by somebody else, is from
 * the future, or says that it does not know.
 */
export function statusInOcsp(
  answer: OcspAnswer,
  certificate: ParsedCertificate,
  issuer: ParsedCertificate,
): CertificateStatus | undefined {
  const entry = answer.entries.find((candidate) => isAbout(candidate.certificate, certificate, issuer));
  if (!entry || entry.status === 'unknown') return undefined;
  if (!holds(answer, issuer)) return undefined;
  const { thisUpdate, nextUpdate, revokedAt } = entry;
  if (thisUpdate.getTime() > answer.producedAt.getTime() + CLOCK_SKEW_MS) return undefined;
  return countsFor(certificate, { outcome: entry.status, thisUpdate, nextUpdate, revokedAt });
}
