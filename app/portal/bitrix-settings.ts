/** What the adapter needs of the configuration (`config.bitrix`). */
export interface BitrixSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Origins that may be sent the client secret. */
  readonly authServers: readonly string[];
  /** What `app.info` must say as CODE. */
  readonly appCode: string;
  /** http portals on the loopback are accepted. */
  readonly allowLoopback: boolean;
}

/** Whether an endpoint a portal names (`https://oauth host/rest/`) is one of the trusted OAuth servers. */
export function isTrustedServer(settings: BitrixSettings, serverEndpoint: string): boolean {
  return URL.canParse(serverEndpoint) && settings.authServers.includes(new URL(serverEndpoint).origin);
}
