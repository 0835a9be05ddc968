import type { Mail, Messenger, SendOutcome } from '../../ports/messenger.ts';
import { channelOf } from '../signer/channel-of.ts';
import type { LetterComposer, LetterRequest } from '../../ports/letter-composer.ts';

export interface LetterOutcome {
  /** Undefined when the recipient has neither e-mail nor phone. */
  readonly channel: 'email' | 'sms' | undefined;
  readonly outcome: SendOutcome | 'no_address';
}

/**
 * Sends one letter to its signer, or to the initiator where the request names no signer.
 * @param letter.id the same id again is the same mail
 */
export async function sendLetter(
  deps: { messenger: Messenger; letters: LetterComposer },
  letter: { id: string; request: LetterRequest; attachments?: Mail['attachments'] },
): Promise<LetterOutcome> {
  const { messenger, letters } = deps;
  const { id, request, attachments = [] } = letter;
  const { signing, signer } = request;
  const channel = signer ? channelOf(signer) : signing.initiator.email ? 'email' : undefined;

  if (channel === 'sms' && signer) {
    return {
      channel,
      outcome: await messenger.sendSms({ id, to: signer.phone, text: letters.sms(request) }),
    };
  }
  if (channel !== 'email') return { channel: undefined, outcome: 'no_address' };

  const initiator = { name: signing.initiator.name, address: signing.initiator.email };
  const outcome = await messenger.sendMail({
    id,
    to: signer ? { name: signer.name, address: signer.email } : initiator,
    // Answers of signers go to the person who asked them; the initiator would only write to himself.
    ...(signer && initiator.address && { replyTo: initiator }),
    ...(await letters.mail(request)),
    attachments,
  });
  return { channel, outcome };
}
