import type { MailKind } from '../domain/effect.ts';
import type { Signer, Signing } from '../domain/signing.ts';

export type LetterKind = 'invitation' | 'reminder' | 'code' | MailKind;

/** What a mail or message is to say. Texts and layout are the composer's (app/notify). */
export interface LetterRequest {
  readonly kind: LetterKind;
  readonly signing: Signing;
  /** Who it goes to; absent: the initiator, whose copy never contains a signer's link. */
  readonly signer?: Signer;
  /** Where its one button leads. */
  readonly link?: string;
  /** For `code`. */
  readonly code?: string;
  /** For `completed`: the signed document is attached. */
  readonly attached?: boolean;
}

export interface Letter {
  readonly fromName: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface LetterComposer {
  mail(request: LetterRequest): Promise<Letter>;
  /** The same in a few words. */
  sms(request: LetterRequest): string;
}
