import { oid } from '../asn1/object-identifiers.ts';
import { childAt, readDer, readObjectIdentifier, readOctetString } from '../asn1/read-der.ts';
import type { Asn1Node } from '../asn1/read-der.ts';

/** The extensions of a certificate that signing and checking signatures look at (RFC 5280, 4.2). */
export interface CertificateExtensions {
  /** Undefined: the certificate does not limit what its key is for. */
  keyUsage?: { digitalSignature: boolean; nonRepudiation: boolean; certificates: boolean; lists: boolean };
  subjectKeyIdentifier?: Buffer;
  /** Addresses of OCSP responders, of the issuer's certificate, and of revocation lists: http(s) only. */
  ocspUrls: string[];
  issuerUrls: string[];
  listUrls: string[];
}

const URI = 0x86;
const MAX_URL = 1024;

/** GeneralNames that are web addresses; whatever else is there (LDAP, directory names) cannot be asked. */
const webAddress = (name: Asn1Node | undefined): string[] => {
  if (name?.tag !== URI || name.body.length > MAX_URL) return [];
  const text = name.body.toString('latin1');
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? [text] : [];
};

function readKeyUsage(bits: Asn1Node): CertificateExtensions['keyUsage'] {
  const first = bits.body[1] ?? 0;
  return {
    digitalSignature: (first & 0x80) !== 0,
    nonRepudiation: (first & 0x40) !== 0,
    certificates: (first & 0x04) !== 0,
    lists: (first & 0x02) !== 0,
  };
}

const accessUrls = (descriptions: Asn1Node, method: string): string[] =>
  descriptions.children
    .filter((description) => readObjectIdentifier(childAt(description, 0)) === method)
    .flatMap((description) => webAddress(description.children[1]));

/** Addresses in a DistributionPointName: [0] fullName (RFC 5280, 4.2.1.13). */
export const distributionPointUrls = (name: Asn1Node | undefined): string[] =>
  (name?.children.find(({ tag }) => tag === 0xa0)?.children ?? []).flatMap(webAddress);

/** Extensions as type → content; the list of a certificate, a revocation list or one of its entries. */
export function extensionsOf(list: Asn1Node | undefined): Map<string, { critical: boolean; value: Buffer }> {
  const found = new Map<string, { critical: boolean; value: Buffer }>();
  for (const extension of list?.children ?? []) {
    const value = extension.children.at(-1);
    const critical = extension.children.length === 3;
    if (value)
      found.set(readObjectIdentifier(childAt(extension, 0)), { critical, value: readOctetString(value) });
  }
  return found;
}

/**
 * @param der a certificate
 * @throws Asn1Error when an extension is not what its standard says
 */
export function readExtensions(der: Uint8Array): CertificateExtensions {
  const fields = childAt(readDer(der), 0);
  const extensions = extensionsOf(fields.children.find(({ tag }) => tag === 0xa3)?.children[0]);
  const contentOf = (identifier: string): Asn1Node | undefined => {
    const extension = extensions.get(identifier);
    return extension && readDer(extension.value);
  };
  const usage = contentOf(oid.keyUsage);
  const access = contentOf(oid.authorityInformationAccess);
  const points = contentOf(oid.crlDistributionPoints)?.children ?? [];
  return {
    keyUsage: usage && readKeyUsage(usage),
    subjectKeyIdentifier: contentOf(oid.subjectKeyIdentifier)?.body,
    ocspUrls: access ? accessUrls(access, oid.ocspAccess) : [],
    issuerUrls: access ? accessUrls(access, oid.caIssuersAccess) : [],
    listUrls: points.flatMap((point) =>
      distributionPointUrls(point.children.find(({ tag }) => tag === 0xa0)),
    ),
  };
}
