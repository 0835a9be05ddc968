import { newApplicationToken, type PortalApp } from './app-registry.ts';
import type { PortalContext } from './context.ts';

/** Installs afresh: INSTALLED=N until the installer has finished, a new application token, old tokens dead. */
export function beginInstall(portal: PortalContext, app: PortalApp, userId: number): void {
  app.present = true;
  app.active = true;
  app.installed = !app.descriptor.installerUrl;
  app.applicationToken = newApplicationToken();
  app.installedBy = userId;
  app.version = app.descriptor.version ?? app.version;
}

/** What `installFinish` does: INSTALLED=Y, ONAPPINSTALL to every handler bound by now. */
export async function finishInstall(portal: PortalContext, app: PortalApp, userId: number): Promise<void> {
  if (!app.present) throw new Error(`${app.descriptor.code} is not being installed`);
  if (app.installed) return;
  app.installed = true;
  await portal.queue.fire(
    'ONAPPINSTALL',
    { VERSION: app.version, ACTIVE: 'Y', INSTALLED: 'Y', LANGUAGE_ID: portal.lang },
    { app, userId, refresh: true },
  );
}

/** A new version: robots and event handlers go, INSTALLED is N again where there is an installer. */
export async function updateApp(
  portal: PortalContext,
  app: PortalApp,
  change: { version?: number; userId: number },
): Promise<void> {
  const previous = app.version;
  app.version = change.version ?? previous + 1;
  app.robots.clear();
  app.activities.clear();
  const sent = portal.queue.fire(
    'ONAPPUPDATE',
    { VERSION: app.version, PREVIOUS_VERSION: previous, LANGUAGE_ID: portal.lang },
    { app, userId: change.userId, refresh: true },
  );
  app.handlers = [];
  app.triggers.clear();
  if (app.descriptor.installerUrl) app.installed = false;
  await sent;
}

/** Everything of the app goes; options stay unless `clean`. The event comes without tokens. */
export async function uninstallApp(
  portal: PortalContext,
  app: PortalApp,
  change: { clean: boolean },
): Promise<void> {
  const { memberId } = portal;
  portal.oauth.tokens.revoke((one) => one.clientId === app.descriptor.clientId && one.memberId === memberId);
  const sent = portal.queue.fire(
    'ONAPPUNINSTALL',
    { LANGUAGE_ID: portal.lang, CLEAN: change.clean ? '1' : '0' },
    { app, bare: true, evenUninstalled: true },
  );
  app.present = false;
  app.installed = false;
  app.active = false;
  app.robots.clear();
  app.activities.clear();
  app.triggers.clear();
  app.placements = [];
  app.handlers = [];
  if (change.clean) {
    app.options = {};
    app.userOptions.clear();
  }
  await sent;
}
