import type { PortalApp } from './app-registry.ts';
import type { PortalContext } from './context.ts';
import { encodePhpQuery } from './php-query.ts';
import { randomHex } from './random.ts';
import type { FrameExtra, FrameResponse } from './types.ts';

/** A frame that is about to be opened: where its form goes and what is in it. */
export interface Frame {
  app: PortalApp;
  userId: number;
  sid: string;
  /** The iframe's name. */
  name: string;
  /** Form action, query included. */
  action: string;
  fields: Record<string, string>;
  placement: string;
  options: Record<string, string>;
  /** Installer stage. */
  install: boolean;
}

export class FrameRefused extends Error {}

/** The form that opens a frame, as the portal's page writes it. Everything that is not installed shows the installer. */
export function prepareFrame(
  portal: PortalContext,
  request: {
    placement: string;
    options?: Record<string, unknown>;
    userId: number;
    app: PortalApp;
    handler?: string;
    lang?: string;
  },
): Frame {
  const { app, userId } = request;
  const user = portal.users.get(userId);
  if (!user?.active) throw new FrameRefused(`no active user ${userId}`);
  if (!app.present) throw new FrameRefused(`${app.descriptor.code} is not installed`);
  const install = request.placement === 'INSTALLER' || !app.installed;
  if (install && !user.isAdmin) throw new FrameRefused('The application is not installed completely');
  const placement = install ? 'DEFAULT' : request.placement;
  const options = asStrings(install ? {} : (request.options ?? {}));
  const sid = randomHex(32);
  const token = portal.oauth.tokens.issue({
    userId,
    memberId: portal.memberId,
    clientId: app.descriptor.clientId,
    scope: [...app.scopes].join(','),
  });
  const query = { DOMAIN: portal.domain, PROTOCOL: '0', LANG: request.lang ?? portal.lang, APP_SID: sid };
  const base = request.handler ?? handlerOf(app, placement, install);
  return {
    app,
    userId,
    sid,
    name: `${portal.domain}|0|${sid}`,
    action: `${base}${base.includes('?') ? '&' : '?'}${encodePhpQuery(query)}`,
    fields: {
      AUTH_ID: token.accessToken,
      AUTH_EXPIRES: '3600',
      REFRESH_ID: token.refreshToken,
      member_id: portal.memberId,
      status: app.descriptor.status ?? 'F',
      PLACEMENT: placement,
      PLACEMENT_OPTIONS: Object.keys(options).length > 0 ? JSON.stringify(options) : '[]',
      ...(portal.olderPortal
        ? {}
        : {
            SERVER_ENDPOINT: portal.oauth.serverEndpoint,
            APPLICATION_TOKEN: app.applicationToken,
            APPLICATION_SCOPE: [...app.scopes].join(','),
          }),
    },
    placement,
    options,
    install,
  };
}

function handlerOf(app: PortalApp, placement: string, install: boolean): string {
  if (install) return app.descriptor.installerUrl ?? app.descriptor.appUrl;
  if (placement === 'DEFAULT') return app.descriptor.appUrl;
  const bound = app.placements.find((one) => one.placement === placement);
  if (!bound) throw new FrameRefused(`nothing is bound for ${placement}`);
  return bound.handler;
}

/** PLACEMENT_OPTIONS: plain values become strings, descriptors of robot settings stay nested. */
function asStrings(options: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key,
      typeof value === 'number' || typeof value === 'boolean' ? String(value) : (value as string),
    ]),
  );
}

/** Posts the form as a browser would and returns what it gets. */
export async function postFrame(frame: Frame, extra: FrameExtra = {}): Promise<FrameResponse> {
  const url = new URL(frame.action);
  for (const [key, value] of Object.entries(extra.query ?? {})) {
    if (value === undefined) url.searchParams.delete(key);
    else url.searchParams.set(key, value);
  }
  const fields = { ...frame.fields, ...extra.fields };
  const sent = Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: encodePhpQuery(sent),
  });
  return {
    url: url.href,
    sid: frame.sid,
    frameName: frame.name,
    fields: sent,
    status: answer.status,
    headers: answer.headers,
    html: await answer.text(),
  };
}
