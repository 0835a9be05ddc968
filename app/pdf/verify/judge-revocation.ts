import type { Revocation } from '../../ports/pdf-engine.ts';
import { buildPath } from '../certificate/build-path.ts';
import { readExtensions } from '../certificate/read-extensions.ts';
import type { ParsedCertificate } from '../cms/read-certificate.ts';
import { revocationAt } from '../validation/certificate-status.ts';
import { statusesOf } from '../validation/validation-data.ts';
import type { ValidationData } from '../validation/validation-data.ts';

export interface RevocationFinding {
  revocation: Revocation;
  /** When `revoked`: from when. */
  revokedAt?: Date;
  /** The path goes up to a root or an anchor, and of nothing in it the revocation is open. */
  complete: boolean;
}

/** Which finding of one path outweighs which. */
const WEIGHT: Record<Revocation, number> = { good: 0, not_published: 0, unknown: 1, revoked: 2 };

const isSelfIssued = ({ subject, issuer }: ParsedCertificate): boolean => subject.equals(issuer);

/** Whether its authority says anywhere how to ask about this certificate. */
function publishesRevocation({ raw }: ParsedCertificate): boolean {
  try {
    const { ocspUrls, listUrls } = readExtensions(raw);
    return ocspUrls.length + listUrls.length > 0;
  } catch {
    return true; // somewhere, in a way that we cannot read
  }
}

/** Whether one certificate was revoked at a moment, by what the data says about it. */
export function revocationOf(
  certificate: ParsedCertificate,
  issuer: ParsedCertificate | undefined,
  data: ValidationData,
  at: Date,
): { revocation: Revocation; revokedAt?: Date } {
  const statuses = issuer ? statusesOf(certificate, issuer, data) : [];
  if (statuses.length === 0) {
    return { revocation: publishesRevocation(certificate) ? 'unknown' : 'not_published' };
  }
  const { outcome, revokedAt } = revocationAt(statuses, at);
  return { revocation: outcome, revokedAt };
}

/**
 * Whether a signer's certificate, or one above it, was revoked when it signed. Only the given data is looked at, and of
 * that only what the right authority signed.
 * @param leaf the signer's
 * @param anchors authorities that are believed whatever is said about them
 * @param at the moment of signing
 * @returns the leaf's state, unless that of an authority above it is worse
 */
export function judgeRevocation(
  leaf: ParsedCertificate,
  data: ValidationData,
  anchors: ParsedCertificate[],
  at: Date,
): RevocationFinding {
  const path = buildPath(leaf, [...data.certificates, ...anchors]);
  const end = path.findIndex(
    (certificate, index) =>
      isSelfIssued(certificate) || (index > 0 && anchors.some(({ raw }) => raw.equals(certificate.raw))),
  );
  const judged = (end < 0 ? path : path.slice(0, end)).map((certificate, index) =>
    revocationOf(certificate, path[index + 1], data, at),
  );
  const [own, ...above] = judged;
  const worst = above.reduce(
    (found, next) => (WEIGHT[next.revocation] > WEIGHT[found.revocation] ? next : found),
    own ?? { revocation: 'not_published' as const },
  );
  const closed = judged.every(({ revocation }) => revocation === 'good' || revocation === 'not_published');
  return { ...worst, complete: end >= 0 && closed };
}
