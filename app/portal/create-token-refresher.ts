import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { PortalError } from '../ports/portal.ts';
import type { PortalInstallation, PortalStore, PortalTokens } from '../ports/portal-store.ts';
import type { BitrixSettings } from './bitrix-settings.ts';
import { domainOf } from './create-portal-http.ts';
import type { PortalHttp } from './create-portal-http.ts';
import { exchangeRefreshToken } from './exchange-refresh-token.ts';

export type UsableInstallation = PortalInstallation & { readonly tokens: PortalTokens };

/** The credentials that were found to be no good. */
export interface UsedCredentials {
  readonly accessToken: string;
  readonly clientEndpoint: string;
}

export interface TokenRefresher {
  /**
   * The installation with tokens that are fresh by the clock and are not `used`. However many workers and processes ask
   * at once, one refresh reaches the OAuth server.
   * @throws PortalError `needs_reauth`, `uninstalled`, `unknown_portal`, or why the OAuth server could not be asked
   */
  refresh(portalId: string, used?: UsedCredentials): Promise<UsableInstallation>;
  /** The portal refuses these credentials for good: `needs_reauth`, unless others are stored by now. */
  giveUp(portalId: string, used: UsedCredentials): Promise<void>;
}

/** A token that ends within this time is not used any more: the request itself takes time. */
export const EXPIRY_MARGIN_MS = 60_000;
/** Longer than the exchange may take, so that a lock ends only when its holder is dead. */
const LOCK_TTL_S = 60;

/** Runs `work` while nobody changes the portal's tokens: refresh, installation, removal. */
export const withTokenLock = <T>(
  portals: PortalStore,
  portalId: string,
  work: () => Promise<T>,
): Promise<T> => portals.withLock(portalId, 'tokens', LOCK_TTL_S, work);

export const isExpiring = (tokens: PortalTokens, now: Date): boolean =>
  tokens.expiresAt.getTime() - EXPIRY_MARGIN_MS <= now.getTime();

const isStillUsed = (installation: PortalInstallation, used: UsedCredentials): boolean =>
  installation.tokens?.accessToken === used.accessToken &&
  installation.clientEndpoint === used.clientEndpoint;

/** @throws PortalError when the portal cannot be called at all */
export function assertUsable(installation: PortalInstallation | undefined): UsableInstallation {
  if (!installation) throw new PortalError('unknown_portal', 'no such portal', false);
  if (installation.state === 'uninstalled')
    throw new PortalError('uninstalled', 'the app was removed there', false);
  const { tokens } = installation;
  if (installation.state !== 'active' || !tokens) {
    throw new PortalError('needs_reauth', 'an administrator has to open the app', false);
  }
  return { ...installation, tokens };
}

/** Refreshes tokens under the portal's lock: inside it the stored pair is read again, and kept when it is good. */
export function createTokenRefresher(deps: {
  portals: PortalStore;
  bitrix: BitrixSettings;
  http: PortalHttp;
  clock: Clock;
  log: Log;
}): TokenRefresher {
  const { portals, bitrix, http, clock, log } = deps;
  const running = new Map<string, Promise<UsableInstallation>>();

  async function refreshLocked(portalId: string, used?: UsedCredentials): Promise<UsableInstallation> {
    const installation = assertUsable(await portals.get(portalId));
    const { tokens } = installation;
    const rejected = used !== undefined && isStillUsed(installation, used);
    if (!rejected && !isExpiring(tokens, clock.now())) return installation;
    try {
      const grant = await exchangeRefreshToken(
        { bitrix, http, now: () => clock.now() },
        { refreshToken: tokens.refreshToken, serverEndpoint: installation.serverEndpoint },
      );
      if (grant.memberId !== portalId) {
        throw new PortalError(
          'needs_reauth',
          "the OAuth server answered with another portal's tokens",
          false,
        );
      }
      const changed = {
        clientEndpoint: grant.clientEndpoint,
        domain: domainOf(grant.clientEndpoint),
        serverEndpoint: grant.serverEndpoint,
        tokens: {
          userId: grant.userId || tokens.userId,
          accessToken: grant.accessToken,
          refreshToken: grant.refreshToken,
          expiresAt: grant.expiresAt,
        },
        updatedAt: clock.now(),
      };
      await portals.update(portalId, changed);
      if (changed.domain !== installation.domain)
        log.info({ portalId, domain: changed.domain }, 'portal renamed');
      return { ...installation, ...changed };
    } catch (error) {
      if (error instanceof PortalError && error.code === 'needs_reauth') {
        await portals.update(portalId, { state: 'needs_reauth', updatedAt: clock.now() });
        log.warn({ portalId, err: error }, 'the tokens of this portal are dead');
        // Removed there, or our own secret is wrong, which would end one portal after the other: a person must look.
        if (error.message.includes('invalid_client'))
          log.error({ portalId }, 'the OAuth server refuses our client');
      }
      throw error;
    }
  }

  return {
    refresh(portalId, used) {
      const key = `${portalId} ${used?.accessToken ?? ''} ${used?.clientEndpoint ?? ''}`;
      const same = running.get(key);
      if (same) return same;
      const work = withTokenLock(portals, portalId, () => refreshLocked(portalId, used)).finally(() =>
        running.delete(key),
      );
      running.set(key, work);
      return work;
    },

    giveUp: (portalId, used) =>
      withTokenLock(portals, portalId, async () => {
        const installation = await portals.get(portalId);
        if (installation?.state !== 'active' || !isStillUsed(installation, used)) return;
        await portals.update(portalId, { state: 'needs_reauth', updatedAt: clock.now() });
        log.warn({ portalId }, 'the portal does not know our tokens any more');
      }),
  };
}
