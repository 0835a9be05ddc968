import { randomHex } from './random.ts';
import type { AppDescriptor, AppRef, AppState } from './types.ts';

/** A robot or activity as it was registered. */
export interface Registration {
  code: string;
  handler: string;
  name: unknown;
  description: unknown;
  authUserId: number;
  useSubscription: string;
  properties: Record<string, PropertyDescriptor>;
  returnProperties: Record<string, PropertyDescriptor>;
  documentType: string[] | null;
  filter: unknown;
  usePlacement: boolean;
  placementHandler: string;
}

export interface PropertyDescriptor {
  Name?: unknown;
  Description?: unknown;
  Type?: string;
  Options?: Record<string, string>;
  Required?: unknown;
  Multiple?: unknown;
  Default?: unknown;
}

export interface PlacementBinding {
  placement: string;
  handler: string;
  title: string;
  description: string;
  groupName: string;
  langAll: Record<string, Record<string, string>>;
  options: Record<string, unknown>;
  userId: number;
}

export interface EventBinding {
  id: number;
  event: string;
  handler: string;
  authType: number;
  eventType: string;
}

/** An app as this portal knows it. */
export interface PortalApp {
  id: number;
  descriptor: AppDescriptor;
  scopes: Set<string>;
  /** Its record exists: installed at some time and not uninstalled. */
  present: boolean;
  /** INSTALLED=Y: the installer has finished. */
  installed: boolean;
  active: boolean;
  version: number;
  applicationToken: string;
  installedBy: number;
  robots: Map<string, Registration>;
  activities: Map<string, Registration>;
  placements: PlacementBinding[];
  handlers: EventBinding[];
  triggers: Map<string, string>;
  options: Record<string, unknown>;
  userOptions: Map<number, Record<string, unknown>>;
}

export type AppRegistry = ReturnType<typeof createAppRegistry>;

/** The apps of one portal. */
export function createAppRegistry() {
  const apps = new Map<string, PortalApp>();
  let nextHandlerId = 301;

  function byRef(ref?: AppRef): PortalApp {
    const code = typeof ref === 'string' ? ref : ref?.code;
    const found = code === undefined ? [...apps.values()][0] : apps.get(code);
    if (!found) throw new Error(code === undefined ? 'no app is registered' : `no app ${code}`);
    return found;
  }

  return {
    register(descriptor: AppDescriptor): PortalApp {
      const old = apps.get(descriptor.code);
      const scopes = scopeSet(descriptor.scope);
      if (old) {
        old.descriptor = descriptor;
        old.scopes = scopes;
        return old;
      }
      const app: PortalApp = {
        id: 17 + apps.size,
        descriptor,
        scopes,
        present: false,
        installed: false,
        active: false,
        version: descriptor.version ?? 1,
        applicationToken: '',
        installedBy: 0,
        robots: new Map(),
        activities: new Map(),
        placements: [],
        handlers: [],
        triggers: new Map(),
        options: {},
        userOptions: new Map(),
      };
      apps.set(descriptor.code, app);
      return app;
    },
    byRef,
    byClientId: (clientId: string): PortalApp | undefined =>
      [...apps.values()].find((app) => app.descriptor.clientId === clientId),
    all: (): PortalApp[] => [...apps.values()],
    nextHandlerId: (): number => nextHandlerId++,
  };
}

export function newApplicationToken(): string {
  return randomHex(32);
}

export function scopeSet(scope: string | string[]): Set<string> {
  const list = Array.isArray(scope) ? scope : scope.split(/[,\s]+/);
  return new Set(list.filter(Boolean));
}

export function stateOf(app: PortalApp): AppState {
  return {
    installed: app.installed,
    active: app.active,
    version: app.version,
    applicationToken: app.applicationToken,
    robots: [...app.robots.keys()],
    activities: [...app.activities.keys()],
    placements: app.placements.map(({ placement, handler, title, userId }) => ({
      placement,
      handler,
      title,
      userId,
    })),
    eventHandlers: app.handlers.map(({ event, handler, authType }) => ({ event, handler, authType })),
    triggers: [...app.triggers].map(([code, name]) => ({ code, name })),
    options: app.options,
  };
}
