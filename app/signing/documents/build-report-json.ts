import { createHash } from 'node:crypto';
import type { Actor, JournalEntry } from '../../domain/journal.ts';
import { signingNumber } from '../../domain/signing-number.ts';
import type { FilePair, Signer, Signing, StoredFile } from '../../domain/signing.ts';
import { finishedAt } from './build-report-content.ts';
import type { FinishedFiles } from './build-report.ts';
import { readRevisions } from './read-revisions.ts';

/** A moment as programs read it: ISO 8601, UTC, to the millisecond. */
type Moment = string;
const moment = (at: Date): Moment => at.toISOString();
const momentOr = (at: Date | undefined): Moment | undefined => at && moment(at);

/** The report's data. Described, field by field, in docs/report.md and docs/report.schema.json; they change together. */
export type ReportJson = ReturnType<typeof buildReportJson>;

const FORMAT = 'countersign-signing-report';
/** Raised when a field changes its meaning or goes away; a new field leaves it. */
const VERSION = 1;

/**
 * The report for programs: the same in every language, every time in UTC. Only what is named here goes in: codes, links and
 * what belongs to the portal alone stay out.
 * @param consents texts of the consents that were accepted, per version
 */
export function buildReportJson(
  signing: Signing,
  files: FinishedFiles,
  about: { publicUrl: string; verifyUrl: string; now: Date; consents: ReadonlyMap<string, string> },
) {
  const { sealing } = signing;
  return {
    format: FORMAT,
    version: VERSION,
    reportedAt: moment(about.now),
    service: { name: 'Countersign', url: about.publicUrl, verifyUrl: about.verifyUrl },
    signing: {
      id: signing.id,
      number: signingNumber(signing.id),
      title: signing.title,
      language: signing.language,
      timeZone: signing.timeZone || 'UTC',
      purpose: signing.purpose,
      order: signing.order,
      provider: signing.provider,
      createdAt: moment(signing.createdAt),
      finishedAt: momentOr(finishedAt(signing)),
      sealing: { mode: sealing.mode, level: sealing.level },
    },
    documents: signing.documents.map(({ title, file }) => ({ title, ...fileJson(file) })),
    files: [
      ...signedFileJson('signed', signing.bundle, files),
      ...signedFileJson('agreement', signing.agreement, files),
    ],
    signers: signing.signers.map(signerJson),
    signatures: readRevisions(signing).map(({ at, timestampAt, ...revision }) => ({
      at: moment(at),
      ...revision,
      timestampAt: momentOr(timestampAt),
    })),
    consents: [...about.consents].map(([version, text]) => ({
      version,
      sha256: createHash('sha256').update(text).digest('hex'),
      text,
    })),
    journal: { hash: 'SHA-256', entries: signing.journal.map(entryJson) },
  };
}

const fileJson = ({ name, sha256, size, pages }: StoredFile) => ({ name, sha256, size, pages });

function signedFileJson(kind: keyof FilePair, before: StoredFile | undefined, files: FinishedFiles) {
  const made = files[kind];
  if (!before || !made) return [];
  return [
    {
      kind,
      name: made.file.name,
      before: { sha256: before.sha256, size: before.size, pages: before.pages },
      after: { sha256: made.file.sha256, size: made.file.size, pages: made.file.pages },
      level: made.level,
      timestampAt: momentOr(made.timestampAt),
    },
  ];
}

function signerJson({ evidence, ...signer }: Signer) {
  return {
    id: signer.id,
    party: signer.party,
    step: signer.step,
    name: signer.name,
    position: signer.position,
    company: signer.company,
    email: signer.email,
    phone: signer.phone,
    language: signer.language,
    status: signer.status,
    invitedAt: momentOr(signer.invitedAt),
    openedAt: momentOr(signer.openedAt),
    signedAt: momentOr(signer.signedAt),
    evidence: evidence && {
      at: moment(evidence.at),
      method: evidence.method,
      address: evidence.address,
      ip: evidence.ip,
      agent: evidence.agent,
      consentVersion: evidence.consentVersion,
      bundleSha256: evidence.bundleSha256,
      mark: evidence.mark.kind,
      mandate: evidence.mandate && {
        kind: evidence.mandate.kind,
        grantedAt: moment(evidence.mandate.grantedAt),
      },
    },
  };
}

/** An entry with exactly what its hash is made of (hashEntry in app/domain/journal.ts). */
function entryJson({ seq, at, type, actor, data, prev, hash }: JournalEntry) {
  return { seq, at: moment(at), type, actor: actorJson(actor), data, prev, hash };
}

const actorJson = ({ kind, id, name }: Actor) => ({ kind, id, name });
