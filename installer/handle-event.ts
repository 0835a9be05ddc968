import type { Log } from '../app/ports/log.ts';
import type { PortalStore } from '../app/ports/portal-store.ts';
import type { PortalGateway } from '../app/portal/create-portal-gateway.ts';
import type { PortalEvent } from './receive-event.ts';
import type { RegisterApp } from './register-app.ts';
import type { UninstallApp } from './uninstall-app.ts';
import type { UpdateApp } from './update-app.ts';

export interface HandleEventDeps {
  readonly portals: PortalStore;
  readonly gateway: PortalGateway;
  readonly registerApp: RegisterApp;
  readonly updateApp: UpdateApp;
  readonly uninstallApp: UninstallApp;
  /** As in the installer: opens the balance, for instance. */
  readonly onInstalled: (portalId: string) => Promise<void>;
  /** The deal is gone: its open signings end. */
  readonly onDealDeleted: (portalId: string, dealId: string) => Promise<void>;
  /** A document was made in the portal (a run may wait for it). */
  readonly onDocumentAdded?: (portalId: string, documentId: string) => Promise<void>;
  /** A button of ours in the timeline was pressed. */
  readonly onTimelineAction?: (portalId: string, action: Readonly<Record<string, string>>) => Promise<void>;
  readonly log: Log;
}

/** Works on a verified event; may be repeated after a failure. @throws PortalError retryable: try again later */
export type HandleEvent = (event: PortalEvent) => Promise<void>;

export function createHandleEvent(deps: HandleEventDeps): HandleEvent {
  const { portals, gateway, log } = deps;

  async function onInstall(portalId: string, version: string | undefined): Promise<void> {
    await deps.onInstalled(portalId);
    const installation = await portals.get(portalId);
    // The installer page has registered this very version moments ago.
    if (!installation || (installation.version !== '' && installation.version === version)) return;
    await deps.registerApp(portalId);
  }

  /** Somebody may have invented the event: what counts is what the portal says. */
  async function onPayment(portalId: string): Promise<void> {
    const info = (await gateway.call(portalId, 'app.info')) as Record<string, unknown>;
    if (info['PAYMENT_EXPIRED'] === 'Y')
      log.warn({ portalId }, 'the subscription of this portal has expired');
    else log.info({ portalId }, 'payment event');
  }

  return async ({ portalId, name, entityId, clean, version, action }) => {
    switch (name) {
      case 'ONAPPINSTALL':
        return onInstall(portalId, version);
      case 'ONAPPUPDATE':
        return deps.updateApp(portalId);
      case 'ONAPPUNINSTALL':
        return deps.uninstallApp(portalId, { clean: clean === true });
      case 'ONAPPPAYMENT':
        return onPayment(portalId);
      case 'ONCRMDEALDELETE':
        return entityId === undefined ? undefined : deps.onDealDeleted(portalId, entityId);
      case 'ONCRMDOCUMENTGENERATORDOCUMENTADD':
        return entityId === undefined ? undefined : deps.onDocumentAdded?.(portalId, entityId);
      case 'ONCRMTIMELINEITEMACTION':
        return action && deps.onTimelineAction?.(portalId, action);
      default:
        log.info({ portalId, event: name }, 'event ignored');
    }
  };
}
