import type { ParsedCertificate } from '../cms/read-certificate.ts';

const MAX_DEPTH = 8;

const issued = (issuer: ParsedCertificate, child: ParsedCertificate): boolean =>
  issuer.subject.equals(child.issuer) && issuer.x509.ca && child.x509.verify(issuer.x509.publicKey);

/** Leaf, its issuer, and so on, as far as `pool` goes; every link's signature holds. */
export function buildPath(leaf: ParsedCertificate, pool: ParsedCertificate[]): ParsedCertificate[] {
  const path = [leaf];
  let current = leaf;
  while (path.length < MAX_DEPTH && !current.subject.equals(current.issuer)) {
    const child = current;
    const issuer = pool.find((candidate) => !path.includes(candidate) && issued(candidate, child));
    if (!issuer) break;
    path.push(issuer);
    current = issuer;
  }
  return path;
}
