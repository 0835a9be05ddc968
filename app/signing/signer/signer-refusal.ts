import type { TextValues } from '../../i18n/translator.ts';

/** Why a signer's request was not carried out. The text a person reads is `signer-page.refused_<code>`. */
export type SignerRefusalCode =
  | 'link_invalid' // wrong, incomplete or revoked
  | 'state_changed' // not this signer's turn (any more): the page has to be loaded again
  | 'no_address' // neither e-mail nor phone
  | 'code_wait' // asked again too soon; {seconds}
  | 'code_exhausted' // too many codes; {minutes}
  | 'code_undeliverable' // the mail or SMS service refused the address
  | 'code_not_sent' // it could not be reached just now
  | 'code_missing' // none was asked for, or it was used
  | 'code_wrong' // {left} tries remain
  | 'code_expired'
  | 'code_locked' // no tries left
  | 'not_identified' // the right code was not entered in this browser, or too long ago
  | 'consent_missing'
  | 'page_outdated' // consent text or document differ from what the page showed
  | 'mark_missing'
  | 'mark_too_long'
  | 'mark_invalid'
  | 'reason_missing'
  | 'reason_too_long';

export class SignerRefusal extends Error {
  readonly code: SignerRefusalCode;
  readonly values: TextValues;
  constructor(code: SignerRefusalCode, values: TextValues = {}, options?: ErrorOptions) {
    super(`signer refused: ${code}`, options);
    this.name = 'SignerRefusal';
    this.code = code;
    this.values = values;
  }
}
