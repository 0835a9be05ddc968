import { REFUSAL_CODES, Refusal } from '../../domain/refusal.ts';
import { SIGNING_STATUS_CODES, STATUS_NONE } from '../../domain/signing-status.ts';
import type { Language, Signer, Signing } from '../../domain/signing.ts';
import { formatDateTime } from '../../i18n/format-date-time.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { Translator } from '../../i18n/translator.ts';
import type { ReturnValues } from '../../ports/robot-run-store.ts';
import { describeRefusal } from './describe-refusal.ts';

/** What an answer is made of. */
export interface RunOutcome {
  readonly signing?: Signing | undefined;
  readonly refusal?: Refusal | undefined;
  /** A catalog key of `robots` with what is worth saying beside the status; empty for nothing. */
  readonly note?: string | undefined;
  /** Documents as the robot was given them, for an answer without a signing. */
  readonly sourceIds?: readonly string[];
}

/** A text of Bitrix24's type `text` may be long; this keeps a hostile name from flooding a process. */
const MAX_TEXT = 10_000;

/**
 * The output properties of both robots (docs/robots.md), always all of them, so that a step that runs twice in a loop
 * shows nothing of its first run. `bool` is `Y` or `N` as Bitrix24 takes it, lists are arrays, nothing is null.
 * @param robot whose input titles a refusal names
 */
export function buildReturnValues(outcome: RunOutcome, language: Language, robot: string): ReturnValues {
  const { signing, note } = outcome;
  const refusal = outcome.refusal ?? errorOf(signing);
  const t = createTranslator(language);
  const status = signing?.status ?? 'none';
  const text = refusal
    ? describeRefusal(refusal, language, robot)
    : t('robots.response.done', { status: t(`statuses.signing_${status}`) });
  const files = signing?.resultDocuments ?? {};
  return {
    source_document_ids: signing
      ? signing.documents.map((document) => document.ref)
      : [...(outcome.sourceIds ?? [])],
    signing_id: signing?.id ?? refusal?.signingId ?? '',
    status_code: signing ? SIGNING_STATUS_CODES[signing.status] : STATUS_NONE,
    status_text: t(`statuses.signing_${status}`),
    response_code: refusal ? REFUSAL_CODES[refusal.key] : 0,
    response_text: [text, note ? t(`robots.note.${note}`) : ''].filter(Boolean).join('\n').slice(0, MAX_TEXT),
    error: refusal?.key ?? '',
    retryable: refusal?.retryable ? 'Y' : 'N',
    signers_text: signing
      ? signing.signers.map((signer) => describeSigner(signer, signing.timeZone, t, language)).join('\n')
      : '',
    signed_document_id: files.signed ?? '',
    agreement_document_id: files.agreement ?? '',
    report_document_id: files.report ?? '',
  };
}

/** A signing that stands still for an error is never "done as asked"; the reference is the one the log has. */
function errorOf(signing: Signing | undefined): Refusal | undefined {
  if (signing?.status !== 'error') return undefined;
  return new Refusal('INTERNAL_ERROR', [
    { text: 'signing_error', values: { reference: signing.error?.reference ?? '' } },
  ]);
}

/** `Anna Petrova (counterparty) — signed, 12 September 2026, 10:41 UTC` */
function describeSigner(signer: Signer, timeZone: string, t: Translator, language: Language): string {
  const at = signer.signedAt ?? signer.declinedAt;
  const parts = [t(`statuses.signer_${signer.status}`)];
  if (at) parts.push(formatDateTime(at, language, timeZone));
  if (signer.declineReason) parts.push(t('robots.response.reason', { reason: signer.declineReason }));
  return t('robots.response.signer', {
    name: signer.name,
    party: t(`robots.response.party.${signer.party}`),
    state: parts.join(', '),
  });
}
