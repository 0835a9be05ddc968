import { readExtensions } from '../certificate/read-extensions.ts';
import type { ParsedCertificate } from '../cms/read-certificate.ts';
import { verifyValue } from '../cms/verify-value.ts';
import { countsFor } from './certificate-status.ts';
import type { CertificateStatus } from './certificate-status.ts';
import { revocationIn } from './read-revocation-list.ts';
import type { RevocationList } from './read-revocation-list.ts';

/** What was found out about a list. One of megabytes is asked about the same certificates for every signature. */
const genuine = new WeakMap<RevocationList, { issuer: Buffer; holds: boolean }>();
const looked = new WeakMap<RevocationList, Map<string, Date | undefined>>();

function whenRevoked(list: RevocationList, serial: Buffer): Date | undefined {
  const known = looked.get(list) ?? new Map<string, Date | undefined>();
  looked.set(list, known);
  const key = serial.toString('hex');
  if (!known.has(key)) known.set(key, revocationIn(list, serial));
  return known.get(key);
}

function isSignedBy(list: RevocationList, issuer: ParsedCertificate): boolean {
  const known = genuine.get(list);
  if (known?.issuer.equals(issuer.raw)) return known.holds;
  let holds: boolean;
  try {
    holds = verifyValue(list.algorithm, [list.signed], list.signature, issuer.x509.publicKey);
  } catch {
    holds = false; // an algorithm that we do not know proves nothing
  }
  genuine.set(list, { issuer: issuer.raw, holds });
  return holds;
}

/** A list in parts says nothing about a certificate that names another part (RFC 5280, 6.3.3 b). */
function isFor({ scope }: RevocationList, certificate: ParsedCertificate): boolean {
  if (scope.only && (scope.only === 'authorities') !== certificate.x509.ca) return false;
  const { listUrls } = readExtensions(certificate.raw);
  return scope.urls.length === 0 || scope.urls.some((url) => listUrls.includes(url));
}

/**
 * What a revocation list says about a certificate; undefined when it is for others, or not signed by the certificate's
 * issuer with a key that may sign lists.
 */
export function statusInList(
  list: RevocationList,
  certificate: ParsedCertificate,
  issuer: ParsedCertificate,
): CertificateStatus | undefined {
  if (!list.issuer.equals(issuer.subject) || !isFor(list, certificate)) return undefined;
  if (readExtensions(issuer.raw).keyUsage?.lists === false || !isSignedBy(list, issuer)) return undefined;
  const { thisUpdate, nextUpdate } = list;
  const revokedAt = whenRevoked(list, certificate.serial);
  return countsFor(certificate, {
    outcome: revokedAt ? 'revoked' : 'good',
    thisUpdate,
    nextUpdate,
    revokedAt,
  });
}
