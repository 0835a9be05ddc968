import { createPrivateKey, randomUUID, sign as signWith, X509Certificate } from 'node:crypto';
import { chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SealCertificate } from '../../ports/pdf-engine.ts';
import type { CmsSigner } from '../cms/build-cms.ts';
import { loadP12Certificate } from './load-p12-certificate.ts';
import { toSealCertificate } from './to-seal-certificate.ts';

const signOffThread = promisify(signWith) as (
  algorithm: string,
  data: Uint8Array,
  key: ReturnType<typeof createPrivateKey>,
) => Promise<Buffer>;

const FILE = 'seal-certificate.pem';

/** Reads `dataDir/seal-certificate.pem`, made on first use; of several processes that start at once one wins. */
async function readOrIssue(dataDir: string, organisation: string, now: Date): Promise<CmsSigner> {
  const path = join(dataDir, FILE);
  let pem = await readFile(path, 'utf8').catch(() => '');
  if (!pem) {
    const { issueCertificate } = await import('./issue-certificate.ts'); // needed once in an installation's life
    const temporary = join(dataDir, `.${FILE}.${randomUUID()}`);
    await mkdir(dataDir, { recursive: true });
    try {
      await writeFile(temporary, await issueCertificate(organisation, now), { mode: 0o600, flag: 'wx' });
      await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    } finally {
      await unlink(temporary).catch(() => undefined);
    }
    pem = await readFile(path, 'utf8');
  }
  await chmod(path, 0o600);
  const key = createPrivateKey(pem);
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return {
    chain: certificates.map((text) => new Uint8Array(new X509Certificate(text).raw)),
    keyType: key.asymmetricKeyType === 'ec' ? 'EC' : 'RSA',
    sign: (data) => signOffThread('sha256', data, key),
  };
}

/**
 * The operator's sealing certificate: from a PKCS#12 file, else a self-issued one kept in `dataDir` (mode 0600).
 * A self-issued certificate proves that nothing was changed; it says nothing about who the operator is.
 * @throws SealCertificateError for a file that cannot be used (wrong password, not PKCS#12, key without certificate)
 */
export async function loadSealCertificate(options: {
  p12?: Uint8Array;
  password?: string;
  dataDir: string;
  /** Name in a self-issued certificate. */
  organisation?: string;
  now?: Date;
}): Promise<SealCertificate> {
  const { p12, password = '', dataDir, organisation = 'Countersign', now = new Date() } = options;
  if (p12) return loadP12Certificate(p12, password);
  return toSealCertificate(await readOrIssue(dataDir, organisation, now), true);
}
