import type { Lang } from '../../ports/pdf-engine.ts';

/** Making one costs more than writing a moment, and a long journal writes thousands in one zone. */
let made: { timeZone: string; format: Intl.DateTimeFormat } | undefined;

function formatIn(timeZone: string): Intl.DateTimeFormat {
  if (made?.timeZone !== timeZone) {
    made = { timeZone, format: new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }) };
  }
  return made.format;
}

/** Minutes east of UTC that `timeZone` had at that moment; 0 for a zone nobody knows. */
function offsetMinutes(at: Date, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  try {
    const parts = formatIn(timeZone).formatToParts(at);
    const zone = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(zone) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  } catch {
    return 0;
  }
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `22.11.2026` or `2026-11-22`: the date as it was in that zone. */
export function formatDay(at: Date, lang: Lang, timeZone = 'UTC'): string {
  const local = new Date(at.getTime() + offsetMinutes(at, timeZone) * 60_000);
  const [year, month, day] = [local.getUTCFullYear(), two(local.getUTCMonth() + 1), two(local.getUTCDate())];
  return lang === 'ru' ? `${day}.${month}.${year}` : `${year}-${month}-${day}`;
}

/** `22.11.2026 12:14:05 UTC+03:00`: to the second, never without its offset, the same whatever machine prints it. */
export function formatMoment(at: Date, lang: Lang, timeZone = 'UTC'): string {
  const offset = offsetMinutes(at, timeZone);
  const local = new Date(at.getTime() + offset * 60_000);
  const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(two).join(':');
  const size = Math.abs(offset);
  const zone =
    offset === 0 ? 'UTC' : `UTC${offset < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${formatDay(at, lang, timeZone)} ${time} ${zone}`;
}
