import { createHash } from 'node:crypto';
import type { PDF } from '@libpdf/core';
import { DocumentRefused } from '../../ports/pdf-engine.ts';
import type { IntakeRequest, IntakeWarning, PreparedBundle } from '../../ports/pdf-engine.ts';
import { takeAnchors } from '../anchors/find-anchors.ts';
import { visiblePage } from '../drawing/page-geometry.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { addStrip } from '../strip/add-strip.ts';
import { flattenForm } from './flatten-form.ts';
import { inspectDocument } from './inspect-document.ts';
import type { InspectedDocument } from './inspect-document.ts';
import { mergeDocuments } from './merge-documents.ts';
import { runBuiltInQpdf, runQpdf } from './run-qpdf.ts';
import type { Qpdf } from './run-qpdf.ts';

const MEBIBYTE = 1024 * 1024;
const DEFAULTS = { maxBytes: 50 * MEBIBYTE, maxPages: 500 };

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type Warnings = PreparedBundle['warnings'];

async function inspectParts({ parts, limits }: IntakeRequest, qpdf: Qpdf): Promise<InspectedDocument[]> {
  const maxBytes = limits?.maxBytes ?? DEFAULTS.maxBytes;
  const maxPages = limits?.maxPages ?? DEFAULTS.maxPages;
  if (parts.length === 0) throw new DocumentRefused('empty', -1);
  let size = 0;
  for (const [part, { bytes }] of parts.entries()) {
    size += bytes.length;
    if (size > maxBytes) throw new DocumentRefused('too_large', part, `${size} of ${maxBytes} bytes`);
  }
  const documents: InspectedDocument[] = [];
  let pages = 0;
  for (const [part, { bytes }] of parts.entries()) {
    const document = await inspectDocument(bytes, part, qpdf);
    pages += document.pages;
    if (pages > maxPages) throw new DocumentRefused('too_many_pages', part, `${pages} of ${maxPages} pages`);
    documents.push(document);
  }
  return documents;
}

/** The document with its fields as plain content; a signed one keeps its form, which its signature covers. */
async function flattened(document: InspectedDocument, part: number, warnings: Warnings): Promise<PDF> {
  const flat = await flattenForm(document.pdf);
  if (flat && document.hasForm) warnings.push({ code: 'form_flattened', part });
  return flat ?? document.pdf;
}

/** A merge has no place for several forms, for a signature over one part alone, or for layers that are off. */
async function mergeParts(
  { parts }: IntakeRequest,
  documents: InspectedDocument[],
  warnings: Warnings,
): Promise<Uint8Array> {
  for (const [part, { signed, hiddenLayers }] of documents.entries()) {
    if (signed) throw new DocumentRefused('already_signed_merge', part);
    if (hiddenLayers) throw new DocumentRefused('hidden_layers', part);
  }
  const sources: { name: string; pdf: PDF }[] = [];
  for (const [part, document] of documents.entries()) {
    sources.push({ name: parts[part]?.name ?? '', pdf: await flattened(document, part, warnings) });
  }
  const { bytes, incomplete } = await mergeDocuments(sources);
  for (const part of incomplete) warnings.push({ code: 'extras_dropped', part });
  return bytes;
}

/** A signed file stays as it is; any other gets what was asked for. */
async function prepareSingle(
  request: IntakeRequest,
  document: InspectedDocument,
  warnings: Warnings,
): Promise<Uint8Array> {
  if (document.signed) warnings.push({ code: 'already_signed', part: 0 });
  if (document.hiddenLayers) warnings.push({ code: 'hidden_layers', part: 0 });
  if (document.signed || !request.flattenForms || !document.hasForm) return document.bytes;
  return (await flattened(document, 0, warnings)).save();
}

/** See PdfEngine.prepareBundle. */
export async function prepareBundle(
  request: IntakeRequest,
  context: Pick<JobContext, 'builtInQpdf'>,
): Promise<PreparedBundle> {
  const documents = await inspectParts(request, context.builtInQpdf ? runBuiltInQpdf : runQpdf);
  const warnings: Warnings = documents.flatMap((document, part) =>
    document.warnings.map((code: IntakeWarning) => ({ code, part })),
  );
  const single = documents.length === 1 ? documents[0] : undefined;
  const alreadySigned = single?.signed ?? false;
  const whole = single
    ? await prepareSingle(request, single, warnings)
    : await mergeParts(request, documents, warnings);

  const { pdf: cleared, anchors, covered } = await takeAnchors(whole, { erase: !alreadySigned });
  if (covered) warnings.push({ code: 'anchor_covered', part: -1 });
  const strip = alreadySigned ? undefined : request.strip;
  const marked = [...anchors, ...(request.positions ?? [])];
  const pdf = strip ? await addStrip(cleared, strip, marked, () => performance.now()) : cleared;

  let firstPage = 1;
  const parts = request.parts.map(({ name, bytes }, part) => {
    const pages = documents[part]?.pages ?? 0;
    const described = { name, sha256: sha256(bytes), firstPage, pages };
    firstPage += pages;
    return described;
  });
  const pageSizes = documents.flatMap(({ pdf: source }) =>
    source.getPages().map(({ dict }) => {
      const { width, height } = visiblePage(source, dict);
      return { width, height };
    }),
  );
  const about = { pages: firstPage - 1, pageSizes, sha256: sha256(pdf) };
  return { pdf, ...about, parts, anchors, alreadySigned, warnings };
}
