/** The fields of the additional agreement's text: `{{number}}`, `{{номер}}`. */
import { markKinds } from './signature-positions.ts';

/**
 * Every field with its names, English and Russian; either works in a text of either language. What it stands for, as text:
 * `agreement.field_<key>`.
 */
export const AGREEMENT_FIELDS = [
  { key: 'number', names: { en: 'number', ru: 'номер' } },
  { key: 'date', names: { en: 'date', ru: 'дата' } },
  { key: 'document', names: { en: 'document', ru: 'документ' } },
  { key: 'purpose', names: { en: 'purpose', ru: 'назначение' } },
  { key: 'deal', names: { en: 'deal', ru: 'сделка' } },
  { key: 'deadline', names: { en: 'deadline', ru: 'срок' } },
  { key: 'company', names: { en: 'company', ru: 'компания' } },
  { key: 'company_signers', names: { en: 'company_signers', ru: 'подписанты_компании' } },
  { key: 'counterparties', names: { en: 'counterparties', ru: 'контрагенты' } },
  { key: 'counterparty_signers', names: { en: 'counterparty_signers', ru: 'подписанты_контрагента' } },
  { key: 'service', names: { en: 'service', ru: 'сервис' } },
] as const;
export type AgreementField = (typeof AGREEMENT_FIELDS)[number]['key'];
export type AgreementValues = Readonly<Record<AgreementField, string>>;

/** Something in double braces; the group is what stands between them. */
export const TAG = /\{\{([^{}]{0,100})\}\}/g;

/** The same tags as in any document; without blanks (docs/signature-positions.md). */
const ANCHOR = new RegExp(
  `^(?:${markKinds.join('|')}):[1-9]\\d{0,3}(?::[1-9]\\d{0,3}[x\\u0445\\u00d7][1-9]\\d{0,3})?$`,
  'iu',
);
const MAX_VALUE_LENGTH = 1_000;

const byName = new Map<string, AgreementField>(
  AGREEMENT_FIELDS.flatMap(({ key, names }) => [
    [names.en, key],
    [names.ru, key],
  ]),
);

/** The field of that name; letter case does not matter, nor whether words are parted by blanks, `-` or `_`. */
export const agreementField = (name: string): AgreementField | undefined =>
  byName.get(
    name
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  );

/** `sign:1`: not a field but a place for a mark. */
export const isTextAnchor = (name: string): boolean => ANCHOR.test(name.replace(/\s+/g, ''));

/**
 * A value as it may stand in the agreement, in one line. People and companies choose their names: none of them may write
 * a place for a mark into the document, so braces become parentheses.
 */
export function plainValue(value: string): string {
  const plain = value.replace(/\{/g, '(').replace(/\}/g, ')').replace(/\s+/g, ' ').trim();
  return plain.length > MAX_VALUE_LENGTH ? `${plain.slice(0, MAX_VALUE_LENGTH).toWellFormed()}…` : plain;
}
