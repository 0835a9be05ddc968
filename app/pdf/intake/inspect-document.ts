import { PDF } from '@libpdf/core';
import { DocumentRefused } from '../../ports/pdf-engine.ts';
import type { IntakeWarning, RefusalReason } from '../../ports/pdf-engine.ts';
import { arrayOf, dictOf, nameOf, resolve } from '../drawing/pdf-objects.ts';
import { certificationOf } from '../verify/certification.ts';
import { findEndlessToken } from '../syntax/find-endless-token.ts';
import { findSignatureFields } from '../verify/find-signatures.ts';
import type { SignatureField } from '../verify/find-signatures.ts';
import { readLocks } from '../verify/read-locks.ts';
import { hasHiddenLayers } from './carry-layers.ts';
import { findActiveContent } from './find-active-content.ts';
import type { Qpdf } from './run-qpdf.ts';
import { separatePages } from './separate-pages.ts';

/** A part that was found fit, possibly rewritten. */
export interface InspectedDocument {
  bytes: Uint8Array;
  pdf: PDF;
  pages: number;
  signed: boolean;
  hasForm: boolean;
  hiddenLayers: boolean;
  warnings: IntakeWarning[];
}

interface Loaded {
  bytes: Uint8Array;
  pdf: PDF;
}

type Refuse = (reason: RefusalReason, detail?: string) => DocumentRefused;

const HEADER_WITHIN = 1024; // where readers look for %PDF- (ISO 32000-1, annex H, note 13)

async function tryLoad(bytes: Uint8Array): Promise<PDF | undefined> {
  if (findEndlessToken(bytes) !== undefined) return undefined;
  try {
    const pdf = await PDF.load(bytes);
    return pdf.getPageCount() >= 0 ? pdf : undefined;
  } catch {
    return undefined;
  }
}

/** Protected files are not opened, even where an empty password would do: their author did not want them changed. */
function checkEncryption(pdf: PDF | undefined, refuse: Refuse): void {
  if (!pdf?.isEncrypted) return;
  const handler = nameOf(pdf, dictOf(pdf, pdf.context.info.trailer.get('Encrypt'))?.get('Filter'));
  const needsPassword = handler === 'Standard' && !pdf.isAuthenticated;
  throw refuse(needsPassword ? 'password_required' : 'encrypted', handler);
}

/** Rewrites a file that cannot be appended to: with qpdf, else with what libpdf could read of it. */
async function rewrite(
  bytes: Uint8Array,
  pdf: PDF | undefined,
  qpdf: Qpdf,
  refuse: Refuse,
): Promise<Loaded & { mended: boolean }> {
  const outcome = await qpdf(bytes);
  if (!outcome.ok && outcome.reason === 'password') throw refuse('password_required', outcome.detail);
  if (!outcome.ok && outcome.reason === 'encrypted') throw refuse('encrypted', outcome.detail);
  const rewritten = outcome.ok ? await tryLoad(outcome.bytes) : undefined;
  if (outcome.ok && rewritten && (rewritten.getPageCount() > 0 || !pdf?.getPageCount())) {
    return { bytes: outcome.bytes, pdf: rewritten, mended: outcome.warned };
  }
  if (pdf && pdf.getPageCount() > 0) {
    const saved = await savedAnew(pdf);
    const loaded = await tryLoad(saved);
    if (loaded) return { bytes: saved, pdf: loaded, mended: true };
  }
  throw refuse('damaged', outcome.ok ? 'unreadable after repair' : outcome.detail);
}

/** Marks the catalog as changed, or libpdf would hand its input back instead of writing. */
async function savedAnew(pdf: PDF): Promise<Uint8Array> {
  pdf.getCatalog().dirty = true;
  return pdf.save();
}

/**
 * Takes one file apart as far as is needed to know whether it can be signed.
 * @throws DocumentRefused
 */
export async function inspectDocument(
  input: Uint8Array,
  part: number,
  qpdf: Qpdf,
): Promise<InspectedDocument> {
  const refuse: Refuse = (reason, detail) => new DocumentRefused(reason, part, detail);
  if (input.length === 0) throw refuse('empty');
  const head = Buffer.from(input.buffer, input.byteOffset, Math.min(HEADER_WITHIN, input.length));
  if (!head.includes('%PDF-')) throw refuse('not_pdf');

  const warnings: IntakeWarning[] = [];
  const { bytes, pdf, repaired } = await makeReadable(input, qpdf, refuse);
  if (pdf.getPageCount() === 0) throw refuse('no_pages');
  if (repaired) warnings.push('repaired');
  const signatures = findSignatureFields(pdf);
  checkContent(pdf, refuse);
  const isFinal = (field: SignatureField): boolean =>
    certificationOf(pdf, field.signature) === 1 || readLocks(pdf, field).level === 1;
  if (signatures.some(isFinal)) {
    throw refuse('already_signed_locked');
  }
  const signed = signatures.length > 0;
  const usable = signed ? { bytes, pdf } : await makeAppendable({ bytes, pdf }, qpdf, refuse);
  const form = dictOf(usable.pdf, usable.pdf.getCatalog().get('AcroForm'));
  return {
    ...usable,
    pages: usable.pdf.getPageCount(),
    signed,
    hasForm: (arrayOf(usable.pdf, form?.get('Fields'))?.length ?? 0) > 0,
    hiddenLayers: hasHiddenLayers(usable.pdf),
    warnings,
  };
}

/** Loads the file as it is, or what a repair makes of it. */
async function makeReadable(
  input: Uint8Array,
  qpdf: Qpdf,
  refuse: Refuse,
): Promise<Loaded & { repaired: boolean }> {
  const pdf = await tryLoad(input);
  checkEncryption(pdf, refuse);
  const sound = pdf && !pdf.recoveredViaBruteForce && pdf.getPageCount() > 0;
  if (sound) return { bytes: input, pdf, repaired: false };
  const refuseSigned = (found: PDF | undefined): void => {
    if (!found || findSignatureFields(found).length === 0) return;
    throw refuse('damaged', 'signed and damaged: a repair would break its signature');
  };
  refuseSigned(pdf);
  const rewritten = await rewrite(input, pdf, qpdf, refuse);
  checkEncryption(rewritten.pdf, refuse);
  refuseSigned(rewritten.pdf);
  // Some sound files are beyond libpdf alone: it is a repair when it was seen to be one, here or by qpdf.
  const repaired = pdf?.recoveredViaBruteForce === true || rewritten.mended;
  return { ...rewritten, repaired };
}

/**
 * Writes a file anew that is sound, but not one to append to: a linearized one, which libpdf refuses; one with a page
 * object in two places; one with usage rights (a signature of the author's program, ISO 32000-1, 12.8.2.3), which the
 * first change breaks; one whose signature somebody removed, which would count as a change of the signed document.
 */
async function makeAppendable(document: Loaded, qpdf: Qpdf, refuse: Refuse): Promise<Loaded> {
  const { bytes, pdf } =
    document.pdf.canSaveIncrementally() === null
      ? document
      : await rewrite(document.bytes, document.pdf, qpdf, refuse);
  const hadRights = pdf.getCatalog().delete('Perms');
  const hadSignature = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('/ByteRange');
  if (!separatePages(pdf) && !hadRights && !hadSignature) return { bytes, pdf };
  const saved = await savedAnew(pdf);
  return { bytes: saved, pdf: await PDF.load(saved) };
}

function checkContent(pdf: PDF, refuse: Refuse): void {
  const catalog = pdf.getCatalog();
  const form = dictOf(pdf, catalog.get('AcroForm'));
  // A viewer that knows XFA shows other content than one that does not: nobody could say what was signed.
  const needsRendering = resolve(pdf, catalog.get('NeedsRendering'));
  if (form?.has('XFA') || (needsRendering?.type === 'bool' && needsRendering.value)) {
    throw refuse('dynamic_xfa');
  }
  let active: string | undefined;
  try {
    active = findActiveContent(pdf);
  } catch (error) {
    if (error instanceof RangeError) throw refuse('too_complex', error.message);
    throw error;
  }
  if (active) throw refuse('active_content', active);
}
