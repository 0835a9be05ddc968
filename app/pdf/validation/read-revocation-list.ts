/** Certificate revocation lists (RFC 5280, 5), of any size: entries are looked at one by one and not kept. */
import { oid } from '../asn1/object-identifiers.ts';
import {
  Asn1Error,
  childAt,
  elementsOf,
  readBitString,
  readDer,
  readShallow,
  readTime,
} from '../asn1/read-der.ts';
import type { Asn1Node, ShallowNode } from '../asn1/read-der.ts';
import { distributionPointUrls, extensionsOf } from '../certificate/read-extensions.ts';

/** Which certificates a list is about (RFC 5280, 5.2.5); absent parts: all that its issuer made. */
export interface ListScope {
  urls: string[];
  only?: 'users' | 'authorities';
}

export interface RevocationList {
  raw: Buffer;
  issuer: Buffer;
  /** What is signed, and how. */
  signed: Buffer;
  algorithm: Asn1Node;
  signature: Buffer;
  thisUpdate: Date;
  nextUpdate?: Date;
  scope: ListScope;
  /** The entries, as they stand. */
  entries: Buffer;
}

const isTime = (element: { tag: number } | undefined): boolean =>
  element?.tag === 0x17 || element?.tag === 0x18;

/**
 * @param der a CertificateList
 * @throws Asn1Error when it is none, or is one that cannot be judged by itself: a delta, an indirect list, one for some
 *   reasons only, or one with a critical extension that this program does not know
 */
export function readRevocationList(der: Uint8Array): RevocationList {
  const list = readShallow(der);
  const signed = readShallow(list.body);
  const algorithm = readDer(list.body, signed.raw.length);
  const value = readDer(list.body, signed.raw.length + algorithm.raw.length);

  const parts = [...elementsOf(signed.body)];
  if (parts[0]?.tag === 0x02) parts.shift(); // version
  const [, issuer, thisUpdate] = parts.splice(0, 3);
  if (!issuer || !thisUpdate || !isTime(thisUpdate)) throw new Asn1Error('revocation list is incomplete');
  const nextUpdate = isTime(parts[0]) ? parts.shift() : undefined;
  const entries = parts[0]?.tag === 0x30 ? parts.shift() : undefined;
  return {
    raw: list.raw,
    issuer: issuer.raw,
    signed: signed.raw,
    algorithm,
    signature: readBitString(value),
    thisUpdate: readTime({ ...thisUpdate, children: [] }),
    nextUpdate: nextUpdate && readTime({ ...nextUpdate, children: [] }),
    scope: readScope(parts[0]),
    entries: entries?.body ?? Buffer.alloc(0),
  };
}

function readScope(extensions: ShallowNode | undefined): ListScope {
  const scope: ListScope = { urls: [] };
  const list = extensions?.tag === 0xa0 ? readDer(extensions.body) : undefined;
  for (const [type, { critical, value }] of extensionsOf(list)) {
    if (type !== oid.issuingDistributionPoint) {
      if (critical) throw new Asn1Error(`critical extension ${type}`); // among them: delta lists
      continue;
    }
    for (const part of readDer(value).children) {
      const set = part.body[0] !== 0;
      if (part.tag === 0xa0) {
        scope.urls = distributionPointUrls(part);
        if (scope.urls.length === 0) throw new Asn1Error('distribution point without an address');
      } else if (part.tag === 0x81 && set) scope.only = 'users';
      else if (part.tag === 0x82 && set) scope.only = 'authorities';
      else if (set || part.tag === 0x83)
        throw new Asn1Error('for some reasons, of other issuers or of attributes');
    }
  }
  return scope;
}

/** When a certificate was revoked, by its serial number (a whole INTEGER); undefined when it is not on the list. */
export function revocationIn(list: RevocationList, serial: Buffer): Date | undefined {
  for (const { raw, body } of elementsOf(list.entries)) {
    if (!readShallow(body).raw.equals(serial)) continue;
    const entry = readDer(raw);
    const invalid = extensionsOf(entry.children[2]).get(oid.invalidityDate)?.value;
    const dates = [readTime(childAt(entry, 1)), ...(invalid ? [readTime(readDer(invalid))] : [])];
    return dates.toSorted((a, b) => a.getTime() - b.getTime())[0]; // a key may be lost before that is known
  }
  return undefined;
}
