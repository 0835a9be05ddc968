import { SIGNING_STATUS_CODES, isFinal } from '../../domain/signing-status.ts';
import type { Signing } from '../../domain/signing.ts';
import type { ReturnWhen } from '../../ports/robot-run-store.ts';

/**
 * Whether a run that waits for a signing has what it waits for. A final state and an error end every wait. Codes only
 * grow, so that a change after `knownStatus` is a greater code.
 */
export function isReturnDue(signing: Signing, returnWhen: ReturnWhen, knownStatus: number): boolean {
  if (isFinal(signing.status) || signing.status === 'error') return true;
  const code = SIGNING_STATUS_CODES[signing.status];
  switch (returnWhen) {
    case 'now':
      return true;
    case 'accepted':
      return code >= SIGNING_STATUS_CODES.sent;
    case 'next_change':
      return code > knownStatus;
    case 'final':
      return false;
  }
}
