import { SYSTEM } from '../journal.ts';
import type { Actor } from '../journal.ts';
import { currentStep, findSigner } from '../signing.ts';
import type { CodeState, Delivery, Evidence, Signer, Signing } from '../signing.ts';
import { isCollecting } from '../signing-status.ts';
import { Draft, TransitionError } from './draft.ts';
import { inviteStep } from './send.ts';

const actorOf = (signer: Signer): Actor => ({ kind: 'signer', id: signer.id, name: signer.name });

/** The signer, if it is their turn and the signing still collects; a page uses it to decide what to show. */
export function actingSigner(signing: Signing, signerId: string, now: Date): Signer {
  const signer = findSigner(signing, signerId);
  const open = signer && (signer.status === 'sent' || signer.status === 'opened');
  if (!signer || !open || !isCollecting(signing.status) || signer.step > currentStep(signing)) {
    throw new TransitionError(signing.status, `an action of ${signerId}`);
  }
  if (signing.expiresAt <= now) throw new TransitionError('expired', `an action of ${signerId}`);
  return signer;
}

/** The signer opened the page for the first time. Opening again changes nothing. */
export function signerOpened(signing: Signing, signerId: string, ip: string, now: Date): Signing {
  const signer = actingSigner(signing, signerId, now);
  if (signer.status === 'opened') return signing;
  const draft = new Draft(signing, now);
  draft.setSigner(signerId, { status: 'opened', openedAt: now });
  draft.record('opened', actorOf(signer), { signer: signerId, ip });
  if (signing.status === 'sent') draft.moveTo('opened');
  return draft.done();
}

export function codeSent(signing: Signing, signerId: string, code: CodeState, now: Date): Signing {
  const signer = actingSigner(signing, signerId, now);
  const draft = new Draft(signing, now).setSigner(signerId, { code });
  draft.record('code_sent', actorOf(signer), { signer: signerId, channel: code.channel });
  return draft.done();
}

/** One wrong try less; at zero the code is dead and the journal says so. */
export function codeFailed(signing: Signing, signerId: string, now: Date): Signing {
  const signer = actingSigner(signing, signerId, now);
  if (!signer.code) return signing;
  const triesLeft = Math.max(0, signer.code.triesLeft - 1);
  const draft = new Draft(signing, now).setSigner(signerId, { code: { ...signer.code, triesLeft } });
  if (triesLeft === 0) draft.record('code_locked', actorOf(signer), { signer: signerId });
  return draft.done();
}

/** The right code: it is used up. */
export function signerIdentified(signing: Signing, signerId: string, ip: string, now: Date): Signing {
  const signer = actingSigner(signing, signerId, now);
  const draft = new Draft(signing, now).setSigner(signerId, { code: undefined });
  draft.record('identified', actorOf(signer), { signer: signerId, channel: signer.code?.channel ?? '', ip });
  return draft.done();
}

/**
 * A signature: by the signer's own action or, with `method: 'mandate'`, applied for them. Uses up one signature of the
 * balance, and either starts the next step or, when it was the last one, the sealing.
 */
export function signerSigned(signing: Signing, signerId: string, evidence: Evidence, now: Date): Signing {
  const byMandate = evidence.method === 'mandate';
  const signer = byMandate ? mandateSigner(signing, signerId, now) : actingSigner(signing, signerId, now);
  const draft = new Draft(signing, now);
  draft.setSigner(signerId, { status: 'signed', signedAt: now, evidence, openedAt: signer.openedAt ?? now });
  draft.record(byMandate ? 'signed_by_mandate' : 'signed', byMandate ? SYSTEM : actorOf(signer), {
    signer: signerId,
    name: signer.name,
    method: evidence.method,
    ip: evidence.ip,
    consent: evidence.consentVersion,
    bundle: evidence.bundleSha256,
  });
  draft.effect('settle', signerId);
  if (signing.sealing.mode === 'per_signer') draft.effect('apply_signature', signerId);

  const left = draft.signing.signers.filter((each) => each.status !== 'signed');
  if (left.length === 0) {
    draft.record('all_signed', SYSTEM);
    draft.moveTo('signed').effect('seal');
    return draft.done();
  }
  if (signing.status !== 'partly_signed') draft.moveTo('partly_signed');
  const next = currentStep(draft.signing);
  if (next > signer.step && !left.some((each) => each.invitedAt)) {
    draft.record('next_step', SYSTEM, { step: next });
    inviteStep(draft, next);
  }
  return draft.done();
}

function mandateSigner(signing: Signing, signerId: string, now: Date): Signer {
  const signer = findSigner(signing, signerId);
  const due =
    signer?.method === 'mandate' && signer.status === 'created' && signer.step <= currentStep(signing);
  if (!signer || !due || !isCollecting(signing.status) || signing.expiresAt <= now) {
    throw new TransitionError(signing.status, `the mandate of ${signerId}`);
  }
  return signer;
}

/** A refusal ends the signing for everybody: state 60. */
export function signerDeclined(signing: Signing, signerId: string, reason: string, now: Date): Signing {
  const signer = actingSigner(signing, signerId, now);
  const draft = new Draft(signing, now).dropPending(['invite', 'remind', 'apply_mandate', 'apply_signature']);
  draft.setSigner(signerId, { status: 'declined', declinedAt: now, declineReason: reason });
  draft.setSigners((each) =>
    each.status === 'signed' || each.id === signerId ? {} : { status: 'cancelled' },
  );
  draft.record('declined', actorOf(signer), { signer: signerId, name: signer.name, reason });
  draft.moveTo('declined').effect('mail', 'declined:initiator');
  for (const other of signing.signers) {
    if (other.id !== signerId && other.invitedAt) draft.effect('mail', `declined:${other.id}`);
  }
  return draft.done();
}

/** What became of an invitation or reminder; a failure is put before the responsible person. */
export function signerDelivery(signing: Signing, signerId: string, delivery: Delivery, now: Date): Signing {
  const signer = findSigner(signing, signerId);
  if (!signer) return signing;
  const draft = new Draft(signing, now).setSigner(signerId, { delivery });
  const failed = delivery.state === 'failed' || delivery.state === 'bounced';
  draft.record(failed ? 'undelivered' : 'delivered', SYSTEM, {
    signer: signerId,
    name: signer.name,
    channel: delivery.channel,
  });
  return draft.done();
}
