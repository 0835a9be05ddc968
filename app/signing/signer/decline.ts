import { signerDeclined } from '../../domain/transitions/signer-actions.ts';
import type { ActAsSigner } from './act-as-signer.ts';
import { cleanText } from './clean-text.ts';
import { SignerRefusal } from './signer-refusal.ts';

export const REASON_MAX = 1000;

/**
 * Declines, which ends the signing for everybody. A second request changes nothing.
 * @throws SignerRefusal `reason_missing`, `reason_too_long`, `state_changed`
 */
export type Decline = (token: string, reason: string) => Promise<{ already: boolean }>;

export function createDecline(deps: { act: ActAsSigner }): Decline {
  return async (token, given) => {
    const reason = cleanText(given);
    if (!reason) throw new SignerRefusal('reason_missing');
    if (reason.length > REASON_MAX) throw new SignerRefusal('reason_too_long', { max: REASON_MAX });
    let already = false;
    await deps.act(token, (signing, me, now) => {
      already = me.status === 'declined';
      return already ? signing : signerDeclined(signing, me.id, reason, now);
    });
    return { already };
  };
}
