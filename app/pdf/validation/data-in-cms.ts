import { oid } from '../asn1/object-identifiers.ts';
import { readObjectIdentifier } from '../asn1/read-der.ts';
import type { Asn1Node } from '../asn1/read-der.ts';
import type { SignedData, SignerInfo } from '../cms/read-cms.ts';
import { readOcsp } from './read-ocsp.ts';
import { readRevocationList } from './read-revocation-list.ts';
import type { ValidationData } from './validation-data.ts';

const MAX_ANSWERS = 50;

/** Elements of an explicitly tagged SEQUENCE OF in one of the revocation attributes. */
const listIn = (attribute: Asn1Node | undefined, tag: number): Asn1Node[] =>
  attribute?.children.find((node) => node.tag === tag)?.children[0]?.children ?? [];

/** OtherRevocationInfoFormat with an OCSP answer (RFC 5940, 2.1). */
function isOcsp({ tag, children: [format] }: Asn1Node): boolean {
  return tag === 0xa1 && format?.tag === 0x06 && readObjectIdentifier(format) === oid.ocspInCms;
}

/**
 * Certificates and revocation values that a signature carries itself: in the SignedData (RFC 5652, RFC 5940), in Adobe's
 * signed attribute (ISO 32000-1, 12.8.3.3.2) and in the ETSI unsigned one (RFC 5126, 6.3.4).
 */
export function dataInCms(data: SignedData, signer?: SignerInfo): ValidationData {
  const adobe = signer?.signedAttributes?.values.get(oid.adobeRevocationInfo)?.[0];
  const etsi = signer?.unsignedAttributes.get(oid.etsiRevocationValues)?.[0];
  const answers = [
    ...data.revocation.filter(isOcsp).flatMap((other) => other.children[1] ?? []),
    ...listIn(adobe, 0xa1),
    ...listIn(etsi, 0xa1),
  ];
  const lists = [
    ...data.revocation.filter(({ tag }) => tag === 0x30),
    ...listIn(adobe, 0xa0),
    ...listIn(etsi, 0xa0),
  ];
  return {
    certificates: data.certificates,
    answers: readable(answers.slice(0, MAX_ANSWERS), ({ raw }) => readOcsp(raw)),
    lists: readable(lists.slice(0, MAX_ANSWERS), ({ raw }) => readRevocationList(raw)),
  };
}

/** What can be read of many things; one that cannot is left out. */
export function readable<T, U>(items: T[], read: (item: T) => U): U[] {
  return items.flatMap((item) => {
    try {
      return [read(item)];
    } catch {
      return [];
    }
  });
}
