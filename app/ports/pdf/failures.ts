/** How an operation of the PDF engine can fail: the document is at fault, or the job. */

/** Why a document cannot be taken. The text a person reads is `pdf.refused.<reason>` in the catalogs. */
export const refusalReasons = [
  'not_pdf',
  'empty',
  'too_large',
  'too_many_pages',
  'password_required',
  /** Readable without a password, but protected by its author's; or by a kind of encryption nobody here can open. */
  'encrypted',
  'damaged',
  'active_content',
  'dynamic_xfa',
  'no_pages',
  /** Several documents, one of them signed: merging would break its signature. */
  'already_signed_merge',
  /** Its own signature lets nothing be added (DocMDP 1, or a lock of that level), so ours may not be either. */
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
  /** The portal's own certificate has run out: nothing is signed until its administrators put in another or remove it. */
  | 'certificate_expired'
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
