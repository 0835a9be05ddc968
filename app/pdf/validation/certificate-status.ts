import type { ParsedCertificate } from '../cms/read-certificate.ts';

/** What an authority said of a certificate, once, in an answer whose signature held. */
export interface CertificateStatus {
  outcome: 'good' | 'revoked';
  /** When the answer was right. */
  thisUpdate: Date;
  /** Until when the authority says nothing newer; absent: newer information is there at any time (RFC 6960, 4.2.2.1). */
  nextUpdate?: Date;
  /** Of a revoked one: from when its signatures count for nothing. */
  revokedAt?: Date;
}

/** How far two honest clocks may be apart. */
export const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * An authority may forget that it revoked a certificate once that has expired (RFC 5280, 3.3): a good answer from after
 * that says nothing.
 */
export const countsFor = (
  { x509 }: ParsedCertificate,
  status: CertificateStatus,
): CertificateStatus | undefined =>
  status.outcome === 'good' && status.thisUpdate > new Date(x509.validTo) ? undefined : status;

/**
 * What these answers say about a certificate's signature at a moment. A good one counts when it was given at that moment
 * or later, or was still the current one then; a revocation from then on or before outweighs any number of good ones.
 */
export function revocationAt(
  statuses: CertificateStatus[],
  at: Date,
): { outcome: 'good' | 'revoked' | 'unknown'; revokedAt?: Date } {
  const moment = at.getTime();
  const revocations = statuses.flatMap(({ revokedAt }) => (revokedAt && revokedAt <= at ? [revokedAt] : []));
  const earliest = revocations.toSorted((a, b) => a.getTime() - b.getTime())[0];
  if (earliest) return { outcome: 'revoked', revokedAt: earliest };
  const covered = statuses.some(({ thisUpdate, nextUpdate }) => {
    const until = Math.max(thisUpdate.getTime(), nextUpdate?.getTime() ?? 0);
    return until + CLOCK_SKEW_MS >= moment;
  });
  return { outcome: covered ? 'good' : 'unknown' };
}
