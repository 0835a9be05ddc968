import { SYSTEM } from '../journal.ts';
import type { SealLevel } from '../sealing-plan.ts';
import { findSigner } from '../signing.ts';
import type { FilePair, Signing } from '../signing.ts';
import { Draft } from './draft.ts';

/** What became of one file when a signature was put into it. */
export interface AppliedSignature {
  readonly file: keyof FilePair;
  /** Lower-case hex SHA-256 of the file before and after. */
  readonly before: string;
  readonly after: string;
  readonly level: SealLevel;
  /** Time from a time-stamp, where there is one. */
  readonly trustedAt?: Date;
  /** The time-stamp that was wanted could not be had. */
  readonly withoutTimestamp: boolean;
}

/** The signing is over and the files on the way are gone: those of a completed one are the beginning of the signed file. */
export const stepsRemoved = (signing: Signing): Signing => ({ ...signing, signedSoFar: undefined });

/** A signer's signature is in the files: the journal has what each was before and after. */
export function signatureApplied(
  signing: Signing,
  signerId: string,
  files: FilePair,
  applied: readonly AppliedSignature[],
  now: Date,
): Signing {
  const signer = findSigner(signing, signerId);
  const draft = new Draft(signing, now).set({ signedSoFar: files });
  for (const { file, before, after, level, trustedAt, withoutTimestamp } of applied) {
    draft.record('signature_applied', SYSTEM, {
      signer: signerId,
      name: signer?.name ?? '',
      file,
      before,
      after,
      level,
      ...(trustedAt ? { trusted: trustedAt.toISOString() } : {}),
      ...(withoutTimestamp ? { note: 'no_timestamp' } : {}),
    });
  }
  return draft.done();
}
