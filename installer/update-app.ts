import type { Log } from '../app/ports/log.ts';
import type { RegisterApp } from './register-app.ts';

export type UpdateApp = (portalId: string) => Promise<void>;

/**
 * A new version on a portal: Bitrix24 has deleted all robots of the app and its event handlers, so everything is registered
 * again under the same codes and the robots placed in rules work again. Placements and events stay silent until an
 * administrator has run the installer of the new version, which registers once more and changes nothing.
 * @throws PortalError retryable while the portal does not answer
 */
export function createUpdateApp({ registerApp, log }: { registerApp: RegisterApp; log: Log }): UpdateApp {
  return async (portalId) => {
    const { ok, problems } = await registerApp(portalId);
    if (ok) log.info({ portalId }, 'registered again after an update');
    else log.error({ portalId, problems }, 'not registered completely after an update');
  };
}
