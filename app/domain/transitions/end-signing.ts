import { SYSTEM } from '../journal.ts';
import type { Actor } from '../journal.ts';
import type { SealLevel } from '../sealing-plan.ts';
import { isFinal, isSignerDone } from '../signing-status.ts';
import type { ResultDocuments, Signing, StoredFile } from '../signing.ts';
import { Draft, TransitionError } from './draft.ts';

const OUTGOING = ['submit', 'invite', 'remind', 'apply_mandate', 'apply_signature', 'seal'] as const;

/** Everybody signed and the sealed files exist; they go back into the portal next. */
export function markSealed(
  signing: Signing,
  files: { signedFile: StoredFile; signedAgreement?: StoredFile; report: StoredFile },
  level: SealLevel,
  now: Date,
): Signing {
  if (signing.status !== 'signed') throw new TransitionError(signing.status, 'sealing');
  const draft = new Draft(signing, now).set({ ...files, signedSoFar: undefined });
  draft.record('sealed', SYSTEM, { sha256: files.signedFile.sha256, report: files.report.sha256, level });
  return draft.effect('deliver').done();
}

/**
 * State 50: the files are back in the portal. Without ids the portal would not take them for good; the signing is
 * complete all the same and its files are in the app.
 */
export function markCompleted(signing: Signing, resultDocuments: ResultDocuments, now: Date): Signing {
  const draft = new Draft(signing, now).set({ resultDocuments });
  draft.record('completed', SYSTEM, {
    document: resultDocuments.signed ?? '',
    sha256: signing.signedFile?.sha256 ?? '',
  });
  draft.moveTo('completed').effect('mail', 'completed:initiator');
  for (const signer of signing.signers) draft.effect('mail', `completed:${signer.id}`);
  return draft.done();
}

/** State 70, by a person of the portal or because the deal is gone. */
export function cancelSigning(signing: Signing, actor: Actor, reason: string, now: Date): Signing {
  const draft = new Draft(signing, now).dropPending(OUTGOING);
  draft.setSigners((signer) => (isSignerDone(signer.status) ? {} : { status: 'cancelled' }));
  draft.record('cancelled', actor, { reason });
  draft.moveTo('cancelled');
  notifyInvited(draft, signing, 'cancelled');
  return draft.done();
}

/** State 80: the deadline passed before everybody signed. */
export function expireSigning(signing: Signing, now: Date): Signing {
  if (signing.expiresAt > now) throw new TransitionError(signing.status, 'expiry before the deadline');
  // Everybody signed in time; only the sealing failed, and it can be resumed.
  if (signing.statusBeforeError === 'signed')
    throw new TransitionError(signing.status, 'expiry after the last signature');
  const draft = new Draft(signing, now).dropPending(OUTGOING);
  draft.setSigners((signer) => (isSignerDone(signer.status) ? {} : { status: 'expired' }));
  draft.record('expired', SYSTEM);
  draft.moveTo('expired');
  notifyInvited(draft, signing, 'expired');
  return draft.done();
}

function notifyInvited(draft: Draft, before: Signing, kind: 'cancelled' | 'expired'): void {
  for (const signer of before.signers) if (signer.invitedAt) draft.effect('mail', `${kind}:${signer.id}`);
  draft.effect('mail', `${kind}:initiator`);
}

/** State 90: an essential step failed for good. `reference` is what the log has too. */
export function failSigning(
  signing: Signing,
  error: { text: string; reference: string },
  now: Date,
): Signing {
  if (isFinal(signing.status) || signing.status === 'error')
    throw new TransitionError(signing.status, 'failing');
  const draft = new Draft(signing, now).set({
    error: { ...error, at: now },
    statusBeforeError: signing.status,
  });
  draft.record('error', SYSTEM, { text: error.text, reference: error.reference });
  return draft.moveTo('error').effect('mail', 'error:initiator').done();
}

/** Back into the state the error interrupted; the effect that was given up is tried again, the finished ones are not. */
export function resumeSigning(signing: Signing, actor: Actor, now: Date): Signing {
  if (signing.status !== 'error' || !signing.statusBeforeError)
    throw new TransitionError(signing.status, 'resuming');
  const draft = new Draft(signing, now);
  draft.record('resumed', actor);
  draft.set({ status: signing.statusBeforeError, statusBeforeError: undefined, error: undefined });
  draft.retryGivenUp();
  return draft.done();
}

/** Asks for a reminder to one signer or to all whose turn it is. Returns the signing unchanged when nobody is to be reminded. */
export function remindSigners(
  signing: Signing,
  actor: Actor,
  signerId: string | undefined,
  now: Date,
): Signing {
  const due = signing.signers.filter(
    (signer) =>
      (signer.status === 'sent' || signer.status === 'opened') &&
      (signerId === undefined || signer.id === signerId),
  );
  const draft = new Draft(signing, now);
  for (const signer of due) {
    draft.setSigner(signer.id, { remindedAt: now });
    draft.record('reminded', actor, { signer: signer.id, name: signer.name });
    draft.effect('remind', signer.id);
  }
  return due.length > 0 ? draft.done() : signing;
}
