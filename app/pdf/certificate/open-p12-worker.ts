import { webcrypto } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { P12Signer } from '@libpdf/core';
import type { CertificateFault } from '../../ports/certificate-store.ts';
import { judgeSealCertificate } from './judge-seal-certificate.ts';
import { limitKeyDerivation } from './limit-key-derivation.ts';
import { readP12, SealCertificateError } from './read-p12.ts';

export type OpenedP12 = { pem: string } | { fault: CertificateFault };

const pemOf = (label: string, der: Uint8Array): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
};

function faultOf(error: unknown): CertificateFault {
  if (!(error instanceof SealCertificateError)) return 'unreadable';
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return error.code === 'unreadable' && /no private key/i.test(cause) ? 'no_key' : error.code;
}

/** Opens the file twice: once to check that key and certificates belong together, once for the key itself. */
async function open(p12: Uint8Array, password: string, now: Date): Promise<OpenedP12> {
  try {
    const { chain } = await readP12(p12, password);
    const [fault] = judgeSealCertificate({ chain }, now).faults;
    if (fault) return { fault };
    const { privateKey } = (await P12Signer.create(p12, password)) as unknown as {
      privateKey: webcrypto.CryptoKey;
    };
    const key = new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', privateKey));
    return { pem: [pemOf('PRIVATE KEY', key), ...chain.map((der) => pemOf('CERTIFICATE', der))].join('') };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

limitKeyDerivation(webcrypto.subtle);
const given = workerData as { p12: Uint8Array; password: string; now: Date };
void open(given.p12, given.password, given.now).then((opened) => parentPort?.postMessage(opened));
