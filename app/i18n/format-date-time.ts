import type { Language } from './translator.ts';

/** English as in the rest of the product: day before month, 24 hours. */
const LOCALES: Readonly<Record<Language, string>> = { ru: 'ru', en: 'en-GB' };

/**
 * A moment as people of a language write it, with its zone, so that nobody has to guess.
 * @param timeZone IANA name or offset; UTC when empty or unknown
 */
export const formatDateTime = (at: Date, language: Language, timeZone?: string): string =>
  format(at, language, timeZone, 'shortOffset');

/**
 * A moment for somebody whose own zone this is, who needs no word about it.
 * @param timeZone of the reader; when it is empty or unknown the time is in UTC and says so
 */
export const formatOwnTime = (at: Date, language: Language, timeZone?: string): string =>
  format(at, language, timeZone);

/**
 * The day as it was in that zone: `22 ноября 2026 г.`, `22 November 2026`.
 * @param timeZone IANA name or offset; UTC when empty or unknown
 */
export function formatDay(at: Date, language: Language, timeZone = ''): string {
  const inZone = (zone: string): string =>
    new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'long', timeZone: zone }).format(at);
  try {
    return inZone(timeZone || 'UTC');
  } catch {
    return inZone('UTC');
  }
}

function format(at: Date, language: Language, timeZone = '', timeZoneName?: 'shortOffset'): string {
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  };
  const inZone = (extra: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(LOCALES[language], { ...options, ...extra }).format(at);
  if (timeZone && timeZone !== 'UTC') {
    try {
      // An offset of nothing has a name that people know better than "GMT+0".
      return inZone({ timeZone, timeZoneName }).replace(/GMT(\+0)?$/, 'UTC');
    } catch {
      // A zone that this machine does not know.
    }
  }
  return `${inZone({ timeZone: 'UTC' })} UTC`;
}
