import type { PortalApp } from './app-registry.ts';
import type { PortalContext } from './context.ts';
import { encodePhpQuery } from './php-query.ts';
import type { Delivery, FormValue } from './types.ts';

const ANSWER_TIMEOUT_MS = 30_000;

export type EventsQueue = ReturnType<typeof createEventsQueue>;

/** The queue server: posts a form to a handler, once, never again, and remembers what came back. */
export function createEventsQueue(portal: () => PortalContext) {
  const deliveries: Delivery[] = [];
  const open = new Set<Promise<unknown>>();
  const stop = new AbortController();

  function track<T>(work: Promise<T>): Promise<T> {
    open.add(work);
    void work.finally(() => open.delete(work)).catch(() => undefined);
    return work;
  }

  async function post(url: string, fields: Record<string, FormValue>, event = ''): Promise<Delivery> {
    const delivery: Delivery = { url, event, fields, at: portal().clock.now(), status: 0 };
    deliveries.push(delivery);
    try {
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'user-agent': 'Bitrix24 Webhook Engine',
        },
        body: encodePhpQuery(fields),
        signal: AbortSignal.any([stop.signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
      });
      await answer.arrayBuffer();
      delivery.status = answer.status;
    } catch (error) {
      delivery.error = error instanceof Error ? error.message : String(error);
    }
    return delivery;
  }

  /** The `auth` of a POST. Without a user there are no tokens; with `bare` not even a scope. */
  function authOf(
    app: PortalApp,
    options: { userId: number; refresh?: boolean; bare?: boolean; extra?: Record<string, FormValue> },
  ): Record<string, FormValue> {
    const { domain, oauth, clientEndpoint, memberId } = portal();
    const place = {
      domain,
      server_endpoint: oauth.serverEndpoint,
      client_endpoint: clientEndpoint,
      member_id: memberId,
      application_token: app.applicationToken,
    };
    if (options.bare) return place;
    const general = { ...place, status: app.descriptor.status ?? 'F', scope: [...app.scopes].join(',') };
    if (!options.userId) return { ...general, ...options.extra };
    const record = oauth.tokens.issue({
      userId: options.userId,
      memberId,
      clientId: app.descriptor.clientId,
      scope: [...app.scopes].join(','),
    });
    return {
      access_token: record.accessToken,
      ...(options.refresh ? { refresh_token: record.refreshToken } : {}),
      expires: record.expires,
      expires_in: 3600,
      ...general,
      user_id: options.userId,
      ...options.extra,
    };
  }

  /** Sends an event to the handlers that are bound for it now; only installed apps get any. */
  function fire(
    event: string,
    data: Record<string, FormValue>,
    options: {
      userId?: number;
      app?: PortalApp;
      refresh?: boolean;
      bare?: boolean;
      evenUninstalled?: boolean;
      fields?: Record<string, FormValue>;
    } = {},
  ): Promise<Delivery[]> {
    const name = event.toUpperCase();
    const { apps, clock } = portal();
    const posts: Promise<Delivery>[] = [];
    for (const app of options.app ? [options.app] : apps.all()) {
      if (!options.evenUninstalled && !(app.present && app.installed && app.active)) continue;
      for (const binding of app.handlers) {
        if (binding.event.toUpperCase() !== name || binding.eventType === 'offline') continue;
        const userId = binding.authType > 0 ? binding.authType : (options.userId ?? 0);
        const fields = {
          event: name,
          event_handler_id: binding.id,
          data,
          ts: Math.floor(clock.now() / 1000),
          auth: authOf(app, { userId, refresh: options.refresh, bare: options.bare }),
          ...options.fields,
        };
        posts.push(track(post(binding.handler, fields, name)));
      }
    }
    return Promise.all(posts);
  }

  return {
    deliveries,
    post: (url: string, fields: Record<string, FormValue>, event?: string) => track(post(url, fields, event)),
    authOf,
    fire,
    /** Runs a background job (after the request that asked for it) and counts it as open until it ends. */
    background(job: () => void | Promise<void>): void {
      void track(new Promise<void>((resolve) => setImmediate(resolve)).then(job)).catch(() => undefined);
    },
    async settled(): Promise<void> {
      while (open.size > 0) await Promise.allSettled([...open]);
    },
    close(): void {
      stop.abort();
    },
  };
}
