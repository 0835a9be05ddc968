import { createHash } from 'node:crypto';
import { PdfString } from '@libpdf/core';
import type { PDF } from '@libpdf/core';
import type { SignatureFinding, Trust } from '../../ports/pdf-engine.ts';
import { digestName, oid } from '../asn1/object-identifiers.ts';
import { checkSigner } from '../cms/check-signer.ts';
import type { SignerCheck } from '../cms/check-signer.ts';
import { describeCertificate } from '../cms/read-certificate.ts';
import type { ParsedCertificate } from '../cms/read-certificate.ts';
import { readSignedData, readTimestampToken } from '../cms/read-cms.ts';
import type { SignedData, SignerInfo, TimestampInfo } from '../cms/read-cms.ts';
import { nameOf, readPdfDate, resolve, stringOf } from '../drawing/pdf-objects.ts';
import { certificationOf } from './certification.ts';
import { checkByteRange } from './check-byte-range.ts';
import type { ByteRange } from './check-byte-range.ts';
import type { SignatureField } from './find-signatures.ts';
import { judgeTrust } from './judge-trust.ts';
import type { TrustSettings } from './judge-trust.ts';

const SUPPORTED = new Set(['ETSI.CAdES.detached', 'adbe.pkcs7.detached', 'ETSI.RFC3161']);

const digestOf = (...parts: Uint8Array[]): ((algorithm: string) => Buffer) => {
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
};

const isValidAt = ({ x509 }: ParsedCertificate, at: Date): boolean =>
  new Date(x509.validFrom) <= at && at <= new Date(x509.validTo);

/** What the dictionary says about itself: claims, not findings. */
function describeField(pdf: PDF, { name, signature }: SignatureField): SignatureFinding {
  const read = (key: string): string | undefined => stringOf(pdf, signature.get(key));
  const timestamp =
    nameOf(pdf, signature.get('Type')) === 'DocTimeStamp' ||
    nameOf(pdf, signature.get('SubFilter')) === 'ETSI.RFC3161';
  return {
    field: name,
    kind: timestamp ? 'document_timestamp' : 'signature',
    integrity: 'broken',
    problems: [],
    trust: 'unknown',
    certificateValidThen: false,
    name: read('Name'),
    reason: read('Reason'),
    location: read('Location'),
    contact: read('ContactInfo'),
    claimedTime: readPdfDate(read('M')),
    level: timestamp ? 'timestamp' : 'cms',
    certification: certificationOf(pdf, signature),
    covers: 'nothing',
    revision: 0,
    revisionEnd: 0,
    changesAfter: [],
  };
}

interface TimestampCheck {
  time: Date;
  valid: boolean;
  authority: string;
  trust: Trust;
}

/** A token must be for these bytes, hold by itself, and be made by a certificate for time-stamping. */
async function checkToken(
  info: TimestampInfo,
  imprintOf: (algorithm: string) => Uint8Array,
  settings: TrustSettings,
): Promise<{ check: TimestampCheck; signer?: SignerCheck }> {
  const [first] = info.signedData.signers;
  const content = info.signedData.content ?? Buffer.alloc(0);
  const signer = first && checkSigner(info.signedData, first, digestOf(content));
  const certificate = signer?.certificate;
  const algorithm = digestName(info.hashAlgorithm);
  const valid =
    signer?.outcome === 'valid' &&
    certificate?.x509.keyUsage?.includes(oid.timeStamping) === true &&
    algorithm !== undefined &&
    info.imprint.equals(imprintOf(algorithm));
  const trust = certificate
    ? await judgeTrust(certificate, info.signedData.certificates, info.time, settings)
    : 'unknown';
  const authority = certificate ? describeCertificate(certificate).commonName : '';
  return { check: { time: info.time, valid, authority, trust }, signer };
}

export interface CheckedSignature {
  finding: SignatureFinding;
  range?: ByteRange;
}

/** Integrity, signer, time and trust of one signature; what came after it is compared elsewhere. */
export async function checkSignature(
  file: Buffer,
  pdf: PDF,
  field: SignatureField,
  settings: TrustSettings,
  at: Date,
): Promise<CheckedSignature> {
  const finding = describeField(pdf, field);
  const fail = (problem: string, range?: ByteRange): CheckedSignature => {
    finding.problems.push(problem);
    return { finding, range };
  };
  const range = checkByteRange(file, pdf, field.signature);
  if (typeof range === 'string') return fail(range);
  finding.revisionEnd = range.end;
  finding.covers = range.end === file.length ? 'whole_file' : 'earlier_revision';

  const subFilter = nameOf(pdf, field.signature.get('SubFilter')) ?? '';
  if (!SUPPORTED.has(subFilter)) {
    finding.integrity = 'unsupported';
    return fail('subfilter_unsupported', range);
  }
  const contents = resolve(pdf, field.signature.get('Contents'));
  const blob = contents instanceof PdfString ? Buffer.from(contents.bytes) : Buffer.alloc(0);
  const covered = digestOf(file.subarray(0, range.gapStart), file.subarray(range.gapEnd, range.end));
  let data: SignedData;
  try {
    data = readSignedData(blob);
  } catch {
    return fail('cms_unreadable', range);
  }
  if (blob.subarray(data.length).some((byte) => byte !== 0)) finding.problems.push('trailing_data');
  const [signer, ...others] = data.signers;
  if (!signer || others.length > 0) return fail('signer_count', range);
  try {
    if (finding.kind === 'document_timestamp') {
      await judgeDocumentTimestamp(finding, blob.subarray(0, data.length), covered, settings, at);
    } else {
      await judgeSigner(finding, data, signer, covered, subFilter, settings, at);
    }
  } catch {
    finding.integrity = 'broken';
    finding.problems.push('cms_unreadable'); // a part that was read only now
  }
  return { finding, range };
}

async function judgeDocumentTimestamp(
  finding: SignatureFinding,
  token: Buffer,
  covered: (algorithm: string) => Uint8Array,
  settings: TrustSettings,
  at: Date,
): Promise<void> {
  const { check, signer } = await checkToken(readTimestampToken(token), covered, settings);
  finding.timestamp = check;
  finding.integrity = check.valid ? 'valid' : signer?.outcome === 'unsupported' ? 'unsupported' : 'broken';
  if (!check.valid) finding.problems.push(...(signer?.problems ?? []), 'timestamp_wrong');
  if (signer?.certificate) {
    finding.certificate = describeCertificate(signer.certificate);
    finding.certificateValidThen = isValidAt(signer.certificate, check.valid ? check.time : at);
  }
  finding.trust = check.trust;
}

async function judgeSigner(
  finding: SignatureFinding,
  data: SignedData,
  signer: SignerInfo,
  covered: (algorithm: string) => Uint8Array,
  subFilter: string,
  settings: TrustSettings,
  at: Date,
): Promise<void> {
  if (data.content) {
    finding.problems.push('cms_not_detached');
    return;
  }
  const check = checkSigner(data, signer, covered);
  finding.integrity = check.outcome;
  finding.problems.push(...check.problems);
  let time = at;
  const token = signer.unsignedAttributes.get(oid.timeStampToken)?.[0];
  if (token) {
    const { check: stamp } = await checkToken(
      readTimestampToken(token.raw),
      digestOf(signer.signature),
      settings,
    );
    finding.timestamp = stamp;
    if (!stamp.valid) finding.problems.push('timestamp_wrong');
    else if (stamp.trust !== 'unknown') time = stamp.time;
  }
  if (check.certificate) {
    finding.certificate = describeCertificate(check.certificate);
    finding.trust = await judgeTrust(check.certificate, data.certificates, time, settings);
    finding.certificateValidThen = isValidAt(check.certificate, time);
    if (!finding.certificateValidThen) finding.problems.push('certificate_not_valid_then');
  }
  const pades = subFilter === 'ETSI.CAdES.detached' && check.bound;
  finding.level = pades ? (finding.timestamp?.valid ? 'B-T' : 'B-B') : 'cms';
}
