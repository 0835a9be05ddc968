import type { Signing } from '../domain/signing.ts';
import type { SigningStatus } from '../domain/signing-status.ts';

/** Somebody else wrote first: read again and decide again. */
export class RevisionConflict extends Error {
  constructor(signingId: string) {
    super(`signing ${signingId} was changed meanwhile`);
    this.name = 'RevisionConflict';
  }
}

/** A document of the new signing is in an open one already. */
export class DocumentLocked extends Error {
  readonly signingId: string;
  constructor(signingId: string) {
    super(`a document is in the open signing ${signingId}`);
    this.name = 'DocumentLocked';
    this.signingId = signingId;
  }
}

export interface SigningFilter {
  readonly dealId?: string;
  readonly status?: SigningStatus;
  /** Words of title, deal or signer. */
  readonly search?: string;
}

export interface SigningStore {
  /**
   * Stores a new signing. The same id again is not an error and changes nothing: a run delivered twice is one signing.
   * @returns the stored signing, whoever stored it
   * @throws DocumentLocked when one of its documents is in another open signing; atomic, so two runs cannot both pass
   */
  create(signing: Signing): Promise<Signing>;

  /** By id; with a portal id only if it belongs to that portal. */
  get(id: string, portalId?: string): Promise<Signing | undefined>;

  /**
   * Replaces the signing in one atomic write and raises its revision. Reaching a final state frees its documents.
   * @throws RevisionConflict when the stored revision is not `signing.revision`
   */
  save(signing: Signing): Promise<Signing>;

  /** The newest signing of a document (its `ref`), open or not. */
  findByDocument(portalId: string, ref: string): Promise<Signing | undefined>;

  /**
   * Open signings first, then newest first. `cursor` is the `next` of the page before. A search finds beginnings of words,
   * all of them. Counting `total` costs what is found.
   */
  list(
    portalId: string,
    filter: SigningFilter,
    page: { limit: number; cursor?: string },
  ): Promise<{ signings: Signing[]; next?: string; total: number }>;

  /** Ids of signings with a pending effect that is due, oldest first. Costs what is due, not what exists. */
  dueForEffects(now: Date, limit: number): Promise<string[]>;

  /** Ids of open signings whose deadline has passed; not of those that everybody has signed and only we are late with. */
  dueForExpiry(now: Date, limit: number): Promise<string[]>;

  /** Open signings of a deal, for when the deal is deleted. */
  openOfDeal(portalId: string, dealId: string): Promise<string[]>;

  /** Every open signing of a portal, in batches, for when it is uninstalled. */
  openOfPortal(portalId: string, limit: number): Promise<string[]>;

  /** Removes a portal's signings for good (uninstall with CLEAN, purge). */
  purgePortal(portalId: string): Promise<number>;

  /**
   * Takes the right to run the effects of a signing until the lease ends, or says false when somebody else has it.
   * @param owner unique per process
   */
  lease(id: string, owner: string, now: Date, seconds: number): Promise<boolean>;
  releaseLease(id: string, owner: string): Promise<void>;
}
