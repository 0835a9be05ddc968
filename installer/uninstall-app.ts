import type { Clock } from '../app/ports/clock.ts';
import type { Log } from '../app/ports/log.ts';
import type { PortalStore } from '../app/ports/portal-store.ts';
import { withTokenLock } from '../app/portal/create-token-refresher.ts';

export interface UninstallAppDeps {
  readonly portals: PortalStore;
  /** Ends what is under way: open signings, waiting runs. Nothing can be shown in the portal any more. */
  readonly stopPortal: (portalId: string) => Promise<void>;
  /** Removes everything that is stored of the portal; must bear repetition. */
  readonly purge: (portalId: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

export type UninstallApp = (portalId: string, options: { clean: boolean }) => Promise<void>;

/**
 * The app was removed: its tokens are deleted before anything else, so no job goes on calling; then work is stopped, and
 * with `clean` (the user's choice) all data goes. May be repeated.
 */
export function createUninstallApp({
  portals,
  stopPortal,
  purge,
  clock,
  log,
}: UninstallAppDeps): UninstallApp {
  return async (portalId, { clean }) => {
    await withTokenLock(portals, portalId, () =>
      portals.update(portalId, {
        state: 'uninstalled',
        tokens: null,
        applicationToken: '',
        version: '',
        updatedAt: clock.now(),
      }),
    );
    await stopPortal(portalId);
    if (clean) {
      await purge(portalId);
      await portals.purge(portalId);
    }
    log.info({ portalId, clean }, 'the app was removed from a portal');
  };
}
