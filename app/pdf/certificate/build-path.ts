import type { ParsedCertificate } from '../cms/read-certificate.ts';

const MAX_DEPTH = 8;

const known = new WeakMap<ParsedCertificate, Map<ParsedCertificate, boolean>>();

/**
 * Whether a certificate was made by `issuer`, which may make some: name, right and signature. Paths are built again and
 * again from the same certificates, so each pair is checked once.
 */
export function isIssuedBy(child: ParsedCertificate, issuer: ParsedCertificate): boolean {
  if (!issuer.subject.equals(child.issuer) || !issuer.x509.ca) return false;
  const checked = known.get(child) ?? new Map<ParsedCertificate, boolean>();
  known.set(child, checked);
  let genuine = checked.get(issuer);
  if (genuine === undefined) {
    try {
      genuine = child.x509.verify(issuer.x509.publicKey);
    } catch {
      genuine = false; // a key of a kind that OpenSSL does not know
    }
    checked.set(issuer, genuine);
  }
  return genuine;
}

/** Leaf, its issuer, and so on, as far as `pool` goes; every link's signature holds. */
export function buildPath(leaf: ParsedCertificate, pool: ParsedCertificate[]): ParsedCertificate[] {
  const path = [leaf];
  let current = leaf;
  while (path.length < MAX_DEPTH && !current.subject.equals(current.issuer)) {
    const child = current;
    const issuer = pool.find((candidate) => !path.includes(candidate) && isIssuedBy(child, candidate));
    if (!issuer) break;
    path.push(issuer);
    current = issuer;
  }
  return path;
}
