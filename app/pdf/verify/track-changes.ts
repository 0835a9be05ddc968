import type { PDF, PdfDict } from '@libpdf/core';
import type { DocumentChange, SignatureFinding } from '../../ports/pdf-engine.ts';
import { readByteRange } from './check-byte-range.ts';
import type { CheckedSignature } from './check-signature.ts';
import { checkHeader, checkStructure } from './check-structure.ts';
import { compareRevisions } from './compare-revisions.ts';
import type { Difference } from './comparison.ts';
import { findSignatureFields } from './find-signatures.ts';
import type { SignatureField } from './find-signatures.ts';
import { judgePermission, narrow } from './judge-permission.ts';
import type { Rules } from './judge-permission.ts';
import { openRevisions } from './open-revisions.ts';
import type { Revision } from './open-revisions.ts';
import { readLocks } from './read-locks.ts';

export type Examined = CheckedSignature & { field: SignatureField };

const suspicious = (path: string): Difference => ({ code: 'structure_suspicious', needs: 'never', path });
const notComparable = (path: string): Difference => ({ code: 'not_comparable', needs: 'never', path });

/**
 * Fills in what came after each signature, what each of them locks, and whether it was there when it was made.
 *
 * Each revision is compared with the next one only: what came after a signature is what came in all steps after it, and a
 * step is permitted when every signature before it permits it.
 * @param signatures oldest first
 * @returns all changes after the oldest signature
 */
export async function trackChanges(
  file: Buffer,
  pdf: PDF,
  signatures: Examined[],
): Promise<DocumentChange[]> {
  const signedEnds = [...new Set(signatures.flatMap(({ range }) => (range ? [range.end] : [])))];
  if (signedEnds.length === 0) return [];
  const ends = isBlank(file.subarray(signedEnds.at(-1))) ? signedEnds : [...signedEnds, file.length];
  // Nothing to compare: the usual case of one signature over the whole file.
  const revisions = ends.length > 1 ? await openRevisions(file, ends, pdf) : [];

  let rules: Rules = { isLocked: () => false };
  const steps: DocumentChange[][] = [];
  for (const [index, end] of ends.entries()) {
    const revision = ends.length > 1 ? revisions[index] : { end, pdf, xref: '' };
    for (const signature of signatures.filter(({ range }) => range?.end === end)) {
      rules = narrow(rules, describeOwnRevision(signature, pdf, revision));
    }
    if (index === ends.length - 1) break;
    const differences = compareStep(file, pdf, revision, revisions[index + 1], signatures);
    steps.push(differences.map((difference) => judgePermission(difference, rules)));
  }

  const header = checkHeader(file);
  const always = header ? [judgePermission(suspicious(header), rules)] : [];
  for (const { finding, range } of signatures) {
    if (!range) continue;
    const changes = [...always, ...steps.slice(ends.indexOf(range.end)).flat()];
    if (changes.length === 0 && ends.at(-1) !== range.end) changes.push(withoutEffect);
    finding.changesAfter = changes;
    markViolation(finding);
  }
  return signatures.find(({ range }) => range)?.finding.changesAfter ?? [];
}

const withoutEffect: DocumentChange = { code: 'trailing_bytes', path: '', permitted: true };

const isBlank = (rest: Buffer): boolean => rest.length < 4096 && /^\s*$/.test(rest.toString('latin1'));

/** What a signature rules from its revision on; notes when that revision does not have it. */
function describeOwnRevision(
  { finding, field }: Examined,
  pdf: PDF,
  revision: Revision | undefined,
): { level?: 1 | 2 | 3; isLocked?(field: string): boolean } {
  const key = readByteRange(pdf, field.signature).join();
  const own =
    revision &&
    findSignatureFields(revision.pdf).find((candidate) => {
      return candidate.name === field.name && readByteRange(revision.pdf, candidate.signature).join() === key;
    });
  if (!revision) return { level: finding.certification };
  if (!own) {
    finding.integrity = 'broken';
    finding.problems.push('not_in_own_revision');
    return { level: finding.certification };
  }
  const { isLocked, fields, level } = readLocks(revision.pdf, own);
  if (fields) finding.locks = fields;
  const levels = [finding.certification, level].filter((known) => known !== undefined);
  return { isLocked, level: levels.length > 0 ? (Math.min(...levels) as 1 | 2 | 3) : undefined };
}

/** What lies between two successive revisions. */
function compareStep(
  file: Buffer,
  pdf: PDF,
  before: Revision | undefined,
  after: Revision | undefined,
  signatures: Examined[],
): Difference[] {
  if (!before || !after) return [notComparable('')];
  const came = signatures.filter(({ range }) => range && range.end > before.end && range.end <= after.end);
  const dictionariesOf = (wanted: Examined[]): Set<PdfDict> => {
    const keys = new Set(wanted.map(({ field }) => readByteRange(pdf, field.signature).join()));
    const all = findSignatureFields(after.pdf).map(({ signature }) => signature);
    return new Set(all.filter((signature) => keys.has(readByteRange(after.pdf, signature).join())));
  };
  const holding = came.filter(({ finding }) => finding.integrity === 'valid');
  try {
    const odd = checkStructure(file, before, after).map(suspicious);
    const [all, vouching] = [dictionariesOf(came), dictionariesOf(holding)];
    return [...compareRevisions(before.pdf, after.pdf, all, vouching), ...odd];
  } catch (error) {
    return [notComparable(error instanceof Error ? error.message.slice(0, 120) : '')];
  }
}

function markViolation(finding: SignatureFinding): void {
  if (finding.certification === undefined) return;
  if (finding.changesAfter.every(({ permitted }) => permitted)) return;
  finding.problems.push('certification_violated');
}
