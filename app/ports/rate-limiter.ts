/** The requests a portal may be sent, shared by every process that talks to it. */
export interface RateLimiter {
  /**
   * Takes `cost` requests out of the portal's budget and waits until they may be sent.
   * @throws PortalError `busy` (retryable) when the turn would come too late to be worth waiting for
   */
  take(portalId: string, cost: number): Promise<void>;
}
