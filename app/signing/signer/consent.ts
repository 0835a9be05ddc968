import { createHash } from 'node:crypto';
import { LANGUAGES, createTranslator } from '../../i18n/translator.ts';
import type { Language } from '../../i18n/translator.ts';

/** Raise it with every change of the text `signer-page.consent`, in whichever language. */
export const CONSENT_VERSION = '1';

export interface Consent {
  readonly text: string;
  /** `1-ru-0123456789abcdef`: version, language and the beginning of the text's SHA-256. Goes into the evidence. */
  readonly version: string;
  readonly sha256: string;
}

/** The text a signer agrees to, without values in it, so that its fingerprint says exactly what was agreed to. */
export function consentIn(language: Language): Consent {
  const text = createTranslator(language)('signer-page.consent');
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { text, sha256, version: `${CONSENT_VERSION}-${language}-${sha256.slice(0, 16)}` };
}

/** The consent of a version, if it is one of today's. */
export const findConsent = (version: string): Consent | undefined =>
  LANGUAGES.map(consentIn).find((consent) => consent.version === version);
