import type { Problem, Refusal } from '../../domain/refusal.ts';
import type { Language } from '../../domain/signing.ts';
import { createTranslator, hasText } from '../../i18n/translator.ts';
import type { TextValues, Translator } from '../../i18n/translator.ts';

/**
 * What a person reads of a refusal: one sentence for every problem, or the general text of the code.
 *
 * Problems know no language, so three of their values stand for texts and are put into words here: `parameters` (codes of
 * inputs, comma list → their titles), `fields` (of a contact → their names), `position` (what is wrong with a line of
 * `signature_positions`).
 * @param robot whose inputs `parameters` are
 */
export function describeRefusal(
  refusal: Pick<Refusal, 'key' | 'problems'>,
  language: Language,
  robot = 'send_for_signing',
): string {
  const t = createTranslator(language);
  if (refusal.problems.length === 0) return t(`refusals.${refusal.key}`);
  return refusal.problems.map((problem) => describeProblem(problem, t, language, robot)).join('\n');
}

function describeProblem(problem: Problem, t: Translator, language: Language, robot: string): string {
  const values: TextValues = { ...problem.values };
  const listed = (value: unknown, word: (code: string) => string): string =>
    new Intl.ListFormat(language).format(String(value).split(',').map(word));
  if ('parameters' in values) {
    const title = (code: string): string => t('refusals.quoted', { text: t(`robots.${robot}.${code}.name`) });
    values['parameters'] = listed(values['parameters'], title);
  }
  if ('fields' in values)
    values['fields'] = listed(values['fields'], (field) => t(`refusals.field_${field}`));
  if ('position' in values) {
    const key = `pdf.position.${String(values['position'])}`;
    values['position'] = hasText(key) ? t(key, values) : t('refusals.position_unclear');
  }
  return t(`refusals.${problem.text}`, values);
}
