import { PdfDict } from '@libpdf/core';
import type { PDF } from '@libpdf/core';
import { PdfEngineFailure } from '../../ports/pdf-engine.ts';
import { TIMESTAMP_ROOM } from '../cms/request-timestamp.ts';
import { name } from '../drawing/pdf-objects.ts';
import { addField, freeName, namesInUse } from './form-fields.ts';
import { reserveSignature, writeSignature } from './write-signature.ts';

/**
 * Writes everything that was changed in `pdf` as one revision after `input`, with a document time-stamp over the whole
 * file (ISO 32000-2, 12.8.5) in an invisible field on the first page. It says nothing of its own but the time: no /M.
 * @param timestamp gives a token (DER) for a SHA-256
 * @throws PdfEngineFailure `internal`, or whatever `timestamp` rejects with
 */
export async function appendTimestamp(
  pdf: PDF,
  input: Uint8Array,
  timestamp: (imprint: Uint8Array) => Promise<Uint8Array>,
): Promise<Buffer> {
  const page = pdf.getPage(0);
  if (!page) throw new PdfEngineFailure('internal', 'a document without pages');
  const dictionary = PdfDict.of({
    Type: name('DocTimeStamp'),
    Filter: name('Adobe.PPKLite'),
    SubFilter: name('ETSI.RFC3161'),
  });
  const reserved = reserveSignature(pdf, dictionary, TIMESTAMP_ROOM);
  const field = addField(pdf, { name: freeName(namesInUse(pdf), 'Timestamp'), type: 'Sig', page });
  field.dict.set('V', reserved.ref);
  return writeSignature(pdf, input, reserved, timestamp);
}
