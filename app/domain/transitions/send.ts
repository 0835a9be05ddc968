import { SYSTEM } from '../journal.ts';
import { currentStep, signersOfStep } from '../signing.ts';
import type { Signing, StoredFile } from '../signing.ts';
import { Draft } from './draft.ts';

/** The bundle is fixed (its hash goes into the journal) and the first step's signers are invited: state 20. */
export function markSent(
  signing: Signing,
  files: { bundle: StoredFile; agreement?: StoredFile },
  now: Date,
): Signing {
  const draft = new Draft(signing, now);
  draft.set(files).record('sent', SYSTEM, { sha256: files.bundle.sha256, pages: files.bundle.pages });
  draft.moveTo('sent');
  inviteStep(draft, currentStep(draft.signing));
  return draft.done();
}

/** Invites everybody of a step; a stored signature under a mandate is applied instead of an invitation. */
export function inviteStep(draft: Draft, step: number): void {
  for (const signer of signersOfStep(draft.signing, step)) {
    if (signer.method === 'mandate') {
      draft.effect('apply_mandate', signer.id);
      continue;
    }
    draft.setSigner(signer.id, { status: 'sent', invitedAt: draft.now });
    draft.record('invited', SYSTEM, { signer: signer.id, name: signer.name, step });
    draft.effect('invite', signer.id);
  }
}

/** The company's stored signature cannot be applied (mandate withdrawn meanwhile): the employee is invited by link. */
export function inviteInsteadOfMandate(signing: Signing, signerId: string, now: Date): Signing {
  const draft = new Draft(signing, now);
  const signer = signing.signers.find((each) => each.id === signerId);
  if (!signer || signer.method !== 'mandate' || signer.status !== 'created') return signing;
  draft.setSigner(signerId, { method: 'link', status: 'sent', invitedAt: now });
  draft.record('mandate_missing', SYSTEM, { signer: signerId, name: signer.name });
  draft.effect('invite', signerId);
  return draft.done();
}
