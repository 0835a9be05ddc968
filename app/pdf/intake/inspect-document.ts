import { PDF } from '@libpdf/core';
import { DocumentRefused } from '../../ports/pdf-engine.ts';
import type { IntakeWarning, RefusalReason } from '../../ports/pdf-engine.ts';
import { arrayOf, dictOf, nameOf, resolve } from '../drawing/pdf-objects.ts';
import { certificationOf } from '../verify/certification.ts';
import { findSignatureFields } from '../verify/find-signatures.ts';
import { findActiveContent } from './find-active-content.ts';
import { runQpdf } from './run-qpdf.ts';

/** A part that was found fit, possibly rewritten. */
export interface InspectedDocument {
  bytes: Uint8Array;
  pdf: PDF;
  pages: number;
  signed: boolean;
  hasForm: boolean;
  hasExtras: boolean;
  hiddenLayers: boolean;
  warnings: IntakeWarning[];
}

const HEADER_WITHIN = 1024; // where readers look for %PDF- (ISO 32000-1, annex H, note 13)

async function tryLoad(bytes: Uint8Array): Promise<PDF | undefined> {
  try {
    const pdf = await PDF.load(bytes);
    return pdf.getPageCount() >= 0 ? pdf : undefined;
  } catch {
    return undefined;
  }
}

/** Layers that are off when the document is opened. */
function hasHiddenLayers(pdf: PDF): boolean {
  const properties = dictOf(pdf, pdf.getCatalog().get('OCProperties'));
  const config = dictOf(pdf, properties?.get('D'));
  const off = arrayOf(pdf, config?.get('OFF'))?.length ?? 0;
  return off > 0 || nameOf(pdf, config?.get('BaseState')) === 'OFF';
}

/** Rewrites a file that cannot be appended to: with qpdf, else with what libpdf could read of it. */
async function rewrite(
  bytes: Uint8Array,
  pdf: PDF | undefined,
  refuse: Refuse,
): Promise<{ bytes: Uint8Array; pdf: PDF }> {
  const outcome = await runQpdf(bytes);
  if (!outcome.ok && outcome.reason === 'password') throw refuse('password_required', outcome.detail);
  let rewritten = outcome.ok ? outcome.bytes : undefined;
  let loaded = rewritten && (await tryLoad(rewritten));
  if ((!loaded || loaded.getPageCount() === 0) && pdf && pdf.getPageCount() > 0) {
    pdf.getCatalog().dirty = true; // makes libpdf write instead of handing the input back
    rewritten = await pdf.save();
    loaded = await tryLoad(rewritten);
  }
  if (!rewritten || !loaded) throw refuse('damaged', outcome.ok ? 'unreadable after repair' : outcome.detail);
  return { bytes: rewritten, pdf: loaded };
}

type Refuse = (reason: RefusalReason, detail?: string) => DocumentRefused;

/**
 * Takes one file apart as far as is needed to know whether it can be signed.
 * @throws DocumentRefused
 */
export async function inspectDocument(input: Uint8Array, part: number): Promise<InspectedDocument> {
  const refuse: Refuse = (reason, detail) => new DocumentRefused(reason, part, detail);
  if (input.length === 0) throw refuse('empty');
  const head = Buffer.from(input.buffer, input.byteOffset, Math.min(HEADER_WITHIN, input.length));
  if (!head.includes('%PDF-')) throw refuse('not_pdf');

  const warnings: IntakeWarning[] = [];
  let bytes = input;
  let pdf = await tryLoad(input);
  if (pdf?.isEncrypted) throw refuse('password_required');
  const damaged = !pdf || pdf.recoveredViaBruteForce || pdf.getPageCount() === 0;
  if (pdf && damaged && findSignatureFields(pdf).length > 0) {
    throw refuse('damaged', 'signed and damaged: a repair would break its signature');
  }
  if (!pdf || damaged) {
    ({ bytes, pdf } = await rewrite(input, pdf, refuse));
    if (pdf.isEncrypted) throw refuse('password_required');
    if (pdf.getPageCount() > 0) warnings.push('repaired');
  }
  if (pdf.getPageCount() === 0) throw refuse('no_pages');

  const signatures = findSignatureFields(pdf);
  const signed = signatures.length > 0;
  if (!signed && pdf.canSaveIncrementally() !== null) {
    ({ bytes, pdf } = await rewrite(bytes, pdf, refuse)); // linearized: nothing wrong with it, only not to be appended to
  }
  checkContent(pdf, refuse);
  const document = pdf;
  if (signatures.some(({ signature }) => certificationOf(document, signature) === 1)) {
    throw refuse('already_signed_locked');
  }
  const catalog = pdf.getCatalog();
  const form = dictOf(pdf, catalog.get('AcroForm'));
  const hasForm = (arrayOf(pdf, form?.get('Fields'))?.length ?? 0) > 0;
  const hasExtras =
    catalog.has('Outlines') || dictOf(pdf, catalog.get('Names'))?.has('EmbeddedFiles') === true;
  const hiddenLayers = hasHiddenLayers(pdf);
  return { bytes, pdf, pages: pdf.getPageCount(), signed, hasForm, hasExtras, hiddenLayers, warnings };
}

function checkContent(pdf: PDF, refuse: Refuse): void {
  const catalog = pdf.getCatalog();
  const form = dictOf(pdf, catalog.get('AcroForm'));
  // A viewer that knows XFA shows other content than one that does not: nobody could say what was signed.
  const needsRendering = resolve(pdf, catalog.get('NeedsRendering'));
  if (form?.has('XFA') || (needsRendering?.type === 'bool' && needsRendering.value))
    throw refuse('dynamic_xfa');
  let active: string | undefined;
  try {
    active = findActiveContent(pdf);
  } catch (error) {
    if (error instanceof RangeError) throw refuse('too_complex', error.message);
    throw error;
  }
  if (active) throw refuse('active_content', active);
}
