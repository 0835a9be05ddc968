/** One call of the portal's REST interface, for an admin who asks what the app did. Values are masked by the caller. */
export interface RestLogEntry {
  readonly portalId: string;
  readonly method: string;
  /** HTTP status, 0 when there was no answer. */
  readonly status: number;
  /** Bitrix24's error code or one of ours; empty when it went well. */
  readonly code: string;
  readonly durationMs: number;
  /** Ours, also in the log. */
  readonly requestId: string;
  /** Names of the parameters without their values. */
  readonly paramShape: string;
}

/** The calls of the last three days. */
export interface RestLog {
  append(entry: RestLogEntry): Promise<void>;
  /** Newest first. */
  list(portalId: string, limit: number): Promise<(RestLogEntry & { readonly at: Date })[]>;
  purgePortal(portalId: string): Promise<number>;
}
