import { constants, createVerify, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { digestName, oid } from '../asn1/object-identifiers.ts';
import { childAt, readObjectIdentifier } from '../asn1/read-der.ts';
import type { Asn1Node } from '../asn1/read-der.ts';

/** This program does not know the algorithm: neither genuine nor forged. */
export class UnsupportedAlgorithm extends Error {}

/** Algorithms that name their digest (RFC 8017, 5758, 8692); the others take the one that stands beside them. */
const digestIn: Record<string, string> = {
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.14': 'sha224',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.1': 'sha1',
  '1.2.840.10045.4.3.1': 'sha224',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

/**
 * Kinds of keys (as Node names them) that an algorithm is for; undefined for one that is not known. OpenSSL itself looks
 * at the key alone and would quietly use another algorithm.
 */
function keysFor(identifier: string): string[] | undefined {
  if (identifier === oid.ed25519) return ['ed25519'];
  if (identifier === oid.ed448) return ['ed448'];
  if (identifier === oid.rsaPss) return ['rsa', 'rsa-pss'];
  if (identifier === oid.rsaEncryption) return ['rsa'];
  if (!(identifier in digestIn)) return undefined;
  return identifier.startsWith('1.2.840.10045.') ? ['ec'] : ['rsa'];
}

const digestOf = (algorithm: Asn1Node | undefined): string | undefined =>
  algorithm && digestName(readObjectIdentifier(childAt(algorithm, 0)));

/** RSASSA-PSS-params (RFC 4055, 3.1): every part has a default. */
function pssParameters(algorithm: Asn1Node): { digest: string; saltLength: number } {
  const part = (tag: number): Asn1Node | undefined =>
    algorithm.children[1]?.children.find((node) => node.tag === tag)?.children[0];
  const digest = part(0xa0) ? digestOf(part(0xa0)) : 'sha1';
  const mask = part(0xa1) ? digestOf(part(0xa1)?.children[1]) : 'sha1';
  if (!digest || mask !== digest) throw new UnsupportedAlgorithm('PSS with two digests');
  const salt = part(0xa2);
  return { digest, saltLength: salt ? Number.parseInt(salt.body.toString('hex'), 16) : 20 };
}

/**
 * Whether `signature` over `parts` (one after the other) is genuine.
 * @param algorithm AlgorithmIdentifier of the signature
 * @param digest digest that was named apart from it (CMS), by OpenSSL name; absent where there is only one (X.509, OCSP)
 * @throws UnsupportedAlgorithm
 */
export function verifyValue(
  algorithm: Asn1Node,
  parts: Uint8Array[],
  signature: Uint8Array,
  key: KeyObject,
  digest?: string,
): boolean {
  const identifier = readObjectIdentifier(childAt(algorithm, 0));
  const keys = keysFor(identifier);
  if (!keys) throw new UnsupportedAlgorithm(identifier);
  const { asymmetricKeyType: kind = '' } = key;
  if (!keys.includes(kind)) return false;
  try {
    if (kind.startsWith('ed')) return verify(null, Buffer.concat(parts), key, signature);
    const pss = identifier === oid.rsaPss ? pssParameters(algorithm) : undefined;
    const name = digest ?? pss?.digest ?? digestIn[identifier];
    if (!name || (pss && pss.digest !== name)) throw new UnsupportedAlgorithm('digest');
    const verifier = createVerify(name);
    for (const part of parts) verifier.update(part);
    const padding = pss && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.saltLength };
    return verifier.verify({ key, ...padding }, signature);
  } catch (error) {
    throw new UnsupportedAlgorithm(identifier, { cause: error }); // a curve, say, that OpenSSL was built without
  }
}
