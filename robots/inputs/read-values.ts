import { Refusal } from '../../app/domain/refusal.ts';
import type { Problem } from '../../app/domain/refusal.ts';
import type { RobotRunRequest } from '../../app/ports/robot-run-store.ts';
import { listOf } from '../../app/signing/runs/robot-handler.ts';

const MAX_SHOWN = 60;
/** Control characters; line ends and tabs stay. */
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
const oneLine = (text: string): string =>
  text.replace(UNPRINTABLE, '').replace(/[\t\r\n\u2028\u2029]+/g, ' ');

/** A value as it may stand in a text: short and in one line. */
export function shown(value: string): string {
  const line = oneLine(value).trim();
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}

export type InputReader = ReturnType<typeof createInputReader>;

/**
 * Reads the inputs of a run. What cannot be read is collected, so that a designer learns of everything at once; `finish`
 * refuses with all of it: first what is missing (101), then what cannot be read (102).
 */
export function createInputReader(properties: RobotRunRequest['properties']) {
  const missing: string[] = [];
  const problems: Problem[] = [];

  const reader = {
    /** Notes a problem with an input; `text` is a key of the catalog `refusals`. */
    refuse(parameter: string, text: string, values: Record<string, string | number> = {}): void {
      problems.push({ text, values: { parameters: parameter, ...values } });
    },
    missing(...parameters: string[]): void {
      missing.push(...parameters);
    },

    /** The only value of an input, trimmed; empty when there is none. */
    text(parameter: string, maxLength: number): string {
      const value = properties[parameter] ?? '';
      const given = typeof value === 'string' ? [value] : value.filter((item) => item.trim() !== '');
      if (given.length > 1) reader.refuse(parameter, 'only_one_value', { value: shown(given.join(', ')) });
      const text = (given[0] ?? '').replace(UNPRINTABLE, '').trim();
      if (text.length <= maxLength) return text;
      reader.refuse(parameter, 'too_long', { max: maxLength });
      return '';
    },
    /** Text for one line of a mail or a page. */
    line(parameter: string, maxLength: number): string {
      return oneLine(reader.text(parameter, maxLength));
    },
    required(parameter: string, maxLength: number): string {
      const text = reader.text(parameter, maxLength);
      if (text === '') missing.push(parameter);
      return text;
    },

    /** The values of a multiple input, repeats included. */
    list(parameter: string, maxItems: number): string[] {
      const items = listOf(properties[parameter]);
      if (items.length <= maxItems) return items;
      reader.refuse(parameter, 'too_many_values', { max: maxItems });
      return [];
    },
    requiredList(parameter: string, maxItems: number): string[] {
      if (listOf(properties[parameter]).length === 0) missing.push(parameter);
      return reader.list(parameter, maxItems);
    },

    option<T extends string>(parameter: string, allowed: readonly T[], fallback: T): T {
      const text = reader.text(parameter, 200).toLowerCase();
      if (text === '') return fallback;
      const found = allowed.find((option) => option === text);
      if (!found)
        reader.refuse(parameter, 'unknown_option', { value: shown(text), allowed: allowed.join(', ') });
      return found ?? fallback;
    },
    /** `Y` and `N` are what Bitrix24 sends; the others are what people put into an expression. */
    flag(parameter: string): boolean {
      const text = reader.text(parameter, 200).toLowerCase();
      if (['y', 'yes', '1', 'true', 'да'].includes(text)) return true;
      if (!['', 'n', 'no', '0', 'false', 'нет'].includes(text)) {
        reader.refuse(parameter, 'unknown_option', { value: shown(text), allowed: 'Y, N' });
      }
      return false;
    },
    /** A whole number from 1 to `max`. Empty and 0, which Bitrix24 sends for an empty number, are undefined. */
    count(parameter: string, max: number): number | undefined {
      const text = reader.text(parameter, 200);
      if (text === '' || /^0+$/.test(text)) return undefined;
      const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
      if (number >= 1 && number <= max) return number;
      reader.refuse(parameter, 'not_a_count', { value: shown(text), max });
      return undefined;
    },

    /** @throws Refusal 101 or 102 when something was noted */
    finish(): void {
      if (missing.length > 0) {
        const values = { parameters: [...new Set(missing)].join(','), count: new Set(missing).size };
        throw new Refusal('MISSING_PARAMETER', [{ text: 'missing_parameters', values }]);
      }
      if (problems.length > 0) throw new Refusal('INVALID_PARAMETER', problems);
    },
  };
  return reader;
}
