import type { JournalEntry } from '../../domain/journal.ts';
import type { Signer, Signing, StoredFile } from '../../domain/signing.ts';
import { describeEntry } from '../../i18n/describe-entry.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { ReportPerson, ReportRequest } from '../../ports/pdf-engine.ts';
import { signingRef } from './build-seal-request.ts';
import { describeIdentification } from './describe-identification.ts';

/** The signing report of a signing whose files are sealed: who did what, when, and how that can be checked. */
export function buildReport(
  signing: Signing,
  signedFile: StoredFile,
  deps: {
    publicUrl: string;
    now: Date;
    consentText: (version: string, signer: Signer) => string | undefined;
  },
): ReportRequest {
  const t = createTranslator(signing.language);
  const text = (entry: JournalEntry) => describeEntry(t, entry);
  const allSigned = signing.journal.find((entry) => entry.type === 'all_signed');

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
    identifiedBy: signer.evidence && describeIdentification(signing, signer.evidence),
    consentVersion: signer.evidence?.consentVersion,
    ip: signer.evidence?.ip,
    agent: signer.evidence?.agent,
    actions: signing.journal
      .filter((entry) => entry.data['signer'] === signer.id)
      .map((entry) => ({ at: entry.at, text: text(entry), ip: String(entry.data['ip'] ?? '') || undefined })),
  });

  const consents = new Map<string, string>();
  for (const signer of signing.signers) {
    const version = signer.evidence?.consentVersion;
    const consent = version && deps.consentText(version, signer);
    if (version && consent) consents.set(version, consent);
  }

  return {
    signing: signingRef(signing, deps.publicUrl),
    statusText: t('report.status_signed'),
    orderText: t(`portal.order_${signing.order}`),
    createdAt: signing.createdAt,
    finishedAt: allSigned?.at,
    reportedAt: deps.now,
    documents: signing.documents.map(({ title, file }) => ({
      name: title,
      sha256: file.sha256,
      pages: file.pages,
    })),
    bundleSha256: signing.bundle?.sha256 ?? '',
    signedSha256: signedFile.sha256,
    people: signing.signers.map(person),
    consents: [...consents].map(([version, consent]) => ({ version, text: consent })),
    journal: signing.journal.map((entry) => ({
      number: entry.seq,
      at: entry.at,
      actor: entry.actor.name ?? t(`journal.actor_${entry.actor.kind}`),
      text: text(entry),
      hash: entry.hash,
      previousHash: entry.prev,
    })),
  };
}
