import type { PDF } from '@libpdf/core';
import { nameOf } from '../drawing/pdf-objects.ts';
import { checkByteRange } from '../verify/check-byte-range.ts';
import { findSignatureFields } from '../verify/find-signatures.ts';

/** Whether a document time-stamp covers the whole file already. */
export function endsWithTimestamp(pdf: PDF, file: Uint8Array): boolean {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  return findSignatureFields(pdf).some(({ signature }) => {
    if (nameOf(pdf, signature.get('SubFilter')) !== 'ETSI.RFC3161') return false;
    const range = checkByteRange(bytes, pdf, signature);
    return typeof range !== 'string' && range.end === file.length;
  });
}
