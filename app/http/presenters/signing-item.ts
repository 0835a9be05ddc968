import { signingNumber } from '../../domain/signing-number.ts';
import { currentStep } from '../../domain/signing.ts';
import type { Signing } from '../../domain/signing.ts';
import { isCollecting } from '../../domain/signing-status.ts';
import type { SignerStatus, SigningStatus } from '../../domain/signing-status.ts';

/** Colour of a status pill. */
export type Tone = 'neutral' | 'active' | 'success' | 'warning' | 'danger';

export const SIGNING_TONES: Readonly<Record<SigningStatus, Tone>> = {
  created: 'neutral',
  sent: 'active',
  opened: 'active',
  partly_signed: 'active',
  signed: 'active',
  completed: 'success',
  declined: 'danger',
  cancelled: 'neutral',
  expired: 'warning',
  error: 'danger',
};

export const SIGNER_TONES: Readonly<Record<SignerStatus, Tone>> = {
  created: 'neutral',
  sent: 'active',
  opened: 'active',
  signed: 'success',
  declined: 'danger',
  cancelled: 'neutral',
  expired: 'warning',
};

/** A signing as one line of a list. */
export interface SigningItem {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly status: SigningStatus;
  readonly tone: Tone;
  readonly dealTitle: string;
  readonly signed: number;
  readonly total: number;
  /** Names of those whose turn it is. */
  readonly next: readonly string[];
  readonly createdAt: Date;
  /** Only while the deadline still matters. */
  readonly expiresAt?: Date;
  /** A person of the portal has to act: an error, or a message that did not arrive. */
  readonly needsAttention: boolean;
}

export function signingItem(signing: Signing): SigningItem {
  const open = isCollecting(signing.status);
  return {
    id: signing.id,
    number: signingNumber(signing.id),
    title: signing.title,
    status: signing.status,
    tone: SIGNING_TONES[signing.status],
    dealTitle: signing.entity.title,
    signed: signing.signers.filter((signer) => signer.status === 'signed').length,
    total: signing.signers.length,
    next: nextSigners(signing).map((signer) => signer.name),
    createdAt: signing.createdAt,
    expiresAt: open ? signing.expiresAt : undefined,
    needsAttention:
      signing.status === 'error' ||
      (open &&
        signing.signers.some(
          ({ status, delivery }) =>
            (status === 'sent' || status === 'opened') &&
            (delivery?.state === 'failed' || delivery?.state === 'bounced'),
        )),
  };
}

/** Those whose turn it is: the unsigned ones of the current step. */
export function nextSigners(signing: Signing): Signing['signers'] {
  if (!isCollecting(signing.status)) return [];
  const step = currentStep(signing);
  return signing.signers.filter((signer) => signer.step === step && signer.status !== 'signed');
}
