import type { Evidence, Language, Signing } from '../../domain/signing.ts';
import { formatDateTime } from '../../i18n/format-date-time.ts';
import { createTranslator } from '../../i18n/translator.ts';

/**
 * How a signer was identified, as people read it in the signed file and the report.
 * @param language default: the signing's
 */
export function describeIdentification(
  signing: Pick<Signing, 'language' | 'timeZone'>,
  evidence: Evidence,
  language: Language = signing.language,
): string {
  const t = createTranslator(language);
  if (evidence.mandate) {
    const at = formatDateTime(evidence.mandate.grantedAt, language, signing.timeZone);
    return t(`portal.identified_mandate_${evidence.mandate.kind}`, { at });
  }
  return t(`portal.identified_${evidence.method}`, { address: evidence.address });
}
