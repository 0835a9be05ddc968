import type { Evidence, Signing } from '../../domain/signing.ts';
import { formatDateTime } from '../../i18n/format-date-time.ts';
import { createTranslator } from '../../i18n/translator.ts';

/** How a signer was identified, as people read it in the signed file and the report. */
export function describeIdentification(signing: Signing, evidence: Evidence): string {
  const t = createTranslator(signing.language);
  if (evidence.mandate) {
    const at = formatDateTime(evidence.mandate.grantedAt, signing.language, signing.timeZone);
    return t(`portal.identified_mandate_${evidence.mandate.kind}`, { at });
  }
  return t(`portal.identified_${evidence.method}`, { address: evidence.address });
}
