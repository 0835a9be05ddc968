import type { Delivery } from '../../domain/signing.ts';
import { findSigner } from '../../domain/signing.ts';
import { signerDelivery } from '../../domain/transitions/signer-actions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Messenger } from '../../ports/messenger.ts';
import type { LetterComposer } from '../../ports/letter-composer.ts';
import type { SignerLinks } from '../signer/signer-links.ts';
import { signerPageState } from '../signer/signer-page-state.ts';
import type { EffectHandler } from './effect-handler.ts';
import { sendLetter } from './send-letter.ts';

/** The signing stands still after an error: its signers are written to when somebody has resumed it. */
export class SigningStopped extends Error {
  readonly code = 'signing_stopped';
  readonly retryable = true;
  constructor(signingId: string) {
    super(`signing ${signingId} is stopped by an error`);
    this.name = 'SigningStopped';
  }
}

/**
 * The effects `invite` and `remind`: the signer's link by e-mail, or by SMS where there is only a phone. A refusal is an
 * outcome, not a fault: it is recorded on the signer, where the sender sees it, and not tried again.
 */
export function createSendInvitation(deps: {
  messenger: Messenger;
  letters: LetterComposer;
  links: SignerLinks;
  clock: Clock;
}): EffectHandler {
  const { links, clock } = deps;
  return async (signing, effect) => {
    const signer = findSigner(signing, effect.target);
    const state = signer && signerPageState(signing, signer, clock.now());
    if (state === 'error') throw new SigningStopped(signing.id);
    // Signed, declined or cancelled before the mail's turn came: an invitation would only confuse.
    if (!signer || state !== 'sign') return;
    const kind = effect.kind === 'remind' ? 'reminder' : 'invitation';
    const link = links.linkOf(signing, signer);
    const { channel, outcome } = await sendLetter(deps, {
      id: `${signing.id}-${effect.id}`,
      request: { kind, signing, signer, link },
    });
    return (current, now) => {
      const delivered: Delivery['state'] = outcome === 'handed_over' ? 'handed_over' : 'failed';
      return signerDelivery(
        current,
        signer.id,
        { channel: channel ?? 'email', state: delivered, at: now },
        now,
      );
    };
  };
}
