import type { Effect } from './effect.ts';
import type { JournalEntry } from './journal.ts';
import type { Party, Purpose, SigningOrder } from './purpose.ts';
import type { SealingPlan } from './sealing-plan.ts';
import type { SignerStatus, SigningStatus } from './signing-status.ts';

export type Language = 'en' | 'ru';
export type ProviderName = 'builtin';

/** A file in the file store. */
export interface StoredFile {
  readonly fileId: string;
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly pages: number;
}

/** The document and, where one was asked for, the agreement. */
export interface FilePair {
  readonly signed: StoredFile;
  readonly agreement?: StoredFile;
}

export interface SourceDocument {
  /** As the robot was given it: a CRM document id (`300`). */
  readonly ref: string;
  readonly title: string;
  readonly file: StoredFile;
}

export type DeliveryState = 'queued' | 'handed_over' | 'bounced' | 'failed';
export interface Delivery {
  readonly channel: 'email' | 'sms';
  readonly state: DeliveryState;
  readonly at: Date;
}

export type Mark =
  { readonly kind: 'drawn'; readonly fileId: string } | { readonly kind: 'typed'; readonly text: string };

export type IdentificationMethod = 'email_code' | 'sms_code' | 'mandate';

/** What proves a signer's action. The address is masked, the code itself is nowhere. */
export interface Evidence {
  readonly at: Date;
  readonly method: IdentificationMethod;
  readonly address: string;
  readonly ip: string;
  readonly agent: string;
  readonly consentVersion: string;
  /** SHA-256 of the bundle that was on the screen. */
  readonly bundleSha256: string;
  readonly mark: Mark;
  /** For `mandate`: when and how it was given. */
  readonly mandate?: { readonly kind: 'consent' | 'paper'; readonly grantedAt: Date };
}

/** A one-time code, as a salted hash, with what is left of it. */
export interface CodeState {
  readonly hash: string;
  readonly channel: 'email' | 'sms';
  readonly sentAt: Date;
  readonly expiresAt: Date;
  readonly triesLeft: number;
  readonly sends: number;
}

export interface Signer {
  /** `s1`, `s2` … unique in the signing. */
  readonly id: string;
  readonly party: Party;
  readonly step: number;
  readonly person: { readonly kind: 'employee' | 'contact'; readonly id: string };
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly position: string;
  readonly company: string;
  readonly language: Language;
  /** `mandate`: the stored signature is applied when the step's turn comes; `link`: invited like everyone. */
  readonly method: 'link' | 'mandate';
  readonly status: SignerStatus;
  readonly delivery?: Delivery;
  /** Random; the link is derived from it and a new value revokes the old link. */
  readonly linkNonce: string;
  readonly invitedAt?: Date;
  readonly openedAt?: Date;
  readonly signedAt?: Date;
  readonly declinedAt?: Date;
  readonly declineReason?: string;
  readonly remindedAt?: Date;
  readonly code?: CodeState;
  readonly evidence?: Evidence;
}

export interface SigningEntity {
  /** Deals for now; the id is the portal's. */
  readonly type: 'deal';
  readonly id: string;
  readonly title: string;
}

export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
}

/** Ids of CRM documents in the portal, for later steps of a process. */
export interface ResultDocuments {
  readonly signed?: string;
  readonly agreement?: string;
  readonly report?: string;
}

/**
 * One signing: state, signers, journal and pending effects in one document, so that a change of state, its journal entry
 * and its effects are one atomic write.
 */
export interface Signing {
  readonly id: string;
  /** member_id of the portal. */
  readonly portalId: string;
  /** Grows by one with every write; a write on an older value is refused. */
  readonly revision: number;
  readonly status: SigningStatus;
  /** For `error`: the state to resume into. */
  readonly statusBeforeError?: SigningStatus;
  readonly error?: { readonly text: string; readonly reference: string; readonly at: Date };
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date;
  readonly language: Language;
  /** Zone in which people read its times: an offset (`+03:00`) or an IANA name; empty = UTC. */
  readonly timeZone: string;
  readonly title: string;
  readonly subject: string;
  readonly message: string;
  readonly purpose: Purpose;
  readonly order: SigningOrder;
  readonly provider: ProviderName;
  readonly entity: SigningEntity;
  readonly initiator: Person;
  readonly responsible: Person;
  readonly documents: readonly SourceDocument[];
  /** Where the marks go: the robot's `signature_positions`, else what the documents' text marks; empty = a signature page. */
  readonly positions: string;
  readonly withAgreement: boolean;
  readonly sealing: SealingPlan;
  /** What is shown and signed. Where every signer's action is a signature, it is the file that these are appended to. */
  readonly bundle?: StoredFile;
  readonly agreement?: StoredFile;
  /** The files with the signatures made so far; gone when the signing is sealed. */
  readonly signedSoFar?: FilePair;
  readonly signedFile?: StoredFile;
  readonly signedAgreement?: StoredFile;
  readonly report?: StoredFile;
  readonly resultDocuments?: ResultDocuments;
  /** Id of the live card in the deal's timeline. */
  readonly cardId?: string;
  readonly signers: readonly Signer[];
  readonly journal: readonly JournalEntry[];
  readonly effects: readonly Effect[];
}

export const findSigner = (signing: Signing, signerId: string): Signer | undefined =>
  signing.signers.find((signer) => signer.id === signerId);

/** The step whose turn it is: the lowest one with somebody who has not signed. */
export const currentStep = (signing: Signing): number =>
  Math.min(...signing.signers.filter((signer) => signer.status !== 'signed').map((signer) => signer.step));

export const signersOfStep = (signing: Signing, step: number): Signer[] =>
  signing.signers.filter((signer) => signer.step === step);
