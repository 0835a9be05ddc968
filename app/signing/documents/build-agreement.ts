import { plainValue } from '../../domain/agreement-fields.ts';
import { fillAgreementTemplate, parseAgreementTemplate } from '../../domain/agreement-template.ts';
import type { AgreementValues } from '../../domain/agreement-template.ts';
import type { Party } from '../../domain/purpose.ts';
import { signingNumber } from '../../domain/signing-number.ts';
import type { Signer, Signing } from '../../domain/signing.ts';
import { formatDay } from '../../i18n/format-date-time.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { AgreementRequest, Lang } from '../../ports/pdf-engine.ts';

const together = (parts: readonly string[]): string => [...new Set(parts.filter(Boolean))].join('; ');

/** Who a side is: its companies, and where no company is named, its people. */
const nameOfParty = (signers: readonly Signer[]): string =>
  together(signers.map(({ company, name }) => company || name));

const nameWithPosition = ({ name, position }: Signer): string => [name, position].filter(Boolean).join(', ');

/**
 * What the fields of the agreement's text stand for in this signing.
 * @param publicUrl address of the service, for the field that names it
 */
function agreementValues(signing: Signing, now: Date, publicUrl?: string): AgreementValues {
  const day = (at: Date): string => formatDay(at, signing.language, signing.timeZone);
  const of = (party: Party): Signer[] => signing.signers.filter((signer) => signer.party === party);
  const [company, counterparty] = [of('company'), of('counterparty')];
  return {
    number: signingNumber(signing.id),
    date: day(now),
    document: together(signing.documents.map(({ title }) => title)),
    purpose: createTranslator(signing.language)(`portal.purpose_${signing.purpose}`),
    deal: signing.entity.title,
    deadline: day(signing.expiresAt),
    company: nameOfParty(company),
    company_signers: together(company.map(nameWithPosition)),
    counterparties: nameOfParty(counterparty),
    counterparty_signers: together(counterparty.map(nameWithPosition)),
    service: publicUrl ? `Countersign (${new URL(publicUrl).host})` : 'Countersign',
  };
}

/**
 * A text of the agreement as a document.
 * @param text the template; empty: the standard text of that language
 * @throws Error for a template with errors: nobody signs a text that is not what its author meant
 */
export function composeAgreement(
  text: string,
  about: { lang: Lang; values: AgreementValues; parties: AgreementRequest['parties']; now: Date },
): AgreementRequest {
  const { lang, values, parties, now } = about;
  const template = parseAgreementTemplate(text.trim() ? text : createTranslator(lang)('agreement.template'));
  const [error] = template.errors;
  if (error) throw new Error(`agreement template, line ${error.line}: ${error.code} (${error.value})`);
  const { title, subtitle, blocks } = fillAgreementTemplate(template, values);
  return {
    title,
    ...(subtitle ? { subtitle } : {}),
    lang,
    createdAt: now,
    blocks,
    parties: parties.map(({ role, name, lines = [] }) => ({
      role,
      name: plainValue(name),
      lines: lines.map(plainValue),
    })),
  };
}

/**
 * The agreement on the use of electronic signatures, as a document for the parties of this signing.
 * @param templateText the portal's own text; empty: the standard one
 * @param publicUrl address of the service
 */
export function buildAgreement(
  signing: Signing,
  now: Date,
  templateText = '',
  publicUrl?: string,
): AgreementRequest {
  const t = createTranslator(signing.language);
  return composeAgreement(templateText, {
    lang: signing.language,
    values: agreementValues(signing, now, publicUrl),
    parties: signing.signers.map((signer) => ({
      role: t(`portal.party_${signer.party}`),
      name: signer.name,
      lines: [signer.company, signer.position, signer.email || signer.phone].filter(Boolean),
    })),
    now,
  });
}
