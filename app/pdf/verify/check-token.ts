import { createHash } from 'node:crypto';
import type { Trust } from '../../ports/pdf-engine.ts';
import { digestName, oid } from '../asn1/object-identifiers.ts';
import { checkSigner } from '../cms/check-signer.ts';
import type { SignerCheck } from '../cms/check-signer.ts';
import { describeCertificate } from '../cms/read-certificate.ts';
import type { TimestampInfo } from '../cms/read-cms.ts';
import { dataInCms } from '../validation/data-in-cms.ts';
import { joinValidationData } from '../validation/validation-data.ts';
import type { ValidationData } from '../validation/validation-data.ts';
import { judgeRevocation } from './judge-revocation.ts';
import type { RevocationFinding } from './judge-revocation.ts';
import { judgeTrust } from './judge-trust.ts';
import type { TrustSettings } from './judge-trust.ts';

export interface TokenCheck {
  stamp: { time: Date; valid: boolean; authority: string; trust: Trust };
  signer?: SignerCheck;
  /** The authority's certificate at the token's time, with the given data and what the token carries. */
  revocation: (stored: ValidationData) => RevocationFinding;
}

/** A digest of `parts`, each algorithm's computed once. */
export function digestOf(...parts: Uint8Array[]): (algorithm: string) => Buffer {
  const known = new Map<string, Buffer>();
  return (algorithm) => {
    let digest = known.get(algorithm);
    if (!digest) {
      const hash = createHash(algorithm);
      for (const part of parts) hash.update(part);
      digest = hash.digest();
      known.set(algorithm, digest);
    }
    return digest;
  };
}

/**
 * A time-stamp must be for these bytes, hold by itself, and be made by a certificate for time-stamping (RFC 3161, 2.4).
 * One whose authority's certificate was revoked then is trusted by nobody.
 * @param imprintOf digest of what is stamped, by OpenSSL name of the algorithm
 * @param stored validation data of the document
 */
export async function checkToken(
  info: TimestampInfo,
  imprintOf: (algorithm: string) => Uint8Array,
  stored: ValidationData,
  settings: TrustSettings,
): Promise<TokenCheck> {
  const { signedData, time } = info;
  const [first] = signedData.signers;
  const content = signedData.content ?? Buffer.alloc(0);
  const signer = first && checkSigner(signedData, first, digestOf(content));
  const certificate = signer?.certificate;
  const algorithm = digestName(info.hashAlgorithm);
  const valid =
    signer?.outcome === 'valid' &&
    certificate?.x509.keyUsage?.includes(oid.timeStamping) === true &&
    algorithm !== undefined &&
    info.imprint.equals(imprintOf(algorithm));

  const own = dataInCms(signedData, first);
  const revocation = (data: ValidationData): RevocationFinding =>
    certificate
      ? judgeRevocation(certificate, joinValidationData(own, data), settings.anchors, time)
      : { revocation: 'unknown', complete: false };
  let trust: Trust = 'unknown';
  if (certificate && revocation(stored).revocation !== 'revoked') {
    trust = await judgeTrust(certificate, [...own.certificates, ...stored.certificates], time, settings);
  }
  const authority = certificate ? describeCertificate(certificate).commonName : '';
  return { stamp: { time, valid, authority, trust }, signer, revocation };
}
