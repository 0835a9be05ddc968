import { PDF } from '@libpdf/core';
import { PdfEngineFailure } from '../../ports/pdf-engine.ts';
import type { ApplySignatureRequest, SealedDocument } from '../../ports/pdf-engine.ts';
import { createFonts } from '../drawing/fonts.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { findSignatureFields } from '../verify/find-signatures.ts';
import { signField } from './append-signature.ts';
import { createMarkPainter } from './draw-mark.ts';
import { madeFieldNames } from './field-names.ts';
import type { FieldNames } from './field-names.ts';
import { fillField } from './fill-field.ts';
import { addForeignField } from './foreign-field.ts';
import { namesInUse } from './form-fields.ts';
import { fieldsOfSigner } from './mark-fields.ts';
import { timestampSignature } from './timestamp-signature.ts';
import { assertAppendable } from './write-signature.ts';

/** Whether a document is one that openForSigning made ready, or was signed before it came. */
function wasOpened(pdf: PDF, names: FieldNames): boolean {
  if (namesInUse(pdf).has(names.certification)) return true;
  if (findSignatureFields(pdf).length > 0) return false;
  throw new PdfEngineFailure('internal', 'the document was not opened for signing');
}

/** See PdfEngine.applySignature. */
export async function applySignature(
  request: ApplySignatureRequest,
  context: JobContext,
): Promise<SealedDocument> {
  const { signer, signing } = request;
  const pdf = await PDF.load(request.pdf);
  assertAppendable(pdf);
  const names = madeFieldNames(namesInUse(pdf), signing.id);
  const fields = fieldsOfSigner(pdf, names, signer.id);
  const fonts = createFonts(pdf);
  const painter = createMarkPainter(pdf, fonts, signing);
  const opened = wasOpened(pdf, names);

  let outside = false;
  let signature = fields.find(({ dict }) => dict.getName('FT')?.value === 'Sig')?.dict;
  if (signature?.has('V')) {
    throw new PdfEngineFailure('internal', `signer ${signer.id} has signed this document already`);
  }
  if (opened) {
    for (const field of fields) fillField(pdf, fonts, painter, field, signer, signing);
  } else {
    ({ dict: signature, outside } = await addForeignField(pdf, fonts, painter, names, request));
  }
  if (!signature) throw new PdfEngineFailure('internal', `signer ${signer.id} has no field to sign in`);

  const timestamp = timestampSignature(request.timestamps, context);
  const written = await signField(pdf, request.pdf, signature, {
    signer: context.seal,
    name: signer.name,
    reason: request.reason ?? signer.purposeText,
    location: request.location,
    contact: request.contact,
    at: signer.signedAt,
    ...timestamp.wanted,
  });
  const { level, timestampAt, warnings } = timestamp.outcome();
  return {
    ...written,
    pages: pdf.getPageCount(),
    level,
    timestampAt,
    warnings: [...(outside ? (['position_outside'] as const) : []), ...warnings],
  };
}
