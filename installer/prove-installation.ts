import type { Clock } from '../app/ports/clock.ts';
import { PortalError } from '../app/ports/portal.ts';
import type { PortalInstallation, PortalStore } from '../app/ports/portal-store.ts';
import type { BitrixSettings } from '../app/portal/bitrix-settings.ts';
import { isTrustedServer } from '../app/portal/bitrix-settings.ts';
import type { PortalGateway } from '../app/portal/create-portal-gateway.ts';
import { domainOf } from '../app/portal/create-portal-http.ts';
import type { PortalHttp } from '../app/portal/create-portal-http.ts';
import { withTokenLock } from '../app/portal/create-token-refresher.ts';
import { exchangeRefreshToken } from '../app/portal/exchange-refresh-token.ts';
import type { TokenGrant } from '../app/portal/exchange-refresh-token.ts';
import { verifyPortalUser } from '../app/portal/verify-portal-user.ts';

/** What a form or an event says about an installation. Nothing of it is proved. */
export interface InstallationClaim {
  readonly memberId: string;
  readonly domain: string;
  readonly refreshToken: string;
  /** Empty on older portals. */
  readonly serverEndpoint: string;
  readonly applicationToken: string;
  readonly language: string;
}

export interface ProofDeps {
  readonly portals: PortalStore;
  readonly gateway: PortalGateway;
  readonly bitrix: BitrixSettings;
  readonly http: PortalHttp;
  readonly clock: Clock;
}

/**
 * Proves a claim and stores the installation: the refresh token, exchanged with our client secret at a trusted OAuth
 * server, says which portal it belongs to; that portal says which app it is and that the user administers it. Two requests.
 * @throws PortalError `server_not_trusted`, `needs_reauth` (refresh token dead), `claim_mismatch`, `foreign_app`,
 *   `not_admin`, or retryable when a server does not answer; nothing is stored then
 */
export async function proveInstallation(
  deps: ProofDeps,
  claim: InstallationClaim,
): Promise<PortalInstallation> {
  const { portals, gateway, bitrix, clock } = deps;
  if (!claim.memberId || !claim.refreshToken)
    throw new PortalError('claim_mismatch', 'nothing to prove it by', false);
  const known = await portals.get(claim.memberId);
  const grant = await exchange(deps, claim, known);
  if (grant.memberId !== claim.memberId)
    throw new PortalError('claim_mismatch', 'member id of another portal', false);
  const domain = domainOf(grant.clientEndpoint);
  if (claim.domain && claim.domain !== domain)
    throw new PortalError('claim_mismatch', 'host of another portal', false);
  const { clientEndpoint, serverEndpoint, accessToken } = grant;
  const identity = {
    portalId: claim.memberId,
    clientEndpoint,
    serverEndpoint,
    accessToken,
    userId: grant.userId,
  };
  const { user, app } = await verifyPortalUser(gateway, identity, bitrix.appCode);
  if (!user.isAdmin) throw new PortalError('not_admin', 'the user is no administrator', false);
  const now = clock.now();
  const installation: PortalInstallation = {
    id: claim.memberId,
    domain,
    clientEndpoint,
    serverEndpoint,
    // A reinstalled app has a new one; where the form has none (older portals), ONAPPINSTALL brings it.
    applicationToken:
      claim.applicationToken || (known?.state === 'uninstalled' ? '' : (known?.applicationToken ?? '')),
    state: 'active',
    language: app.language || claim.language || 'en',
    version: isSameInstallation(known, claim) ? known.version : '',
    scope: grant.scope,
    features: known?.features ?? { robots: false, activities: false },
    tokens: {
      userId: user.id,
      accessToken,
      refreshToken: grant.refreshToken,
      expiresAt: grant.expiresAt,
    },
    installedAt: known && known.state !== 'uninstalled' ? known.installedAt : now,
    updatedAt: now,
  };
  await withTokenLock(portals, claim.memberId, () => portals.save(installation));
  return installation;
}

/**
 * Whether what was registered is still there. The registration writes the version; an empty one means that it has to be
 * done: a reinstalled app (new application token) has lost its robots. A token that we learn only now (older portals tell
 * it with the first event) changes nothing.
 */
const isSameInstallation = (
  known: PortalInstallation | undefined,
  claim: InstallationClaim,
): known is PortalInstallation =>
  known !== undefined &&
  known.state !== 'uninstalled' &&
  ['', claim.applicationToken].includes(known.applicationToken);

/** At the server that is named; older portals name none, then at the one known, then at each trusted one. */
async function exchange(
  deps: ProofDeps,
  claim: InstallationClaim,
  known?: PortalInstallation,
): Promise<TokenGrant> {
  const { bitrix, http, clock } = deps;
  if (claim.serverEndpoint && !isTrustedServer(bitrix, claim.serverEndpoint)) {
    throw new PortalError('server_not_trusted', 'the OAuth server is not on the list', false);
  }
  const all = bitrix.authServers.map((origin) => `${origin}/rest/`);
  const servers = claim.serverEndpoint ? [claim.serverEndpoint] : known ? [known.serverEndpoint] : all;
  let failure: PortalError | undefined;
  for (const serverEndpoint of servers) {
    try {
      const { refreshToken } = claim;
      return await exchangeRefreshToken(
        { bitrix, http, now: () => clock.now() },
        { refreshToken, serverEndpoint },
      );
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      // "Does not answer" may hide the right one, "knows no such token" is what every other server says.
      if (!failure || error.retryable) failure = error;
    }
  }
  throw failure ?? new PortalError('server_not_trusted', 'no OAuth server is configured', false);
}
