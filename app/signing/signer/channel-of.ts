import type { Signer } from '../../domain/signing.ts';
import { maskEmail, maskPhone } from './mask-address.ts';

/** How a signer is reached: by e-mail, by SMS when there is only a phone, undefined when there is neither. */
export function channelOf(signer: Signer): 'email' | 'sms' | undefined {
  return signer.email ? 'email' : signer.phone ? 'sms' : undefined;
}

/** The address of a channel as it may be shown and recorded. */
export const maskedAddress = (signer: Signer, channel: 'email' | 'sms'): string =>
  channel === 'email' ? maskEmail(signer.email) : maskPhone(signer.phone);
