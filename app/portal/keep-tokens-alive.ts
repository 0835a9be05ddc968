import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { PortalStore } from '../ports/portal-store.ts';
import type { PortalGateway } from './create-portal-gateway.ts';

/** A refresh token dies 180 days after it was given (docs: settings/oauth); a portal without work would lose its app. */
const QUIET_DAYS = 30;
const DAY_MS = 86_400_000;

/** Renews the tokens of portals that were not talked to for a month. Run once a day. */
export function createKeepTokensAlive(deps: {
  portals: PortalStore;
  gateway: Pick<PortalGateway, 'refresh'>;
  clock: Clock;
  log: Log;
}): () => Promise<void> {
  const { portals, gateway, clock, log } = deps;
  return async () => {
    const quietSince = clock.now().getTime() - QUIET_DAYS * DAY_MS;
    for (const { id, state, tokens } of await portals.list()) {
      if (state !== 'active' || !tokens || tokens.expiresAt.getTime() > quietSince) continue;
      try {
        await gateway.refresh(id, { force: true });
      } catch (error) {
        log.warn({ portalId: id, err: error }, 'tokens not renewed');
      }
    }
  };
}
