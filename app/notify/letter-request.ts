import type { MailKind } from '../domain/effect.ts';
import type { Signer, Signing } from '../domain/signing.ts';

/**
 * What a letter is to say. The use cases own this shape (app/signing/signer/compose-letter.ts, where each field is
 * described); an adapter may not import them, so the compiler holds the two against each other where they are wired.
 */
export interface LetterRequest {
  readonly kind: 'invitation' | 'reminder' | 'code' | MailKind;
  readonly signing: Signing;
  readonly signer?: Signer;
  readonly link?: string;
  readonly code?: string;
  readonly attached?: boolean;
}
