/**
 * What the application asks of PDF files. Plain data in, plain data out; bytes are Uint8Array. No operation blocks the
 * caller's event loop, opens a socket, reads the environment or the clock (every time is given).
 *
 * Every operation may fail with PdfEngineFailure; prepareBundle also with DocumentRefused.
 */
import type { IntakeRequest, PreparedBundle } from './pdf/intake.ts';
import type { AgreementRequest, RenderedDocument, ReportRequest } from './pdf/rendering.ts';
import type {
  ApplySignatureRequest,
  FinishRequest,
  OpenedDocument,
  OpenRequest,
  SealedDocument,
  SealRequest,
} from './pdf/sealing.ts';
import type { VerificationResult, VerifyRequest } from './pdf/verification.ts';

export * from './pdf/failures.ts';
export type * from './pdf/certificate.ts';
export type * from './pdf/intake.ts';
export type * from './pdf/lang.ts';
export type * from './pdf/rendering.ts';
export type * from './pdf/sealing.ts';
export type * from './pdf/verification.ts';

export interface JobOptions {
  /** Aborting stops the job (its worker is ended if it is running) and rejects with code `cancelled`. */
  signal?: AbortSignal;
  /** Whose certificate signs, for operations that sign: a portal with one of its own; default the operator's. */
  portalId?: string;
}

export interface PdfEngine {
  /**
   * Checks every part, merges them in the given order, finds and removes the places marked in their text, and draws the
   * page strip. A single healthy file without marked places, with neither strip nor flattening wanted, comes back byte for
   * byte; so does every signed one. A damaged one is repaired where possible. Rejects with DocumentRefused naming the first
   * part at fault.
   */
  prepareBundle(request: IntakeRequest, options?: JobOptions): Promise<PreparedBundle>;

  /**
   * Makes a document ready for one signature per signer: adds the signature page for signers without a place, creates a
   * form field for every mark, and certifies the result (DocMDP 2: from here on fields may be filled and signatures
   * added, nothing else). A file that is signed already comes back byte for byte: only its own author could certify it.
   */
  openForSigning(request: OpenRequest, options?: JobOptions): Promise<OpenedDocument>;

  /**
   * Appends one signer's signature as a revision: fills the fields of their marks, signs in their signature field (in a
   * file that was signed before it came: in a new one, at the first given position, else at the foot of the last page)
   * and locks these fields (FieldMDP).
   */
  applySignature(request: ApplySignatureRequest, options?: JobOptions): Promise<SealedDocument>;

  /**
   * Draws every signer's marks and seals the document with one PAdES signature, certified as final (DocMDP 1). A file
   * that is signed already gets an approval signature instead.
   */
  sealBundle(request: SealRequest, options?: JobOptions): Promise<OpenedDocument>;

  /**
   * Adds what makes the signatures provable later: validation data (chains, OCSP answers, CRLs) and a document time-stamp
   * over everything. Gives the input back byte for byte where there is nothing to add.
   */
  finishDocument(request: FinishRequest, options?: JobOptions): Promise<SealedDocument>;

  /** A plain text document (the additional agreement), not signed: it is signed like any other document. */
  renderAgreement(request: AgreementRequest, options?: JobOptions): Promise<RenderedDocument>;

  /** The signing report, sealed (DocMDP 1), its data attached as JSON. */
  renderReport(request: ReportRequest, options?: JobOptions): Promise<RenderedDocument>;

  /**
   * Says what a file's signatures are worth. Never rejects because of the file's content: one that is unreadable, or made
   * to exhaust the verifier, is `not_a_pdf` or `broken`.
   */
  verify(request: VerifyRequest, options?: JobOptions): Promise<VerificationResult>;
}
