/** Documents that the application writes itself. */
import type { Lang } from './lang.ts';
import type { SealLevel, SigningRef, TimestampPolicy } from './sealing.ts';

export interface RenderedDocument {
  pdf: Uint8Array;
  /** Lower-case hex SHA-256 of `pdf`. */
  sha256: string;
  pages: number;
  /** Time from the time-stamp of the report's seal; absent without one. */
  timestampAt?: Date;
}

export type TextBlock =
  | { kind: 'heading'; text: string; level?: 1 | 2 }
  | { kind: 'paragraph'; text: string }
  /** An ordered list counts from `start`, default 1. */
  | { kind: 'list'; items: string[]; ordered?: boolean; start?: number };

export interface AgreementRequest {
  title: string;
  /** Printed under the title (number, place, date). */
  subtitle?: string;
  blocks: TextBlock[];
  lang: Lang;
  /** Printed as "parties" at the end: name and lines below it (requisites). */
  parties: { role?: string; name: string; lines?: string[] }[];
  createdAt: Date;
}

export interface ReportPerson {
  step: number;
  name: string;
  role?: string;
  position?: string;
  company?: string;
  email?: string;
  phone?: string;
  purposeText: string;
  statusText: string;
  identifiedBy?: string;
  /** Version of the consent text that was accepted. */
  consentVersion?: string;
  ip?: string;
  agent?: string;
  /** What this person did, in order. */
  actions: { at: Date; text: string; ip?: string; agent?: string }[];
}

/** A file that was signed, as it went to the signers and as it is now. */
export interface ReportFile {
  name: string;
  pages?: number;
  /** Lower-case hex SHA-256. */
  before: string;
  after: string;
  /** What the finished file reached. */
  level?: SealLevel;
  /** Time of the document time-stamp. */
  timestampAt?: Date;
}

/** One signature put into a file: what the file was before and after it. */
export interface ReportRevision {
  at: Date;
  /** Who and what ("Signature of Ivan Petrov"), as text. */
  text: string;
  /** Title of the file when it is not the signed document itself (the agreement). */
  file?: string;
  /** Lower-case hex SHA-256. */
  before: string;
  after: string;
  level: SealLevel;
  timestampAt?: Date;
}

export interface ReportJournalEntry {
  number: number;
  at: Date;
  /** Who, as text. */
  actor?: string;
  text: string;
  /** Hex hash of this entry and of the one before it (empty for the first). */
  hash: string;
  previousHash: string;
}

/** The whole report in one language. */
export interface ReportContent {
  lang: Lang;
  title: string;
  statusText: string;
  /** How steps are ordered, as text ("company first"). */
  orderText?: string;
  createdAt: Date;
  finishedAt?: Date;
  /** Who operates the service; printed in the head and as the name of the seal. */
  operator?: string;
  /** Files as they came in. */
  documents: { name: string; sha256: string; pages?: number }[];
  /** The document and, where there is one, the agreement. */
  files: ReportFile[];
  people: ReportPerson[];
  /** In the order they were made; empty for one seal at the end. */
  revisions: ReportRevision[];
  /** Full text of the consent, printed once, per version. */
  consents?: { version: string; text: string }[];
  journal: ReportJournalEntry[];
}

export interface ReportRequest {
  /** `lang` is the language of the seal and of what is printed on every page. */
  signing: SigningRef;
  /** When the report is made and sealed. */
  reportedAt: Date;
  /** One after the other in this order; the portal's language first. At least one. */
  contents: ReportContent[];
  /** Attached as `signing-report.json`, for programs. Must survive JSON. */
  json: unknown;
  /** Absent: no time-stamp on the report's seal. */
  timestamps?: TimestampPolicy;
}
