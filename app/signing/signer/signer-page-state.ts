import { currentStep } from '../../domain/signing.ts';
import type { Signer, Signing } from '../../domain/signing.ts';
import { isCollecting } from '../../domain/signing-status.ts';

/** What a signer's page shows. */
export type SignerPageState =
  | 'not_yet' // somebody before them has not signed
  | 'sign' // their turn
  | 'signed' // they have signed; others, or our sealing, have not finished
  | 'completed'
  | 'declined_by_me'
  | 'declined'
  | 'cancelled'
  | 'expired'
  | 'error';

export function signerPageState(signing: Signing, signer: Signer, now: Date): SignerPageState {
  const { status } = signing;
  if (status === 'declined') return signer.status === 'declined' ? 'declined_by_me' : 'declined';
  if (status === 'completed' || status === 'cancelled' || status === 'expired') return status;
  const allSigned = signing.signers.every((each) => each.status === 'signed');
  // The sweep that writes "expired" may be a moment late; the deadline itself is not.
  if (!allSigned && signing.expiresAt <= now) return 'expired';
  if (signer.status === 'signed') return 'signed';
  if (status === 'error') return 'error';
  const invited = signer.status === 'sent' || signer.status === 'opened';
  return invited && isCollecting(status) && signer.step <= currentStep(signing) ? 'sign' : 'not_yet';
}

/** Whether the documents may be read through the link now. */
export const mayRead = (state: SignerPageState): boolean =>
  state === 'sign' || state === 'signed' || state === 'completed';
