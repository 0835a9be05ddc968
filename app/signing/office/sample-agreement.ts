import type { AgreementValues } from '../../domain/agreement-template.ts';
import { formatDay } from '../../i18n/format-date-time.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { Language } from '../../i18n/translator.ts';
import type { AgreementRequest } from '../../ports/pdf-engine.ts';

const DEADLINE_MS = 14 * 86_400_000;

/** Invented parties and values, so that an agreement's text can be looked at before anything is signed. */
export function sampleAgreement(
  language: Language,
  now: Date,
  publicUrl: string,
): { lang: Language; values: AgreementValues; parties: AgreementRequest['parties']; now: Date } {
  const t = createTranslator(language);
  const sample = (key: string): string => t(`office.sample_${key}`);
  const day = (at: Date): string => formatDay(at, language, 'UTC');
  const party = (side: 'company' | 'counterparty'): AgreementRequest['parties'][number] => ({
    role: t(`portal.party_${side}`),
    name: sample(`${side}_signer`),
    lines: [sample(side), sample(`${side}_position`), sample(`${side}_email`)],
  });
  const named = (side: 'company' | 'counterparty'): string =>
    `${sample(`${side}_signer`)}, ${sample(`${side}_position`)}`;
  return {
    lang: language,
    now,
    parties: [party('company'), party('counterparty')],
    values: {
      number: sample('number'),
      date: day(now),
      document: sample('document'),
      purpose: t('portal.purpose_signature'),
      deal: sample('deal'),
      deadline: day(new Date(now.getTime() + DEADLINE_MS)),
      company: sample('company'),
      company_signers: named('company'),
      counterparties: sample('counterparty'),
      counterparty_signers: named('counterparty'),
      service: `Countersign (${new URL(publicUrl).host})`,
    },
  };
}
