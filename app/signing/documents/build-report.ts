import type { SealLevel } from '../../domain/sealing-plan.ts';
import type { Language, Signer, Signing, StoredFile } from '../../domain/signing.ts';
import type { ReportRequest, TimestampPolicy } from '../../ports/pdf-engine.ts';
import { buildReportContent } from './build-report-content.ts';
import { buildReportJson } from './build-report-json.ts';
import { signingRef } from './signing-ref.ts';

/** A file that is signed to the end. */
export interface FinishedFile {
  readonly file: StoredFile;
  /** What it reached as a whole. */
  readonly level?: SealLevel;
  /** Time of the document time-stamp. */
  readonly timestampAt?: Date;
}

export interface FinishedFiles {
  readonly signed: FinishedFile;
  readonly agreement?: FinishedFile;
}

/** The texts of the consents that the signers accepted, per version. */
function acceptedConsents(
  { signers }: Signing,
  consentText: (version: string, signer: Signer) => string | undefined,
): Map<string, string> {
  const consents = new Map<string, string>();
  for (const signer of signers) {
    const version = signer.evidence?.consentVersion;
    const text = version && consentText(version, signer);
    if (version && text) consents.set(version, text);
  }
  return consents;
}

/**
 * The signing report of a signing whose files are finished: who did what, when, and how that can be checked. In the
 * signing's language, and where its plan says so, in the other one too.
 * @param deps.timestamps absent: no time-stamp on the report's seal
 */
export function buildReport(
  signing: Signing,
  files: FinishedFiles,
  deps: {
    publicUrl: string;
    now: Date;
    consentText: (version: string, signer: Signer) => string | undefined;
    timestamps?: TimestampPolicy;
  },
): ReportRequest {
  const { publicUrl, now, timestamps } = deps;
  const about = signingRef(signing, publicUrl);
  // The page then says by itself since when this very file is known.
  const ref = { ...about, verifyUrl: `${about.verifyUrl}?h=${files.signed.file.sha256}` };
  const consents = acceptedConsents(signing, deps.consentText);
  const other: Language = signing.language === 'ru' ? 'en' : 'ru';
  const languages = signing.sealing.secondReportLanguage ? [signing.language, other] : [signing.language];
  return {
    signing: ref,
    reportedAt: now,
    contents: languages.map((lang) => buildReportContent(signing, files, { lang, publicUrl, consents })),
    json: buildReportJson(signing, files, { publicUrl, verifyUrl: ref.verifyUrl, now, consents }),
    ...(timestamps ? { timestamps } : {}),
  };
}
