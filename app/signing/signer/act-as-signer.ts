import { TransitionError } from '../../domain/transitions/draft.ts';
import { findSigner } from '../../domain/signing.ts';
import type { Signer, Signing } from '../../domain/signing.ts';
import type { ChangeSigning } from '../change-signing.ts';
import type { OpenSignerPage } from './open-signer-page.ts';
import { SignerRefusal } from './signer-refusal.ts';

/**
 * Changes a signing in the name of the signer whose link it is. The link is proved when it is read and again on the state
 * that is written to: one that is revoked in between does nothing any more.
 * @throws SignerRefusal `link_invalid`, `state_changed` where the state does not allow it, and whatever the rule throws
 */
export type ActAsSigner = (
  token: string,
  rule: (signing: Signing, signer: Signer, now: Date) => Signing,
) => Promise<{ signing: Signing; signer: Signer }>;

export function createActAsSigner(deps: { open: OpenSignerPage; changeSigning: ChangeSigning }): ActAsSigner {
  const { open, changeSigning } = deps;
  return async (token, rule) => {
    const seen = await open(token);
    const signing = await changeSigning(seen.signing.id, (current, now) => {
      const signer = findSigner(current, seen.signer.id);
      if (!signer || signer.linkNonce !== seen.signer.linkNonce) throw new SignerRefusal('link_invalid');
      try {
        return rule(current, signer, now);
      } catch (error) {
        throw error instanceof TransitionError ? new SignerRefusal('state_changed') : error;
      }
    });
    return { signing, signer: findSigner(signing, seen.signer.id) ?? seen.signer };
  };
}
