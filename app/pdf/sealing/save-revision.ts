import type { PDF } from '@libpdf/core';
import { PdfEngineFailure } from '../../ports/pdf-engine.ts';

/**
 * Writes everything that was changed in `pdf` as one revision after `input`, unsigned.
 * @returns the new file; it begins with `input`
 * @throws PdfEngineFailure `internal`: libpdf rewrites what it cannot append to, without an error, and older signatures
 *   would break
 */
export async function saveRevision(pdf: PDF, input: Uint8Array): Promise<Uint8Array> {
  const output = await pdf.save({ incremental: true });
  if (output.length <= input.length || Buffer.compare(output.subarray(0, input.length), input) !== 0) {
    throw new PdfEngineFailure('internal', 'the revision was not appended');
  }
  return output;
}
