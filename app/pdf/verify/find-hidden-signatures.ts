import { PDF } from '@libpdf/core';
import { readByteRange } from './check-byte-range.ts';
import { findSignatureFields } from './find-signatures.ts';
import type { SignatureField } from './find-signatures.ts';

const MAX_TRIED = 20;

/**
 * Signatures that are in the file's bytes but that its form does not reach any more. Where the revision that ends with
 * such a range has the signature, it was removed by what was appended later.
 */
export async function findHiddenSignatures(
  file: Buffer,
  pdf: PDF,
  fields: SignatureField[],
): Promise<{ unreachable: number; removed: { pdf: PDF; field: SignatureField }[] }> {
  const reached = new Set(fields.map(({ signature }) => readByteRange(pdf, signature).join()));
  const ranges = new Map<string, number>();
  let raw = 0;
  for (let at = file.indexOf('/ByteRange'); at >= 0; at = file.indexOf('/ByteRange', at + 1)) {
    raw++;
    const text = file.subarray(at, at + 120).toString('latin1');
    const [, ...numbers] = /^\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/.exec(text) ?? [];
    if (numbers.length === 4) ranges.set(numbers.join(), Number(numbers[2]) + Number(numbers[3]));
  }
  const removed: { pdf: PDF; field: SignatureField }[] = [];
  const lost = [...ranges].filter(([key, end]) => !reached.has(key) && end < file.length);
  for (const [key, end] of lost.slice(0, MAX_TRIED)) {
    const revision = await PDF.load(file.subarray(0, end)).catch(() => undefined);
    const field =
      revision &&
      findSignatureFields(revision).find(
        ({ signature }) => readByteRange(revision, signature).join() === key,
      );
    if (revision && field) removed.push({ pdf: revision, field });
  }
  return { unreachable: ranges.size === 0 ? 0 : Math.max(0, raw - fields.length), removed };
}
