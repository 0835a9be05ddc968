import { createPrivateKey, sign as signWith, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { SealCertificate } from '../../ports/pdf-engine.ts';
import { toSealCertificate } from './to-seal-certificate.ts';

const signOffThread = promisify(signWith) as (
  algorithm: string,
  data: Uint8Array,
  key: KeyObject,
) => Promise<Buffer>;

/**
 * A certificate that somebody brought, out of its PEM text: the key (PKCS#8, not encrypted), then the chain, leaf first.
 * @throws Error for a text without key or certificate
 */
export function openKeyPem(pem: string): SealCertificate {
  const key = createPrivateKey(pem);
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const signer = {
    chain: certificates.map((text) => new Uint8Array(new X509Certificate(text).raw)),
    keyType: key.asymmetricKeyType === 'ec' ? ('EC' as const) : ('RSA' as const),
    sign: (data: Uint8Array) => signOffThread('sha256', data, key),
  };
  return toSealCertificate(signer, false);
}
