import { createHash, randomInt } from 'node:crypto';
import { PdfArray, PdfString } from '@libpdf/core';
import type { PDF, PdfDict, PdfRef } from '@libpdf/core';
import { PdfEngineFailure } from '../../ports/pdf-engine.ts';
import { number } from '../drawing/pdf-objects.ts';

/** A signature dictionary that waits for its range and its value. */
export interface ReservedSignature {
  ref: PdfRef;
  /** Bytes that the value may have. */
  room: number;
  /** What stands in /ByteRange until the real offsets are known. */
  marker: string;
}

/**
 * Gives `signature` a place for its value and registers it in `pdf`.
 * @param signature a signature dictionary without /ByteRange and /Contents (ISO 32000-1, table 252)
 * @param room bytes that the value may have
 */
export function reserveSignature(pdf: PDF, signature: PdfDict, room: number): ReservedSignature {
  // Longer than any offset, so that the real numbers fit in; by chance, so that no text in the file can be taken for them.
  const offsets = [0, 1, 2].map(() => randomInt(9_000_000_000, 10_000_000_000));
  signature.set('ByteRange', new PdfArray([0, ...offsets].map(number)));
  signature.set('Contents', new PdfString(new Uint8Array(room), 'hex'));
  return { ref: pdf.register(signature), room, marker: offsets.join(' ') };
}

/** A file that begins with the one before it. */
export interface WrittenRevision {
  pdf: Buffer;
  /** Lower-case hex SHA-256 of `pdf`. */
  sha256: string;
}

/**
 * Writes `pdf` with all its changes as one revision after `input`, and fills in the reserved signature.
 * @param make gives the value for the SHA-256 of everything but the value itself
 * @throws PdfEngineFailure `internal` when the revision is not what it has to be
 */
export async function writeRevision(
  pdf: PDF,
  input: Uint8Array,
  { room, marker }: ReservedSignature,
  make: (digest: Buffer) => Promise<Uint8Array>,
): Promise<WrittenRevision> {
  const saved = await pdf.save({ incremental: true, subsetFonts: true });
  const output = Buffer.from(saved.buffer, saved.byteOffset, saved.length);
  // libpdf rewrites the whole file when it cannot append, without an error: an older signature would break.
  if (output.length <= input.length || output.compare(input, 0, input.length, 0, input.length) !== 0) {
    throw new PdfEngineFailure('internal', 'the revision was not appended');
  }

  const rangeAt = output.indexOf(marker, input.length, 'latin1');
  const valueAt = rangeAt < 0 ? -1 : output.indexOf('<', rangeAt, 'latin1');
  const valueEnd = valueAt + 2 * room + 2;
  if (valueAt < 0 || output.toString('latin1', valueAt, valueEnd) !== `<${'00'.repeat(room)}>`) {
    throw new PdfEngineFailure('internal', 'the place of the signature was not found');
  }
  const covered = `${valueAt} ${valueEnd} ${output.length - valueEnd}`;
  output.write(covered.padEnd(marker.length), rangeAt, 'latin1');

  const before = createHash('sha256').update(output.subarray(0, valueAt));
  const value = await make(before.copy().update(output.subarray(valueEnd)).digest());
  if (value.length > room) {
    throw new PdfEngineFailure('internal', `signature of ${value.length} bytes does not fit in ${room}`);
  }
  output.write(Buffer.from(value).toString('hex'), valueAt + 1, 'latin1');
  return { pdf: output, sha256: before.update(output.subarray(valueAt)).digest('hex') };
}

/** Like {@link writeRevision}, for who needs no hash. */
export async function writeSignature(...revision: Parameters<typeof writeRevision>): Promise<Buffer> {
  return (await writeRevision(...revision)).pdf;
}

/**
 * Makes sure that a file that was opened can be appended to.
 * @throws PdfEngineFailure `internal`: intake lets no such file through
 */
export function assertAppendable(pdf: PDF): void {
  // libpdf refuses every linearized file. Appending ends linearization but harms nothing (ISO 32000-1, annex F.4.6);
  // intake leaves only those that are signed, which have an appended revision already.
  if (pdf.canSaveIncrementally() === 'linearized') pdf['_isLinearized'] = false;
  const blocker = pdf.isEncrypted ? 'encrypted' : pdf.canSaveIncrementally();
  if (blocker !== null) throw new PdfEngineFailure('internal', `no revision can be appended: ${blocker}`);
}
