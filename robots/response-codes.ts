import { REFUSAL_CODES, Refusal } from '../app/domain/refusal.ts';
import type { RefusalKey } from '../app/domain/refusal.ts';
import { createTranslator } from '../app/i18n/translator.ts';
import type { Language } from '../app/i18n/translator.ts';

export interface ResponseCode {
  readonly code: number;
  /** What the result `error` says; empty for 0. */
  readonly key: RefusalKey | '';
  /** The same request may succeed later without being changed. */
  readonly retryable: boolean;
}

/** Every `response_code` there is, ascending: the table of docs/robots.md. Codes and keys never change. */
export const RESPONSE_CODES: readonly ResponseCode[] = [
  { code: 0, key: '', retryable: false },
  ...(Object.keys(REFUSAL_CODES) as RefusalKey[]).map((key) => ({
    code: REFUSAL_CODES[key],
    key,
    retryable: new Refusal(key).retryable,
  })),
];

/** The general text of a code; the text of an answer names what exactly was wrong. */
export const responseCodeText = ({ key }: Pick<ResponseCode, 'key'>, language: Language): string =>
  createTranslator(language)(`refusals.${key || 'none'}`);
