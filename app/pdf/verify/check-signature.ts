import { PdfString } from '@libpdf/core';
import type { PDF } from '@libpdf/core';
import type { SignatureFinding } from '../../ports/pdf-engine.ts';
import { oid } from '../asn1/object-identifiers.ts';
import { checkSigner } from '../cms/check-signer.ts';
import { describeCertificate } from '../cms/read-certificate.ts';
import type { ParsedCertificate } from '../cms/read-certificate.ts';
import { readSignedData, readTimestampToken } from '../cms/read-cms.ts';
import type { SignedData, SignerInfo } from '../cms/read-cms.ts';
import { nameOf, readPdfDate, resolve, stringOf } from '../drawing/pdf-objects.ts';
import { dataInCms } from '../validation/data-in-cms.ts';
import { joinValidationData } from '../validation/validation-data.ts';
import { certificationOf } from './certification.ts';
import { checkByteRange } from './check-byte-range.ts';
import type { ByteRange } from './check-byte-range.ts';
import { checkToken, digestOf } from './check-token.ts';
import type { TokenCheck } from './check-token.ts';
import type { SignatureField } from './find-signatures.ts';
import { judgeRevocation } from './judge-revocation.ts';
import type { RevocationFinding } from './judge-revocation.ts';
import { judgeTrust } from './judge-trust.ts';
import type { TrustSettings } from './judge-trust.ts';
import { readValidationData } from './read-validation-data.ts';
import type { DocumentValidationData } from './read-validation-data.ts';

const SUPPORTED = new Set(['ETSI.CAdES.detached', 'adbe.pkcs7.detached', 'ETSI.RFC3161']);

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
    revocation: 'unknown',
    certification: certificationOf(pdf, signature),
    covers: 'nothing',
    revision: 0,
    revisionEnd: 0,
    changesAfter: [],
  };
}

export interface CheckedSignature {
  finding: SignatureFinding;
  range?: ByteRange;
  /** Whether this store proves the signature and its time-stamp for good (level B-LT); absent where it cannot matter. */
  isProvenBy?: (stored: DocumentValidationData) => boolean;
  /** Judges the certificate once more, by another time than the reader's; absent where the signature has its own. */
  judgeAt?: (time: Date) => Promise<void>;
}

/** One signature on its way through the checks. */
interface Examination {
  finding: SignatureFinding;
  data: SignedData;
  signer: SignerInfo;
  subFilter: string;
  /** What it covers, in pieces. */
  content: Uint8Array[];
  stored: DocumentValidationData;
  settings: TrustSettings;
  /** When it has no trusted time. */
  at: Date;
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
  let data: SignedData;
  try {
    data = readSignedData(blob);
  } catch {
    return fail('cms_unreadable', range);
  }
  if (blob.subarray(data.length).some((byte) => byte !== 0)) finding.problems.push('trailing_data');
  const [signer, ...others] = data.signers;
  if (!signer || others.length > 0) return fail('signer_count', range);
  const content = [file.subarray(0, range.gapStart), file.subarray(range.gapEnd, range.end)];
  const stored = readValidationData(pdf);
  const examination = { finding, data, signer, subFilter, content, stored, settings, at };
  try {
    if (finding.kind === 'signature') return { finding, range, ...(await judgeSigner(examination)) };
    await judgeDocumentTimestamp(examination, blob.subarray(0, data.length));
  } catch {
    finding.integrity = 'broken';
    finding.problems.push('cms_unreadable'); // a part that was read only now
  }
  return { finding, range };
}

async function judgeDocumentTimestamp(
  { finding, content, stored, settings, at }: Examination,
  token: Buffer,
): Promise<void> {
  const info = readTimestampToken(token);
  const { stamp, signer, revocation } = await checkToken(info, digestOf(...content), stored, settings);
  finding.timestamp = stamp;
  finding.integrity = stamp.valid ? 'valid' : signer?.outcome === 'unsupported' ? 'unsupported' : 'broken';
  if (!stamp.valid) finding.problems.push(...(signer?.problems ?? []), 'timestamp_wrong');
  if (signer?.certificate) {
    finding.certificate = describeCertificate(signer.certificate);
    finding.certificateValidThen = isValidAt(signer.certificate, stamp.valid ? stamp.time : at);
  }
  finding.trust = stamp.trust;
  setRevocation(finding, revocation(stored));
}

async function judgeSigner(
  examination: Examination,
): Promise<Pick<CheckedSignature, 'isProvenBy' | 'judgeAt'>> {
  const { finding, data, signer, subFilter, content, stored, settings, at } = examination;
  if (data.content) {
    finding.problems.push('cms_not_detached');
    return {};
  }
  const check = checkSigner(data, signer, digestOf(...content), takenDirectly(subFilter, content));
  finding.integrity = check.outcome;
  finding.problems.push(...check.problems);
  const token = await judgeToken(examination);
  const { certificate } = check;
  if (!certificate) return {};

  const own = dataInCms(data, signer);
  const revocationWith = (store: DocumentValidationData, then: Date): RevocationFinding =>
    judgeRevocation(certificate, joinValidationData(own, store), settings.anchors, then);
  const judgeAt = async (time: Date): Promise<void> => {
    const pool = [...own.certificates, ...stored.certificates];
    finding.trust = await judgeTrust(certificate, pool, time, settings);
    finding.certificateValidThen = isValidAt(certificate, time);
    setRevocation(finding, revocationWith(stored, time));
    finding.problems = finding.problems.filter((problem) => problem !== 'certificate_not_valid_then');
    if (!finding.certificateValidThen) finding.problems.push('certificate_not_valid_then');
  };
  finding.certificate = describeCertificate(certificate);
  const trustedTime = token?.stamp.valid && token.stamp.trust !== 'unknown' ? token.stamp.time : undefined;
  await judgeAt(trustedTime ?? at);

  const pades = subFilter === 'ETSI.CAdES.detached' && check.bound;
  finding.level = pades ? (token?.stamp.valid ? 'B-T' : 'B-B') : 'cms';
  const again = trustedTime ? undefined : judgeAt;
  if (finding.level !== 'B-T' || !token) return { judgeAt: again };
  const isProvenBy = (store: DocumentValidationData): boolean =>
    store.present && revocationWith(store, token.stamp.time).complete && token.revocation(store).complete;
  if (isProvenBy(stored)) finding.level = 'B-LT';
  return { isProvenBy, judgeAt: again };
}

/** The time-stamp in a signature, over its value (RFC 3161, appendix A). */
async function judgeToken({
  finding,
  signer,
  stored,
  settings,
}: Examination): Promise<TokenCheck | undefined> {
  const attribute = signer.unsignedAttributes.get(oid.timeStampToken)?.[0];
  if (!attribute) return undefined;
  const info = readTimestampToken(attribute.raw);
  const token = await checkToken(info, digestOf(signer.signature), stored, settings);
  finding.timestamp = token.stamp;
  if (!token.stamp.valid) finding.problems.push('timestamp_wrong');
  return token;
}

/**
 * Old signatures without signed attributes are over the file itself. The same value could be read as one over attributes
 * and the other way round, so the file must begin as no attributes can.
 */
const takenDirectly = (subFilter: string, content: Uint8Array[]): Uint8Array[] | undefined =>
  subFilter === 'adbe.pkcs7.detached' && Buffer.from(content[0]?.subarray(0, 5) ?? []).equals(PDF_HEADER)
    ? content
    : undefined;
const PDF_HEADER = Buffer.from('%PDF-');

function setRevocation(finding: SignatureFinding, { revocation, revokedAt }: RevocationFinding): void {
  finding.revocation = revocation;
  finding.revokedAt = revokedAt;
}
