import { createHash } from 'node:crypto';
import { PDF } from '@libpdf/core';
import type { SignatureFinding, VerificationResult, Verdict } from '../../ports/pdf-engine.ts';
import { readCertificate } from '../cms/read-certificate.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { readByteRange } from './check-byte-range.ts';
import { checkSignature } from './check-signature.ts';
import type { CheckedSignature } from './check-signature.ts';
import { compareRevisions } from './compare-revisions.ts';
import { findHiddenSignatures } from './find-hidden-signatures.ts';
import { findSignatureFields } from './find-signatures.ts';
import type { SignatureField } from './find-signatures.ts';
import type { TrustSettings } from './judge-trust.ts';

const HEADER_WITHIN = 1024;
const MAX_SIGNATURES = 100;

type Examined = CheckedSignature & { field: SignatureField };

/** See PdfEngine.verify. */
export async function verifyDocument(
  request: { pdf: Uint8Array; anchors?: Uint8Array[]; at: Date },
  { seal }: JobContext,
): Promise<VerificationResult> {
  const file = Buffer.from(request.pdf.buffer, request.pdf.byteOffset, request.pdf.length);
  const result: VerificationResult = {
    verdict: 'not_a_pdf',
    sha256: createHash('sha256').update(file).digest('hex'),
    size: file.length,
    pages: 0,
    signatures: [],
    warnings: [],
  };
  if (!file.subarray(0, HEADER_WITHIN).includes('%PDF-')) return result;
  let pdf: PDF;
  try {
    pdf = await PDF.load(file);
    result.pages = pdf.getPageCount();
  } catch {
    result.warnings.push('unreadable');
    return { ...result, verdict: file.includes('/ByteRange') ? 'broken' : 'not_a_pdf' };
  }
  if (pdf.isEncrypted) {
    result.warnings.push('encrypted');
    return { ...result, verdict: file.includes('/ByteRange') ? 'broken' : 'unsigned' };
  }
  if (pdf.recoveredViaBruteForce) result.warnings.push('structure_damaged');

  const settings: TrustSettings = {
    ours: seal.chain.map(readCertificate),
    selfIssued: seal.selfIssued,
    anchors: (request.anchors ?? []).map(readCertificate),
  };
  const fields = findSignatureFields(pdf);
  const hidden = await findHiddenSignatures(file, pdf, fields);
  if (hidden.unreachable > 0) result.warnings.push('unreachable_signatures');
  if (fields.length > MAX_SIGNATURES) result.warnings.push('too_many_signatures');
  const examined: Examined[] = [];
  for (const field of fields.slice(0, MAX_SIGNATURES)) {
    examined.push({ ...(await checkSignature(file, pdf, field, settings, request.at)), field });
  }
  examined.sort((a, b) => (a.range?.end ?? 0) - (b.range?.end ?? 0));
  for (const [index, one] of examined.entries()) {
    one.finding.revision = index + 1;
    await compareWithEnd(file, pdf, one, examined);
  }
  enforceCertification(examined.map(({ finding }) => finding));

  for (const removed of hidden.removed) {
    const { finding } = await checkSignature(file, removed.pdf, removed.field, settings, request.at);
    finding.changesAfter.push({ code: 'signature_removed', path: '/AcroForm/Fields', permitted: false });
    result.signatures.push(finding);
  }
  result.signatures.push(...examined.map(({ finding }) => finding));
  if (result.signatures.some(({ integrity }) => integrity === 'unsupported')) {
    result.warnings.push('signature_not_examined');
  }
  const unexamined = fields.length > MAX_SIGNATURES;
  const lost = result.signatures.length === 0 && hidden.unreachable > 0;
  result.verdict = unexamined || lost ? 'broken' : verdictOf(result.signatures);
  return result;
}

/** Lists what came after a signature; also whether the signature was there when it was made. */
async function compareWithEnd(file: Buffer, pdf: PDF, one: Examined, all: Examined[]): Promise<void> {
  const { finding, range, field } = one;
  if (!range || finding.covers !== 'earlier_revision') return;
  const rest = file.subarray(range.end);
  if (rest.length < 4096 && /^\s*$/.test(rest.toString('latin1'))) return; // white space at the end is nothing
  try {
    const revision = await PDF.load(file.subarray(0, range.end));
    const own = readByteRange(pdf, field.signature).join();
    const there = findSignatureFields(revision).some(
      (candidate) =>
        candidate.name === field.name && readByteRange(revision, candidate.signature).join() === own,
    );
    if (!there) {
      finding.integrity = 'broken';
      finding.problems.push('not_in_own_revision');
    }
    const later = all.filter((other) => (other.range?.end ?? 0) > range.end);
    const laterSignatures = new Set(later.map((other) => other.field.signature));
    finding.changesAfter = compareRevisions(revision, pdf, laterSignatures);
    if (finding.changesAfter.length === 0) {
      finding.changesAfter.push({ code: 'trailing_bytes', path: '', permitted: true });
    }
  } catch (error) {
    const path = error instanceof Error ? error.message.slice(0, 120) : '';
    finding.changesAfter.push({ code: 'not_comparable', path, permitted: false });
  }
}

/** Codes that a certification of level 1 permits: nothing that a reader of the document could see. */
const ALWAYS = new Set(['validation_data', 'trailing_bytes', 'metadata']);

/** A certifying signature narrows what is permitted after it (ISO 32000-1, table 254). */
function enforceCertification(findings: SignatureFinding[]): void {
  for (const finding of findings) {
    if (finding.certification !== 1) continue;
    const timestampsOnly = findings
      .filter(({ revisionEnd }) => revisionEnd > finding.revisionEnd)
      .every(({ kind }) => kind === 'document_timestamp');
    for (const change of finding.changesAfter) {
      if (!ALWAYS.has(change.code) && !timestampsOnly) change.permitted = false;
      if (change.code === 'field_filled' || change.code === 'visible_signature') change.permitted = false;
    }
    if (finding.changesAfter.some(({ permitted }) => !permitted)) {
      finding.problems.push('certification_violated');
    }
  }
}

function verdictOf(findings: SignatureFinding[]): Verdict {
  const known = findings.filter(({ integrity }) => integrity !== 'unsupported');
  if (known.length === 0) return 'unsigned';
  if (known.some(({ integrity }) => integrity === 'broken')) return 'broken';
  const changed = known.some(({ changesAfter }) => changesAfter.some(({ permitted }) => !permitted));
  return changed ? 'changed' : 'unchanged';
}
