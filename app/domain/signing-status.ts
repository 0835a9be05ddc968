/** The published states of a signing and their numeric codes, which never change (docs/robots.md). */
export const SIGNING_STATUS_CODES = {
  created: 10,
  sent: 20,
  opened: 30,
  partly_signed: 40,
  signed: 45,
  completed: 50,
  declined: 60,
  cancelled: 70,
  expired: 80,
  error: 90,
} as const;

export type SigningStatus = keyof typeof SIGNING_STATUS_CODES;

/** "Nothing known" in a robot's answer. */
export const STATUS_NONE = 0;

const FINAL: ReadonlySet<SigningStatus> = new Set(['completed', 'declined', 'cancelled', 'expired']);

/** States in which a signer may still act. */
const COLLECTING: ReadonlySet<SigningStatus> = new Set(['sent', 'opened', 'partly_signed']);

export const isFinal = (status: SigningStatus): boolean => FINAL.has(status);
export const isCollecting = (status: SigningStatus): boolean => COLLECTING.has(status);

/**
 * Which state may follow which. Resuming is not a step in here: it takes back the error and leaves the signing in the
 * state that was interrupted, so that nothing done is done twice.
 */
export const NEXT_STATUSES: Readonly<Record<SigningStatus, readonly SigningStatus[]>> = {
  created: ['sent', 'cancelled', 'expired', 'error'],
  sent: ['opened', 'partly_signed', 'signed', 'declined', 'cancelled', 'expired', 'error'],
  opened: ['partly_signed', 'signed', 'declined', 'cancelled', 'expired', 'error'],
  partly_signed: ['signed', 'declined', 'cancelled', 'expired', 'error'],
  signed: ['completed', 'error'],
  completed: [],
  declined: [],
  cancelled: [],
  expired: [],
  error: ['cancelled', 'expired'],
};

export const mayFollow = (from: SigningStatus, to: SigningStatus): boolean =>
  NEXT_STATUSES[from].includes(to);

export const SIGNER_STATUSES = [
  'created',
  'sent',
  'opened',
  'signed',
  'declined',
  'cancelled',
  'expired',
] as const;
export type SignerStatus = (typeof SIGNER_STATUSES)[number];

/** Whether the signer's own part is over, whatever the outcome. */
export const isSignerDone = (status: SignerStatus): boolean =>
  !['created', 'sent', 'opened'].includes(status);
