/** What can be said of a file's signatures. */
import type { SealLevel } from './sealing.ts';

/**
 * `unsigned`: a PDF without a signature. `unchanged`: every signature holds and nothing but permitted additions came
 * after the first. `changed`: the signed bytes hold, but content was changed or added after signing, or the file is built
 * so that programs may disagree about what it shows. `broken`: at least one signature does not hold. A signature of a kind
 * that cannot be examined (`unsupported`) counts for nothing: the others decide, and `unsigned` with the warning
 * `signature_not_examined` is the answer when there is none. Integrity only: whether the signer is who they say is `trust`
 * of each signature.
 */
export type Verdict = 'unsigned' | 'unchanged' | 'changed' | 'broken' | 'not_a_pdf';

/**
 * `ours`: made with the operator's certificate. `anchored`: chain to a given anchor. `registered`: put in by a customer of
 * this service, nobody has checked the names in it. `unknown`: anyone could have made this certificate. Neither of the last
 * two is ever shown green.
 */
export type Trust = 'ours' | 'anchored' | 'registered' | 'unknown';

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

/** A rectangle on a page as its reader sees it (cropped, turned): points from the top-left corner. */
export interface PagePlace {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface DocumentChange {
  /** Text: `pdf.change.<code>`. */
  code: string;
  /** Where in the file's structure, for experts: `/Pages/Kids[0]/Contents`. */
  path: string;
  /** By the rules of PDF and of every signature and certification before it. */
  permitted: boolean;
  /** Page number from 1 where known. */
  page?: number;
  /** Where on the page, where that is known from the structure (annotations, fields). */
  place?: PagePlace;
}

/** Whether the authority still vouched for a certificate when it signed; only data inside the file is looked at. */
export type Revocation =
  /** An OCSP answer or a CRL in the file says so, valid for the time of signing. */
  | 'good'
  | 'revoked'
  /** The file has no answer, or none that can be believed. */
  | 'unknown'
  /** Nobody could revoke it: self-issued, its authority publishes nothing. */
  | 'not_published';

/** A page that looks different now than it did when it was signed. */
export interface ChangedPage {
  /** From 1. */
  page: number;
  /** Size of the visible page in points. */
  width: number;
  height: number;
  /** What differs, by structure and by comparing pictures of the page; what is permitted is told apart. */
  places: (PagePlace & { permitted: boolean })[];
  /** Pictures, PNG: as it was signed (absent for a page that was not there) and as it is now. */
  signed?: Uint8Array;
  now?: Uint8Array;
}

export interface VerifyRequest {
  pdf: Uint8Array;
  /** DER certificates of authorities that are believed besides the operator's own. */
  anchors?: Uint8Array[];
  /** DER certificates that portals sign or once signed with. */
  registered?: Uint8Array[];
  /** Time at which certificates must be valid when a signature has no trusted time. */
  at: Date;
  /** Of at most so many pages that changed, pictures before and after. Default 0. */
  pictures?: number;
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
  /** Baseline level that the file supports for it; `cms`: no PAdES signature; `timestamp`: a document time-stamp. */
  level: SealLevel | 'cms' | 'timestamp';
  revocation: Revocation;
  /** When `revoked`. */
  revokedAt?: Date;
  /** Fields that this signature locks (FieldMDP); `all`: every field. */
  locks?: string[] | 'all';
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
  /** Pages that changed after the first signature, in order; at most 50. */
  changedPages: ChangedPage[];
  /** Codes. Text: `pdf.warning.<code>`. */
  warnings: string[];
}
