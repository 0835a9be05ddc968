import { randomHex } from './random.ts';
import type { Clock } from './types.ts';

const ACCESS_S = 3600;
const REFRESH_S = 180 * 86_400;
const CODE_S = 30;

export interface TokenRecord {
  accessToken: string;
  refreshToken: string;
  userId: number;
  memberId: string;
  /** Empty for a webhook: no application context. */
  clientId: string;
  scope: string;
  /** Unix seconds. */
  expires: number;
  refreshExpires: number;
  /** The refresh token was used, or everything was revoked. */
  refreshUsed: boolean;
  revoked: boolean;
}

export interface TokenOwner {
  userId: number;
  memberId: string;
  clientId: string;
  scope: string;
}

export type TokenTable = ReturnType<typeof createTokenTable>;

/** Access tokens live an hour; a refresh token works once within 180 days; a code once within 30 s. */
export function createTokenTable({ clock }: { clock: Clock }) {
  const byAccess = new Map<string, TokenRecord>();
  const byRefresh = new Map<string, TokenRecord>();
  const codes = new Map<string, TokenOwner & { expires: number }>();
  const seconds = () => Math.floor(clock.now() / 1000);

  function issue(owner: TokenOwner): TokenRecord {
    const record: TokenRecord = {
      ...owner,
      accessToken: randomHex(70),
      refreshToken: randomHex(70),
      expires: seconds() + ACCESS_S,
      refreshExpires: seconds() + REFRESH_S,
      refreshUsed: false,
      revoked: false,
    };
    byAccess.set(record.accessToken, record);
    byRefresh.set(record.refreshToken, record);
    return record;
  }

  return {
    issue,
    find: (accessToken: string): TokenRecord | undefined => byAccess.get(accessToken),
    isExpired: (record: TokenRecord): boolean => record.expires <= seconds(),
    findRefresh: (refreshToken: string): TokenRecord | undefined => byRefresh.get(refreshToken),
    isRefreshUsable: (record: TokenRecord): boolean =>
      !record.refreshUsed && !record.revoked && record.refreshExpires > seconds(),
    /** Uses the refresh token up and issues the next pair. */
    rotate(record: TokenRecord): TokenRecord {
      record.refreshUsed = true;
      const { userId, memberId, clientId, scope } = record;
      return issue({ userId, memberId, clientId, scope });
    },
    issueCode(owner: TokenOwner): string {
      const code = randomHex(70);
      codes.set(code, { ...owner, expires: seconds() + CODE_S });
      return code;
    },
    takeCode(code: string): TokenOwner | undefined {
      const found = codes.get(code);
      codes.delete(code);
      return found && found.expires > seconds() ? found : undefined;
    },
    expire(accessToken: string): void {
      const record = byAccess.get(accessToken);
      if (record) record.expires = seconds() - 1;
    },
    revoke(matches: (record: TokenRecord) => boolean): void {
      for (const record of byAccess.values()) if (matches(record)) record.revoked = true;
    },
  };
}
