import type { Language } from './translator.ts';

/**
 * A moment as people of a language write it, with its zone, so that nobody has to guess.
 * @param timeZone IANA name; UTC when empty or unknown
 */
export function formatDateTime(at: Date, language: Language, timeZone = 'UTC'): string {
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'shortOffset',
  };
  try {
    return new Intl.DateTimeFormat(language, { ...options, timeZone }).format(at);
  } catch {
    return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(at);
  }
}
