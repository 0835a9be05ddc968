import { createHash } from 'node:crypto';
import { PDF } from '@libpdf/core';
import type { SignatureFinding, VerificationResult, Verdict, VerifyRequest } from '../../ports/pdf-engine.ts';
import { readCertificate } from '../cms/read-certificate.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { findEndlessToken } from '../syntax/find-endless-token.ts';
import { checkSignature } from './check-signature.ts';
import { findHiddenSignatures } from './find-hidden-signatures.ts';
import { findSignatureFields } from './find-signatures.ts';
import type { SignatureField } from './find-signatures.ts';
import type { TrustSettings } from './judge-trust.ts';
import { applyDocumentTimestamps } from './apply-document-timestamps.ts';
import { findReservedFields } from './reserved-fields.ts';
import { showChanges } from './show-changes.ts';
import { trackChanges } from './track-changes.ts';
import type { Examined } from './track-changes.ts';

const HEADER_WITHIN = 1024;
const MAX_SIGNATURES = 100;

/** See PdfEngine.verify. */
export async function verifyDocument(
  request: VerifyRequest,
  { seal }: Pick<JobContext, 'seal'>,
): Promise<VerificationResult> {
  const file = Buffer.from(request.pdf.buffer, request.pdf.byteOffset, request.pdf.length);
  const result: VerificationResult = {
    verdict: 'not_a_pdf',
    sha256: createHash('sha256').update(file).digest('hex'),
    size: file.length,
    pages: 0,
    signatures: [],
    changedPages: [],
    warnings: [],
  };
  if (!file.subarray(0, HEADER_WITHIN).includes('%PDF-')) return result;
  const pdf = await tryLoad(file);
  if (!pdf) {
    result.warnings.push('unreadable');
    return { ...result, verdict: file.includes('/ByteRange') ? 'broken' : 'not_a_pdf' };
  }
  result.pages = pdf.getPageCount();
  if (pdf.isEncrypted) {
    result.warnings.push('encrypted');
    return { ...result, verdict: file.includes('/ByteRange') ? 'broken' : 'unsigned' };
  }
  if (pdf.recoveredViaBruteForce) result.warnings.push('structure_damaged');

  const settings: TrustSettings = {
    ours: seal.chain.map(readCertificate),
    selfIssued: seal.selfIssued,
    anchors: (request.anchors ?? []).map(readCertificate),
    registered: (request.registered ?? []).map(readCertificate),
  };
  const fields = findSignatureFields(pdf);
  const hidden = await findHiddenSignatures(file, pdf, fields);
  if (hidden.unreachable > 0) result.warnings.push('unreachable_signatures');
  if (fields.length > MAX_SIGNATURES) result.warnings.push('too_many_signatures');
  const examined = await examine(file, pdf, fields, settings, request.at);
  const changes = await trackChanges(file, pdf, examined);
  const removed = await examineRemoved(file, hidden.removed, settings, request.at);
  result.signatures = [...removed, ...examined.map(({ finding }) => finding)];
  const first = examined.find(({ range }) => range);
  if (first) result.changedPages = await showChanges(file, pdf, first, changes, request.pictures ?? 0);

  const codes = new Set(changes.map(({ code }) => code));
  if (codes.has('structure_suspicious')) result.warnings.push('structure_suspicious');
  // The file may be an earlier state of a document that others signed later: its signatures cannot tell.
  if (findReservedFields(pdf, pdf, new Set()).waiting.size > 0) result.warnings.push('signature_missing');
  if (hasUnsignedAdditions(examined)) result.warnings.push('unsigned_additions');
  if (result.signatures.some(({ integrity }) => integrity === 'unsupported')) {
    result.warnings.push('signature_not_examined');
  }
  const unexamined = fields.length > MAX_SIGNATURES;
  const lost = result.signatures.length === 0 && hidden.unreachable > 0;
  result.verdict = unexamined || lost ? 'broken' : verdictOf(result.signatures);
  return result;
}

async function tryLoad(file: Buffer): Promise<PDF | undefined> {
  if (findEndlessToken(file) !== undefined) return undefined;
  try {
    const pdf = await PDF.load(file);
    return pdf.getPageCount() >= 0 ? pdf : undefined;
  } catch {
    return undefined;
  }
}

/** Each signature by itself, oldest first. */
async function examine(
  file: Buffer,
  pdf: PDF,
  fields: SignatureField[],
  settings: TrustSettings,
  at: Date,
): Promise<Examined[]> {
  const examined: Examined[] = [];
  for (const field of fields.slice(0, MAX_SIGNATURES)) {
    examined.push({ ...(await checkSignature(file, pdf, field, settings, at)), field });
  }
  await applyDocumentTimestamps(file, pdf, examined);
  examined.sort((a, b) => (a.range?.end ?? 0) - (b.range?.end ?? 0));
  for (const [index, { finding }] of examined.entries()) finding.revision = index + 1;
  return examined;
}

/** Signatures that a later revision took out of the form. */
async function examineRemoved(
  file: Buffer,
  removed: { pdf: PDF; field: SignatureField }[],
  settings: TrustSettings,
  at: Date,
): Promise<SignatureFinding[]> {
  const findings: SignatureFinding[] = [];
  for (const { pdf, field } of removed) {
    const { finding } = await checkSignature(file, pdf, field, settings, at);
    finding.changesAfter.push({ code: 'signature_removed', path: '/AcroForm/Fields', permitted: false });
    findings.push(finding);
  }
  return findings;
}

/** What a reader sees of it was made by somebody; all other permitted changes prove something or are signatures. */
const VISIBLE_ADDITIONS = new Set([
  'field_filled',
  'appearance_unchecked',
  'annotation_added',
  'annotation_changed',
  'annotation_removed',
]);

/**
 * Whether something that can be seen came after the last person's signature. It may be permitted, but nobody vouches for
 * it; a time-stamp behind it is to be had by anyone.
 */
function hasUnsignedAdditions(examined: Examined[]): boolean {
  const last = examined.findLast(
    ({ finding }) => finding.kind === 'signature' && finding.integrity === 'valid',
  );
  return last?.finding.changesAfter.some(({ code }) => VISIBLE_ADDITIONS.has(code)) ?? false;
}

function verdictOf(findings: SignatureFinding[]): Verdict {
  const known = findings.filter(({ integrity }) => integrity !== 'unsupported');
  if (known.length === 0) return 'unsigned';
  if (known.some(({ integrity }) => integrity === 'broken')) return 'broken';
  const changed = known.some(({ changesAfter }) => changesAfter.some(({ permitted }) => !permitted));
  return changed ? 'changed' : 'unchanged';
}
