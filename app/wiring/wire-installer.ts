import { robotDefinitions } from '../../robots/index.ts';
import { createHandleEvent } from '../../installer/handle-event.ts';
import { createInstallApp } from '../../installer/install-app.ts';
import { createReceiveEvent } from '../../installer/receive-event.ts';
import { createRegisterApp } from '../../installer/register-app.ts';
import { createUninstallApp } from '../../installer/uninstall-app.ts';
import { createUpdateApp } from '../../installer/update-app.ts';
import { createVerifyFrame } from '../portal/verify-frame.ts';
import type { Container } from '../container.ts';

/** How portals come and go, and how their frames and events are proved. */
export function wireInstaller(container: Container) {
  const { config, portals, gateway, tools, balance, purgePortal, stopSignings, clock, log } = container;
  const proof = { ...tools, portals, gateway };
  const verifyFrame = createVerifyFrame(proof);
  const registerApp = createRegisterApp({
    gateway,
    portals,
    robots: robotDefinitions,
    publicUrl: config.publicUrl,
    clock,
    log,
  });
  const onInstalled = (portalId: string) => balance.open(portalId, config.startCredits);
  return {
    verifyFrame,
    registerApp,
    installApp: createInstallApp({ ...proof, registerApp, verifyFrame, onInstalled }),
    receiveEvent: createReceiveEvent(proof),
    handleEvent: createHandleEvent({
      portals,
      gateway,
      registerApp,
      updateApp: createUpdateApp({ registerApp, log }),
      uninstallApp: createUninstallApp({
        portals,
        stopPortal: (portalId) => stopSignings.ofPortal(portalId),
        purge: purgePortal,
        clock,
        log,
      }),
      onInstalled,
      onDealDeleted: (portalId, dealId) => stopSignings.ofDeal(portalId, dealId),
      log,
    }),
  };
}
