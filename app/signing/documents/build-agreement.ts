import { signingNumber } from '../../domain/signing-number.ts';
import type { Signing } from '../../domain/signing.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { AgreementRequest } from '../../ports/pdf-engine.ts';

/** The agreement on the use of electronic signatures, as a document for these parties. */
export function buildAgreement(signing: Signing, now: Date): AgreementRequest {
  const t = createTranslator(signing.language);
  const text = (key: string) => t(`agreement.${key}`);
  const date = new Intl.DateTimeFormat(signing.language, {
    dateStyle: 'long',
    timeZone: signing.timeZone || 'UTC',
  }).format(now);
  return {
    title: text('title'),
    subtitle: t('agreement.subtitle', { number: signingNumber(signing.id), date }),
    lang: signing.language,
    createdAt: now,
    blocks: [
      { kind: 'paragraph', text: text('intro') },
      { kind: 'heading', text: text('h_subject'), level: 2 },
      { kind: 'paragraph', text: text('p_subject') },
      { kind: 'heading', text: text('h_procedure'), level: 2 },
      { kind: 'list', items: ['i_link', 'i_code', 'i_seal', 'i_report'].map(text), ordered: true },
      ...['key', 'proof', 'term'].flatMap((part) => [
        { kind: 'heading' as const, text: text(`h_${part}`), level: 2 as const },
        { kind: 'paragraph' as const, text: text(`p_${part}`) },
      ]),
    ],
    parties: signing.signers.map((signer) => ({
      role: t(`portal.party_${signer.party}`),
      name: signer.name,
      lines: [signer.company, signer.position, signer.email || signer.phone].filter(Boolean),
    })),
  };
}
