/** The installed app on one portal (tenant). Tokens are encrypted at rest by the store and plain here. */
export interface PortalInstallation {
  /** member_id: stays when the portal is renamed. */
  readonly id: string;
  /** Host, with a port where it is not the default; changes when the portal is renamed. */
  readonly domain: string;
  /** `https://portal/rest/` */
  readonly clientEndpoint: string;
  /** `https://oauth host/rest/`, always one of the trusted OAuth servers. */
  readonly serverEndpoint: string;
  /** Proves events and robot runs; empty until the portal told it. */
  readonly applicationToken: string;
  readonly state: 'active' | 'needs_reauth' | 'uninstalled';
  /** Portal language as the portal says it (`ru`, `en`, `la` …). */
  readonly language: string;
  readonly version: string;
  readonly scope: string;
  /** Which methods its tariff offers. */
  readonly features: { readonly robots: boolean; readonly activities: boolean };
  readonly tokens?: PortalTokens;
  readonly installedAt: Date;
  readonly updatedAt: Date;
}

export interface PortalTokens {
  /** Whose rights the app has in background jobs: the admin who installed it. */
  readonly userId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: Date;
}

export interface PortalStore {
  get(id: string): Promise<PortalInstallation | undefined>;
  /** By host, any state. */
  getByDomain(domain: string): Promise<PortalInstallation | undefined>;
  list(): Promise<PortalInstallation[]>;
  /** Creates or replaces. */
  save(installation: PortalInstallation): Promise<void>;
  /** Changes some fields and `updatedAt`; `tokens: null` deletes the tokens. An unknown portal stays unknown. */
  update(
    id: string,
    fields: Partial<Omit<PortalInstallation, 'id' | 'tokens'>> & { tokens?: PortalTokens | null },
  ): Promise<void>;
  /**
   * Runs `work` while no other process runs it for the same portal (token refresh). Waits for its turn.
   * @param ttlS a lock whose holder died is free again after this time; a holder that lives keeps it
   * @throws Error with code `LOCK_TIMEOUT`, retryable, when the turn does not come within 30 s more than that
   */
  withLock<T>(id: string, name: string, ttlS: number, work: () => Promise<T>): Promise<T>;
  purge(id: string): Promise<void>;
}
