import type { LocalText, RobotProperty } from '../installer/robot-definition.ts';
import { createTranslator } from '../app/i18n/translator.ts';

const en = createTranslator('en');
const ru = createTranslator('ru');

/** A text of the catalog `robots` in both languages. */
export const local = (key: string): LocalText => ({ en: en(`robots.${key}`), ru: ru(`robots.${key}`) });

/** The options of a `select`, with their titles; values are shared between robots. */
export const options = (property: string, values: readonly string[]): Record<string, LocalText> =>
  Object.fromEntries(values.map((value) => [value, local(`option.${property}.${value}`)]));

/**
 * The results that every robot hands back, in the order of docs/robots.md. `build-return-values.ts` fills them; a test
 * holds the two together.
 */
export const returnProperties: Readonly<Record<string, RobotProperty>> = {
  source_document_ids: { name: local('result.source_document_ids.name'), type: 'string', multiple: true },
  signing_id: { name: local('result.signing_id.name'), type: 'string' },
  status_code: { name: local('result.status_code.name'), type: 'int' },
  status_text: { name: local('result.status_text.name'), type: 'string' },
  response_code: { name: local('result.response_code.name'), type: 'int' },
  response_text: { name: local('result.response_text.name'), type: 'text' },
  error: { name: local('result.error.name'), type: 'string' },
  retryable: { name: local('result.retryable.name'), type: 'bool' },
  signers_text: { name: local('result.signers_text.name'), type: 'text' },
  signed_document_id: { name: local('result.signed_document_id.name'), type: 'string' },
  agreement_document_id: { name: local('result.agreement_document_id.name'), type: 'string' },
  report_document_id: { name: local('result.report_document_id.name'), type: 'string' },
};
