import { createHash } from 'node:crypto';
import { DocumentRefused } from '../../ports/pdf-engine.ts';
import type { DocumentPart, IntakeLimits, IntakeWarning, PreparedBundle } from '../../ports/pdf-engine.ts';
import { flattenForm } from './flatten-form.ts';
import { inspectDocument } from './inspect-document.ts';
import type { InspectedDocument } from './inspect-document.ts';
import { mergeDocuments } from './merge-documents.ts';

const MEBIBYTE = 1024 * 1024;
const DEFAULTS = { maxBytes: 50 * MEBIBYTE, maxPages: 500 };

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A merge has no place for several forms: their fields become what they show. */
async function withoutForm(document: InspectedDocument, part: number): Promise<InspectedDocument> {
  const flat = await inspectDocument(await flattenForm(document.bytes, part), part);
  return { ...flat, warnings: [...document.warnings, 'form_flattened'] };
}

function checkMerge(documents: InspectedDocument[]): void {
  for (const [part, { signed, hiddenLayers }] of documents.entries()) {
    if (signed) throw new DocumentRefused('already_signed_merge', part);
    if (hiddenLayers) throw new DocumentRefused('hidden_layers', part);
  }
}

/** See PdfEngine.prepareBundle. */
export async function prepareBundle(request: {
  parts: DocumentPart[];
  limits?: IntakeLimits;
}): Promise<PreparedBundle> {
  const { parts, limits } = request;
  const { maxBytes, maxPages } = { ...DEFAULTS, ...limits };
  if (parts.length === 0) throw new DocumentRefused('empty', -1);
  let size = 0;
  for (const [part, { bytes }] of parts.entries()) {
    size += bytes.length;
    if (size > maxBytes) throw new DocumentRefused('too_large', part, `${size} of ${maxBytes} bytes`);
  }

  const documents: InspectedDocument[] = [];
  let pages = 0;
  for (const [part, { bytes }] of parts.entries()) {
    const document = await inspectDocument(bytes, part);
    pages += document.pages;
    if (pages > maxPages) throw new DocumentRefused('too_many_pages', part, `${pages} of ${maxPages} pages`);
    documents.push(document);
  }
  const single = documents.length === 1 ? documents[0] : undefined;
  if (!single) {
    checkMerge(documents);
    for (const [part, document] of documents.entries()) {
      if (document.hasForm) documents[part] = await withoutForm(document, part);
    }
  }
  const pdf = single ? single.bytes : await mergeDocuments(documents);
  const warnings = documents.flatMap((document, part) => {
    const codes: IntakeWarning[] = [...document.warnings];
    if (single?.signed) codes.push('already_signed');
    if (single?.hiddenLayers) codes.push('hidden_layers');
    if (part > 0 && document.hasExtras) codes.push('extras_dropped');
    return codes.map((code) => ({ code, part }));
  });
  let firstPage = 1;
  return {
    pdf,
    pages,
    sha256: sha256(pdf),
    parts: parts.map(({ name, bytes }, part) => {
      const count = documents[part]?.pages ?? 0;
      const described = { name, sha256: sha256(bytes), firstPage, pages: count };
      firstPage += count;
      return described;
    }),
    alreadySigned: single?.signed ?? false,
    warnings,
  };
}
