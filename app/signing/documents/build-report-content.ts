import type { JournalEntry } from '../../domain/journal.ts';
import type { FilePair, Language, Signer, Signing, StoredFile } from '../../domain/signing.ts';
import { describeEntry } from '../../i18n/describe-entry.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { ReportContent, ReportFile, ReportPerson } from '../../ports/pdf-engine.ts';
import type { FinishedFiles } from './build-report.ts';
import { describeIdentification } from './describe-identification.ts';
import { readRevisions } from './read-revisions.ts';

/** When the last of the signers signed. */
export const finishedAt = (signing: Signing): Date | undefined =>
  signing.journal.find(({ type }) => type === 'all_signed')?.at;

/**
 * What people read in the report, in one language.
 * @param consents texts of the consents that were accepted, per version
 */
export function buildReportContent(
  signing: Signing,
  files: FinishedFiles,
  about: { lang: Language; publicUrl: string; consents: ReadonlyMap<string, string> },
): ReportContent {
  const { lang, publicUrl, consents } = about;
  const t = createTranslator(lang);
  const sentence = (entry: JournalEntry): string => describeEntry(t, entry).trim();
  const titles: Record<keyof FilePair, string> = {
    signed: signing.title,
    agreement: t('portal.document_agreement', { title: signing.title }),
  };

  const person = (signer: Signer): ReportPerson => ({
    step: signer.step,
    name: signer.name,
    role: t(`portal.party_${signer.party}`),
    position: signer.position,
    company: signer.company,
    email: signer.email,
    phone: signer.phone,
    purposeText: t(`portal.purpose_${signing.purpose}`),
    statusText: t(`statuses.signer_${signer.status}`),
    identifiedBy: signer.evidence && describeIdentification(signing, signer.evidence, lang),
    consentVersion: signer.evidence?.consentVersion,
    ip: signer.evidence?.ip,
    agent: signer.evidence?.agent,
    actions: signing.journal
      .filter(({ type, data }) => data['signer'] === signer.id && type !== 'signature_applied')
      .map((entry) => ({
        at: entry.at,
        text: sentence(entry),
        ip: String(entry.data['ip'] ?? '') || undefined,
      })),
  });

  const signedFile = (kind: keyof FilePair, before: StoredFile | undefined): ReportFile[] => {
    const made = files[kind];
    if (!before || !made) return [];
    const { file, level, timestampAt } = made;
    return [
      {
        name: titles[kind],
        pages: file.pages,
        before: before.sha256,
        after: file.sha256,
        level,
        timestampAt,
      },
    ];
  };

  return {
    lang,
    title: signing.title,
    statusText: t('report.status_signed'),
    orderText: t(`portal.order_${signing.order}`),
    createdAt: signing.createdAt,
    finishedAt: finishedAt(signing),
    operator: `Countersign · ${new URL(publicUrl).host}`,
    documents: signing.documents.map(({ title, file }) => ({
      name: title,
      sha256: file.sha256,
      pages: file.pages,
    })),
    files: [...signedFile('signed', signing.bundle), ...signedFile('agreement', signing.agreement)],
    people: signing.signers.map(person),
    revisions: readRevisions(signing).map(({ name, file, withoutTimestamp, ...revision }) => ({
      at: revision.at,
      text: t(withoutTimestamp ? 'report.revision_without_timestamp' : 'report.revision', { name }),
      file: file === 'agreement' ? titles.agreement : undefined,
      before: revision.before,
      after: revision.after,
      level: revision.level,
      timestampAt: revision.timestampAt,
    })),
    consents: [...consents].map(([version, text]) => ({ version, text })),
    journal: signing.journal.map((entry) => ({
      number: entry.seq,
      at: entry.at,
      actor: entry.actor.name ?? t(`journal.actor_${entry.actor.kind}`),
      text: sentence(entry),
      hash: entry.hash,
      previousHash: entry.prev,
    })),
  };
}
