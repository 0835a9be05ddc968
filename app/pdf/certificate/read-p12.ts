import { randomBytes, verify } from 'node:crypto';
import { P12Signer } from '@libpdf/core';
import { readCertificate } from '../cms/read-certificate.ts';
import type { CmsSigner } from '../cms/build-cms.ts';
import { buildPath } from './build-path.ts';

export type P12Fault = 'wrong_password' | 'unreadable' | 'no_matching_certificate';

/** Why a PKCS#12 file cannot be used; `message` is for the operator and names no secret. */
export class SealCertificateError extends Error {
  readonly code: P12Fault;
  readonly retryable = false;
  constructor(code: P12Fault, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SealCertificateError';
    this.code = code;
  }
}

/**
 * Opens a PKCS#12 file (RSA or ECDSA; modern and legacy encryption).
 * @throws SealCertificateError
 */
export async function readP12(bytes: Uint8Array, password: string): Promise<CmsSigner> {
  let opened: P12Signer;
  try {
    opened = await P12Signer.create(bytes, password);
  } catch (cause) {
    // libpdf 0.4.2 looks for "integrity" in small letters, pkijs writes "Integrity … broken": ask again here.
    const text = cause instanceof Error ? cause.message : '';
    if (/integrity|password|\bmac\b/i.test(text)) {
      throw new SealCertificateError('wrong_password', 'The password of the PKCS#12 file is wrong', {
        cause,
      });
    }
    throw new SealCertificateError('unreadable', 'This is not a usable PKCS#12 file', { cause });
  }
  // libpdf takes the first certificate of the bag as the signer's; find the one that belongs to the key.
  const probe = randomBytes(32);
  const signature = await opened.sign(probe, 'SHA-256');
  const certificates = [opened.certificate, ...(opened.certificateChain ?? [])].map(readCertificate);
  const leaf = certificates.find(({ x509 }) => {
    try {
      return verify('sha256', probe, x509.publicKey, signature);
    } catch {
      return false;
    }
  });
  if (!leaf) {
    throw new SealCertificateError(
      'no_matching_certificate',
      'The PKCS#12 file has no certificate that belongs to its private key',
    );
  }
  return {
    chain: buildPath(leaf, certificates).map(({ raw }) => new Uint8Array(raw)),
    keyType: opened.keyType,
    sign: async (data) => opened.sign(data, 'SHA-256'),
  };
}
