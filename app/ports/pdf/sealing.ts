/**
 * Signing a document. Two ways, chosen per signing:
 * - one signature per signer: `openForSigning` once, `applySignature` for every signer as they sign, `finishDocument`;
 * - one seal at the end: `sealBundle` once everybody signed, then `finishDocument`.
 * Each result has its input as a prefix wherever a signature is in it.
 */
import type { SealLevel } from '../../domain/sealing-plan.ts';
import type { SignaturePosition } from '../../domain/signature-positions.ts';
import type { Lang } from './lang.ts';

export type { SealLevel };

export type SignatureMark =
  { kind: 'drawn'; png: Uint8Array } | { kind: 'typed'; text: string } | { kind: 'none' };

/** What is known of a signer before they sign. */
export interface ExpectedSigner {
  /** Unique in the signing, of letters and digits (`s1`). */
  id: string;
  /** Place in the signing order, from 1. */
  step: number;
  name: string;
  /** Side of the agreement as text ("Company", "Counterparty"). */
  role?: string;
  /** Job title. */
  position?: string;
  company?: string;
  /** What the signature says ("Signature", "Approval"), as text. */
  purposeText: string;
}

export interface SealSigner extends ExpectedSigner {
  /** How the person was identified, as text in the document's language. */
  identifiedBy: string;
  signedAt: Date;
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

/** RFC 3161 servers, tried in this order. */
export interface TimestampPolicy {
  /** At least one. */
  urls: string[];
  /** When none answers: fail with `timestamp_unavailable`, or go on without and say so. */
  whenDown: 'fail' | 'go_on';
}

/** Texts of a signature dictionary; viewers show them in their signature panel. */
export interface SignatureTexts {
  reason?: string;
  location?: string;
  contact?: string;
}

/** Text: `pdf.warning.<code>`. */
export type SealWarning =
  | 'position_outside' // a given position is not on any page; the mark went to the signature page
  | 'timestamp_missing' // made without the wanted time-stamp (TimestampPolicy.whenDown)
  | 'validation_data_missing'; // an authority of the chain did not say whether its certificates are still good

export interface SealedDocument {
  pdf: Uint8Array;
  /** Lower-case hex SHA-256 of `pdf`. */
  sha256: string;
  pages: number;
  /** What this step reached for its own signature; of `finishDocument`: for the document. */
  level: SealLevel;
  /** Time from the time-stamp token. */
  timestampAt?: Date;
  warnings: SealWarning[];
}

export interface OpenedDocument extends SealedDocument {
  /** Number (from 1) of the first appended signature page; 0 when every signer has a place in the document. */
  signaturePage: number;
}

interface DocumentToSign extends SignatureTexts {
  pdf: Uint8Array;
  /** Checked by checkSignaturePositions; what does not fit the document falls back to the signature page. */
  positions?: SignaturePosition[];
  signing: SigningRef;
  /** Absent: no time-stamp (level B-B). */
  timestamps?: TimestampPolicy;
}

export interface OpenRequest extends DocumentToSign {
  /** From prepareBundle or renderAgreement. In the order they are to be listed; at least one. */
  signers: ExpectedSigner[];
  /** Time of the certification (signature dictionary /M). */
  openedAt: Date;
}

export interface ApplySignatureRequest extends DocumentToSign {
  /** `pdf` is what openForSigning or the applySignature before it gave. */
  signer: SealSigner;
  /** Everyone, as openForSigning was given them. */
  signers: ExpectedSigner[];
}

export interface SealRequest extends DocumentToSign {
  /** From prepareBundle. In the order they are to be listed; at least one. */
  signers: SealSigner[];
  /** Time of sealing (signature dictionary /M). */
  sealedAt: Date;
}

export interface FinishRequest {
  pdf: Uint8Array;
  signing: Pick<SigningRef, 'id' | 'lang'>;
  /** What to add: nothing for B-B and B-T, validation data (DSS) for B-LT, and a document time-stamp for B-LTA. */
  level: SealLevel;
  timestamps?: TimestampPolicy;
  finishedAt: Date;
}
