import { readFileSync, readdirSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';

export const LANGUAGES = ['en', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];
export type TextValues = Record<string, string | number | Date>;

/** Gives the text of `area.key` with its values filled in. An unknown key is a programming error and throws. */
export type Translator = (key: string, values?: TextValues) => string;

const folder = new URL('./', import.meta.url);
const catalogs: Record<Language, Map<string, string>> = { en: new Map(), ru: new Map() };
for (const file of readdirSync(folder)) {
  const [, area, language] = /^([a-z-]+)\.(en|ru)\.json$/.exec(file) ?? [];
  if (!area || !language) continue;
  const texts = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, string>;
  for (const [key, text] of Object.entries(texts)) catalogs[language as Language].set(`${area}.${key}`, text);
}

const translators: Partial<Record<Language, Translator>> = {};

/**
 * @param language one of {@link LANGUAGES}
 * @returns the translator of that language; texts are ICU messages
 *   (https://unicode-org.github.io/icu/userguide/format_parse/messages/), markup in them is plain text
 */
export function createTranslator(language: Language): Translator {
  return (translators[language] ??= build(language));
}

function build(language: Language): Translator {
  const compiled = new Map<string, IntlMessageFormat>();
  return (key, values) => {
    let message = compiled.get(key);
    if (!message) {
      const text = catalogs[language].get(key);
      if (text === undefined) throw new Error(`no text "${key}" in ${language}`);
      message = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
      compiled.set(key, message);
    }
    return String(message.format(values));
  };
}

/** Every key of a language, for the test that holds the catalogs against each other. */
export function catalogKeys(language: Language): string[] {
  return [...catalogs[language].keys()].sort();
}

/** Whether a text exists, for keys that are put together at run time. */
export function hasText(key: string): boolean {
  return catalogs.en.has(key);
}

/** Russian for the portals whose users read it, English for everybody else (LANG of the frame, LANGUAGE_ID of events). */
export function languageOf(lang: string | undefined): Language {
  return ['ru', 'by', 'kz', 'ua', 'uk', 'be', 'kk'].includes((lang ?? '').toLowerCase().slice(0, 2))
    ? 'ru'
    : 'en';
}
