import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import 'reflect-metadata'; // @peculiar/x509 resolves its parts through it
import * as x509 from '@peculiar/x509';

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 3072,
};
const YEARS = 10;
const YEAR_MS = 365.25 * 24 * 3600 * 1000;

const newSerial = (): string => `4${randomBytes(15).toString('hex')}`.slice(0, 31);

/**
 * Makes a root and, under it, a sealing certificate. The root's key is thrown away: nothing else can ever be issued under
 * it. Purposes of the leaf: documentSigning for who knows it, e-mail protection because NSS-based viewers (pdfsig,
 * Okular) accept a signature only with it.
 * @returns PEM: key (PKCS#8), then leaf, then root
 */
export async function issueCertificate(organisation: string, now: Date): Promise<string> {
  const usages: KeyUsage[] = ['sign', 'verify'];
  const [rootKeys, leafKeys] = await Promise.all([
    webcrypto.subtle.generateKey(algorithm, false, usages),
    webcrypto.subtle.generateKey(algorithm, true, usages),
  ]);
  const notBefore = new Date(now.getTime() - 3600_000); // clocks differ
  const notAfter = new Date(now.getTime() + YEARS * YEAR_MS);
  const rootName = `CN=${organisation} self-issued root, O=${organisation}`;
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: rootName,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    keys: rootKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: `CN=${organisation} document seal, O=${organisation}`,
    issuer: rootName,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    publicKey: leafKeys.publicKey,
    signingKey: rootKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation,
        true,
      ),
      new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.36']),
      await x509.SubjectKeyIdentifierExtension.create(leafKeys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return [
    key.export({ format: 'pem', type: 'pkcs8' }).toString().trim(),
    leaf.toString('pem'),
    root.toString('pem'),
    '',
  ].join('\n');
}

type KeyUsage = 'sign' | 'verify';
