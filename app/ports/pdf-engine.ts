/**
 * What the application asks of PDF files. Plain data in, plain data out; bytes are Uint8Array. No operation blocks the
 * caller's event loop, opens a socket, reads the environment or the clock (every time is given).
 *
 * Every operation may fail with PdfEngineFailure; prepareBundle also with DocumentRefused.
 */
import type { SignaturePosition } from '../domain/signature-positions.ts';

export type Lang = 'ru' | 'en';

/** Why a document cannot be taken. The text a person reads is `pdf.refused.<reason>` in the catalogs. */
export const refusalReasons = [
  'not_pdf',
  'empty',
  'too_large',
  'too_many_pages',
  'password_required',
  'damaged',
  'active_content',
  'dynamic_xfa',
  'no_pages',
  /** Several documents, one of them signed: merging would break its signature. */
  'already_signed_merge',
  /** Its own signature certifies that nothing may be added (DocMDP 1), so ours may not be either. */
  'already_signed_locked',
  /** Layers that are switched off would become visible in a merge. */
  'hidden_layers',
  /** Not read within the time or memory an honest file of that size needs. */
  'too_complex',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** The document is at fault, trying again cannot help: response code 132. */
export class DocumentRefused extends Error {
  readonly code = 'DOCUMENT_REFUSED';
  readonly retryable = false;
  readonly reason: RefusalReason;
  /** Index in `parts` of the file at fault; -1 when it is the bundle as a whole (too many pages together). */
  readonly part: number;
  /** For the log: what exactly was found. */
  readonly detail: string;
  constructor(reason: RefusalReason, part: number, detail = '') {
    super(`document ${part} refused: ${reason}${detail ? ` (${detail})` : ''}`);
    this.name = 'DocumentRefused';
    this.reason = reason;
    this.part = part;
    this.detail = detail;
  }
}

export type PdfFailureCode =
  /** The job did not end by its deadline and was stopped. */
  | 'timeout'
  /** The worker died or ran out of memory on this job. */
  | 'crashed'
  /** The engine is being closed. */
  | 'closed'
  /** Cancelled through the signal that the caller gave. */
  | 'cancelled'
  /** No time-stamp server gave a usable answer. Nothing was sealed. */
  | 'timestamp_unavailable'
  /** A guard found that the result would not be what was promised (see `message`). Nothing was returned. */
  | 'internal';

/** The job is at fault, not (necessarily) the document. */
export class PdfEngineFailure extends Error {
  readonly code: PdfFailureCode;
  readonly retryable: boolean;
  constructor(code: PdfFailureCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PdfEngineFailure';
    this.code = code;
    this.retryable = code === 'closed' || code === 'crashed' || code === 'timestamp_unavailable';
  }
}

export interface JobOptions {
  /** Aborting stops the job (its worker is ended if it is running) and rejects with code `cancelled`. */
  signal?: AbortSignal;
}

// ---------------------------------------------------------------------------------------------- intake and merge

export interface DocumentPart {
  /** File or document name, for bookmarks and texts. */
  name: string;
  bytes: Uint8Array;
}

export interface IntakeLimits {
  /** Of all parts together, bytes. Default 50 MiB. */
  maxBytes?: number;
  /** Of the bundle. Default 500. */
  maxPages?: number;
}

/** What was done to a document, or is worth telling. Text: `pdf.warning.<code>`. */
export type IntakeWarning =
  /** The file's structure was damaged and has been rebuilt. */
  | 'repaired'
  /** Form fields became plain page content, so that they survive the merge. */
  | 'form_flattened'
  /** The single file is signed already: its bytes are kept, the seal is appended as one more revision. */
  | 'already_signed'
  /** Outlines or attachments of the 2nd and later files are not in the bundle. */
  | 'extras_dropped'
  /** Layers that are switched off stay hidden in the document that is signed. */
  | 'hidden_layers';

export interface PreparedBundle {
  /** What is shown to the signers and what sealBundle takes. */
  pdf: Uint8Array;
  pages: number;
  /** Lower-case hex SHA-256 of `pdf`. */
  sha256: string;
  /** In order of `parts`: hash of the bytes as they came in, and which pages (from 1) they became. */
  parts: { name: string; sha256: string; firstPage: number; pages: number }[];
  alreadySigned: boolean;
  warnings: { code: IntakeWarning; part: number }[];
}

// --------------------------------------------------------------------------------------------------------- sealing

export type SignatureMark =
  { kind: 'drawn'; png: Uint8Array } | { kind: 'typed'; text: string } | { kind: 'none' };

export interface SealSigner {
  id: string;
  /** Place in the signing order, from 1. */
  step: number;
  name: string;
  /** Side of the agreement as text ("Company", "Counterparty"). */
  role?: string;
  /** Job title. */
  position?: string;
  company?: string;
  /** How the person was identified, as text in the document's language. */
  identifiedBy: string;
  signedAt: Date;
  /** What the signature says ("Signature", "Approval"), as text. */
  purposeText: string;
  mark: SignatureMark;
  /** Company stamp; PNG with or without transparency. */
  stampPng?: Uint8Array;
}

export interface SigningRef {
  id: string;
  title: string;
  lang: Lang;
  /** Goes into the QR code and, clickable, beside it. Without secrets: whoever has the paper can read it. */
  verifyUrl: string;
  /** IANA zone in which times are printed, each with its UTC offset. Default UTC. */
  timeZone?: string;
}

export interface SealRequest {
  /** From prepareBundle. */
  pdf: Uint8Array;
  /** In the order they are to be listed; at least one. */
  signers: SealSigner[];
  /** Checked by checkSignaturePositions; what does not fit the document falls back to the signature page. */
  positions?: SignaturePosition[];
  signing: SigningRef;
  /** Time of sealing (signature dictionary /M). */
  sealedAt: Date;
  /** Texts of the signature dictionary; viewers show them in their signature panel. */
  reason?: string;
  location?: string;
  contact?: string;
  /**
   * 1: nothing may be changed afterwards; 2: form filling and further signatures may follow. A file that carries an
   * older signature gets an approval signature without certification: only a first signature may certify.
   */
  certification: 1 | 2;
  /** RFC 3161 servers, tried in this order; empty or absent: no time-stamp (level B-B). Needs postTimestampQuery. */
  tsaUrls?: string[];
  /** What happens when none answers: fail with `timestamp_unavailable` (default) or seal without one and say so. */
  whenTsaDown?: 'fail' | 'seal_without';
}

export interface SealedDocument {
  pdf: Uint8Array;
  sha256: string;
  pages: number;
  /** Number (from 1) of the first appended signature page; 0 when every mark found its place in the document. */
  signaturePage: number;
  level: 'B-B' | 'B-T';
  /** Time from the time-stamp token. */
  timestampAt?: Date;
  warnings: SealWarning[];
}

/** Text: `pdf.warning.<code>`. */
export type SealWarning =
  | 'position_outside' // a given position is not on any page; the mark went to the signature page
  | 'timestamp_missing'; // sealed without the wanted time-stamp (whenTsaDown)

// ------------------------------------------------------------------------------------------ agreement and report

export type TextBlock =
  | { kind: 'heading'; text: string; level?: 1 | 2 }
  | { kind: 'paragraph'; text: string }
  | { kind: 'list'; items: string[]; ordered?: boolean };

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

export interface ReportRequest {
  signing: SigningRef;
  statusText: string;
  /** How steps are ordered, as text ("company first"). */
  orderText?: string;
  createdAt: Date;
  finishedAt?: Date;
  /** When the report is made and sealed. */
  reportedAt: Date;
  /** Who operates the service; printed in the head and as the name of the seal. */
  operator?: string;
  /** Files as they came in. */
  documents: { name: string; sha256: string; pages?: number }[];
  /** Hash of the bundle before signing, and of the sealed file. */
  bundleSha256: string;
  signedSha256?: string;
  people: ReportPerson[];
  /** Full text of the consent, printed once, per version. */
  consents?: { version: string; text: string }[];
  journal: ReportJournalEntry[];
  /** Attached as `signing-report.json`; default: this request's data. Must survive JSON. */
  json?: unknown;
}

export interface RenderedDocument {
  pdf: Uint8Array;
  sha256: string;
  pages: number;
}

// ----------------------------------------------------------------------------------------------------- verification

/**
 * `unsigned`: a PDF without a signature. `unchanged`: every signature holds and nothing but permitted additions came
 * after the first. `changed`: the signed bytes hold, but content was changed or added after signing. `broken`: at least
 * one signature does not hold. A signature of a kind that cannot be examined (`unsupported`) counts for nothing: the others
 * decide, and `unsigned` with the warning `signature_not_examined` is the answer when there is none. Integrity only: whether the signer is who they say is `trust` of each signature.
 */
export type Verdict = 'unsigned' | 'unchanged' | 'changed' | 'broken' | 'not_a_pdf';

/**
 * `ours`: made with the operator's certificate. `anchored`: chain to a given anchor. `unknown`: anyone could have made
 * this certificate; never show it green.
 */
export type Trust = 'ours' | 'anchored' | 'unknown';

export interface CertificateInfo {
  subject: string;
  commonName: string;
  issuer: string;
  serial: string;
  /** Lower-case hex SHA-256 of the certificate. */
  fingerprint: string;
  validFrom: Date;
  validTo: Date;
}

export interface DocumentChange {
  /** Text: `pdf.change.<code>`. */
  code: string;
  /** Where in the file's structure, for experts: `/Pages/Kids[0]/Contents`. */
  path: string;
  permitted: boolean;
  /** Page number from 1 where known. */
  page?: number;
}

export interface SignatureFinding {
  /** Full field name. */
  field: string;
  kind: 'signature' | 'document_timestamp';
  /** `unsupported`: an algorithm this verifier does not know; neither valid nor broken. */
  integrity: 'valid' | 'broken' | 'unsupported';
  /** Why it is not valid, or what is odd. Text: `pdf.problem.<code>`. */
  problems: string[];
  certificate?: CertificateInfo;
  trust: Trust;
  /** The certificate was within its validity at the signing time. */
  certificateValidThen: boolean;
  name?: string;
  reason?: string;
  location?: string;
  contact?: string;
  /** The signer's own clock (/M). */
  claimedTime?: Date;
  timestamp?: { time: Date; valid: boolean; authority: string; trust: Trust };
  level: 'B-B' | 'B-T' | 'cms' | 'timestamp';
  /** DocMDP level when this signature certifies the document. */
  certification?: 1 | 2 | 3;
  covers: 'whole_file' | 'earlier_revision' | 'nothing';
  /** Which revision (from 1, counting signatures) and where it ends in bytes. */
  revision: number;
  revisionEnd: number;
  /** What came after the signature; empty when it covers the whole file. */
  changesAfter: DocumentChange[];
}

export interface VerificationResult {
  verdict: Verdict;
  sha256: string;
  size: number;
  pages: number;
  /** Oldest first. */
  signatures: SignatureFinding[];
  /** Codes. Text: `pdf.warning.<code>`. */
  warnings: string[];
}

// ------------------------------------------------------------------------------------------------------ certificate

/** The operator's sealing certificate. The private key stays behind `sign`: workers never see it. */
export interface SealCertificate {
  /** DER, leaf first, each issued by the next; the root last if it is known. */
  chain: Uint8Array[];
  keyType: 'RSA' | 'EC';
  /** Signs with SHA-256; RSA PKCS#1 v1.5 or ECDSA as DER. */
  sign(data: Uint8Array): Promise<Uint8Array>;
  subject: string;
  issuer: string;
  /** Lower-case hex SHA-256 of the leaf. */
  fingerprint: string;
  validTo: Date;
  /** True when this program made it: proves integrity, says nothing about identity. */
  selfIssued: boolean;
  /** PEM of the topmost certificate of the chain, for download. */
  rootPem: string;
}

/** Sends an RFC 3161 query (application/timestamp-query) and gives the body of the answer; rejects on anything else. */
export type PostTimestampQuery = (url: string, query: Uint8Array) => Promise<Uint8Array>;

// ------------------------------------------------------------------------------------------------------------- port

export interface PdfEngine {
  /**
   * Checks every part and merges them in the given order. A single healthy file comes back byte for byte; a damaged one
   * is repaired where possible. Rejects with DocumentRefused naming the first part at fault.
   */
  prepareBundle(
    request: { parts: DocumentPart[]; limits?: IntakeLimits },
    options?: JobOptions,
  ): Promise<PreparedBundle>;

  /**
   * Draws every signer's marks and seals the document with one PAdES signature by the operator's certificate. The same
   * request gives the same pages (only signature bytes differ). A signed input keeps its bytes as a prefix of the output.
   */
  sealBundle(request: SealRequest, options?: JobOptions): Promise<SealedDocument>;

  /** A plain text document (the additional agreement), not sealed: it is signed like any other document. */
  renderAgreement(request: AgreementRequest, options?: JobOptions): Promise<RenderedDocument>;

  /** The signing report, sealed with the operator's certificate, its data attached as JSON. */
  renderReport(request: ReportRequest, options?: JobOptions): Promise<RenderedDocument>;

  /**
   * Says what a file's signatures are worth. Never rejects because of the file's content (an unreadable one is
   * `not_a_pdf` or `broken`), except `timeout` and `crashed` for one made to exhaust the verifier.
   * `anchors`: DER certificates believed besides the operator's own; `at`: time at which certificates must be valid when
   * a signature has no trusted time.
   */
  verify(
    request: { pdf: Uint8Array; anchors?: Uint8Array[]; at: Date },
    options?: JobOptions,
  ): Promise<VerificationResult>;
}
