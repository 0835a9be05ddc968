import { PDF } from '@libpdf/core';
import type { CheckedSignature } from './check-signature.ts';
import { readValidationData } from './read-validation-data.ts';
import type { DocumentValidationData } from './read-validation-data.ts';

/**
 * What document time-stamps are worth to the signatures that they cover: a trusted time to one that has none of its own
 * (it was there by then, at the latest), and level B-LTA to one of B-LT whose validation data they cover too (ETSI
 * EN 319 142-1, 6.3). Data that came after the time-stamp is not archived by it.
 * @param checked every signature of `pdf`; their findings are changed in place
 */
export async function applyDocumentTimestamps(
  file: Buffer,
  pdf: PDF,
  checked: CheckedSignature[],
): Promise<void> {
  const stamps = checked
    .filter(({ finding }) => finding.kind === 'document_timestamp' && finding.integrity === 'valid')
    .toSorted((a, b) => a.finding.revisionEnd - b.finding.revisionEnd);
  for (const { finding: stamp } of stamps) {
    const { timestamp, revisionEnd: end } = stamp;
    let store: Promise<DocumentValidationData | undefined> | undefined;
    for (const signature of checked.filter(({ finding }) => finding.revisionEnd < end)) {
      const { finding, isProvenBy, judgeAt } = signature;
      if (judgeAt && timestamp && timestamp.trust !== 'unknown') {
        await judgeAt(timestamp.time);
        signature.judgeAt = undefined; // by the earliest one
      }
      if (finding.level !== 'B-LT') continue;
      const covered = await (store ??= storeAt(file, pdf, end));
      if (covered && isProvenBy?.(covered)) finding.level = 'B-LTA';
    }
  }
}

async function storeAt(file: Buffer, pdf: PDF, end: number): Promise<DocumentValidationData | undefined> {
  if (end === file.length) return readValidationData(pdf);
  const revision = await PDF.load(file.subarray(0, end)).catch(() => undefined);
  return revision && readValidationData(revision);
}
