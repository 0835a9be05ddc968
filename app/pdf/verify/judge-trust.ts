import type { Trust } from '../../ports/pdf-engine.ts';
import { buildPath } from '../certificate/build-path.ts';
import type { ParsedCertificate } from '../cms/read-certificate.ts';

export interface TrustSettings {
  /** The operator's chain, leaf first. */
  ours: ParsedCertificate[];
  /** The operator's root issues nothing but the operator's own certificates. */
  selfIssued: boolean;
  anchors: ParsedCertificate[];
  /** Put in by customers of this service. */
  registered: ParsedCertificate[];
}

const among = (list: ParsedCertificate[], wanted: ParsedCertificate): boolean =>
  list.some(({ raw }) => raw.equals(wanted.raw));

/**
 * Whom a certificate leads to, at a moment. Says nothing about revocation: see judgeRevocation.
 * @param pool certificates that may be on the path: of the signature, of the document's security store
 */
export async function judgeTrust(
  leaf: ParsedCertificate,
  pool: ParsedCertificate[],
  at: Date,
  { ours, selfIssued, anchors, registered }: TrustSettings,
): Promise<Trust> {
  const otherwise = among(registered, leaf) ? 'registered' : 'unknown';
  const own = ours.slice(0, 1);
  if (among(own, leaf)) return 'ours';
  const path = buildPath(leaf, [...anchors, ...ours, ...pool]);
  const top = path.at(-1);
  if (selfIssued && top && path.length > 1 && among(ours.slice(-1), top)) return 'ours';
  if (!path.some((certificate) => among(anchors, certificate))) return otherwise;
  if (among(anchors, leaf)) return 'anchored';
  return (await validatesAt(path, anchors, at)) ? 'anchored' : otherwise;
}

/** RFC 5280 path validation: validity, basic constraints, key usage, name constraints, policies. */
async function validatesAt(
  path: ParsedCertificate[],
  anchors: ParsedCertificate[],
  at: Date,
): Promise<boolean> {
  const { Certificate, CertificateChainValidationEngine } = await import('pkijs'); // heavy, and seldom needed
  const read = ({ raw }: ParsedCertificate) => Certificate.fromBER(new Uint8Array(raw).buffer);
  try {
    const engine = new CertificateChainValidationEngine({
      trustedCerts: anchors.map(read),
      certs: path.toReversed().map(read),
      checkDate: at,
    });
    const { result } = await engine.verify({ passedWhenNotRevValues: true });
    return result;
  } catch {
    return false; // a certificate that OpenSSL reads and this library does not
  }
}
