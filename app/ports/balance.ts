export interface BalanceState {
  /** Signatures that may still be reserved. */
  readonly available: number;
  /** Held for open signings. */
  readonly reserved: number;
  /** Used up since the portal was installed. */
  readonly spent: number;
}

/**
 * A portal's signatures. Every operation is one atomic write and may be repeated: the signing's id (and the signer's)
 * is its idempotency key. `available + reserved + spent` changes only by a grant.
 */
export interface Balance {
  /** Opens the account with the start credits; does nothing when it exists. */
  open(portalId: string, credits: number): Promise<void>;
  show(portalId: string): Promise<BalanceState>;
  /** @param grantId idempotency key of this grant */
  grant(portalId: string, amount: number, grantId: string): Promise<BalanceState>;
  /** Holds `count` signatures for a signing. False when too few are available; true again for the same signing. */
  reserve(portalId: string, signingId: string, count: number): Promise<boolean>;
  /** One signature of the reservation is used up by a signer. Without a reservation that has one left, nothing happens. */
  settle(portalId: string, signingId: string, signerId: string): Promise<void>;
  /** What is left of the reservation goes back. */
  release(portalId: string, signingId: string): Promise<void>;
  /** Every reservation goes back: the portal's signings are deleted and nobody else would release them. */
  releaseAll(portalId: string): Promise<void>;
  /** Deletes the account itself. */
  purgePortal(portalId: string): Promise<void>;
}
