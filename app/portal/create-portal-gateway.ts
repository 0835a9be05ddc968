import { randomUUID } from 'node:crypto';
import type { B24OAuth } from '@bitrix24/b24jssdk';
import { PortalError } from '../ports/portal.ts';
import type { PortalStore } from '../ports/portal-store.ts';
import { BATCH_SIZE, batchParams, isRead, readBatch } from './batch.ts';
import type { BatchCommand, BatchOutcome, BatchOutcomes } from './batch.ts';
import { buildClient } from './build-client.ts';
import type { ClientIdentity, ClientTools } from './build-client.ts';
import { assertUsable, createTokenRefresher, isExpiring } from './create-token-refresher.ts';
import type { UsableInstallation } from './create-token-refresher.ts';
import { downloadFile } from './download-file.ts';
import { isRecord, toPortalError } from './rest-error.ts';

export interface CallOptions {
  /** May be sent again when it is unclear whether the portal has done it. Default: by the method's name. */
  readonly idempotent?: boolean;
}

/** Low-level access to the portals: right tokens, right endpoint, shared rate, typed errors, a log without values. */
export interface PortalGateway {
  /** @throws PortalError */
  call(
    portalId: string,
    method: string,
    params?: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<unknown>;
  /**
   * Up to 50 commands travel in one request (more in several, in order; references do not reach across).
   * @throws PortalError when a request failed as a whole; a command's failure is in its outcome
   */
  batch(
    portalId: string,
    commands: readonly BatchCommand[],
    options?: CallOptions & { halt?: boolean },
  ): Promise<BatchOutcomes>;
  /** One request of reading commands with somebody else's token (a frame's user); nothing is refreshed or repeated. */
  batchAs(identity: ClientIdentity, commands: readonly BatchCommand[]): Promise<BatchOutcomes>;
  /**
   * A file of the portal that the REST API gave the address of.
   * @throws PortalError `too_large`, `host_not_allowed`, `stale_link` (the address belongs to an older token)
   */
  download(portalId: string, url: string, maxBytes: number): Promise<Uint8Array>;
  /** Renews the tokens when they are about to end; `force` in any case (the portal may have been renamed). */
  refresh(portalId: string, options?: { force?: boolean }): Promise<UsableInstallation>;
}

export interface PortalGatewayDeps extends ClientTools {
  readonly portals: PortalStore;
  /** For tests: waits between tries. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** Waits before the second and third try of a read, ms; a refused rate needs longer (2 requests drain a second). */
const PAUSES = [300, 1200] as const;
const RATE_PAUSE = 1500;
/** No third long wait: a job with retries of its own stands behind every call. */
const PATIENCE_MS = 20_000;
const TRANSIENT = new Set([
  'QUERY_LIMIT_EXCEEDED',
  'INTERNAL_SERVER_ERROR',
  'ERROR_UNEXPECTED_ANSWER',
  'CONNECTION_ERROR',
  'no_answer',
  'unreachable',
  'bad_gateway',
]);
const UNKNOWN_TOKEN = new Set(['invalid_token', 'NO_AUTH_FOUND', 'APPLICATION_NOT_FOUND']);
const MAX_CLIENTS = 500;

export function createPortalGateway(deps: PortalGatewayDeps): PortalGateway {
  const { portals, clock } = deps;
  const wait = deps.wait ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const refresher = createTokenRefresher(deps);
  const clients = new Map<string, { key: string; client: B24OAuth }>();

  async function fresh(portalId: string): Promise<UsableInstallation> {
    const installation = assertUsable(await portals.get(portalId));
    return isExpiring(installation.tokens, clock.now()) ? refresher.refresh(portalId) : installation;
  }

  const usedBy = (installation: UsableInstallation) => ({
    accessToken: installation.tokens.accessToken,
    clientEndpoint: installation.clientEndpoint,
  });

  /** A client lives as long as the stored token and endpoint are those it was built with. */
  function clientOf(installation: UsableInstallation): B24OAuth {
    const { id, clientEndpoint, serverEndpoint, tokens } = installation;
    const key = [tokens.accessToken, clientEndpoint, serverEndpoint].join(' ');
    const known = clients.get(id);
    if (known?.key === key) return known.client;
    deps.http.assertAllowed(clientEndpoint);
    const identity = {
      portalId: id,
      clientEndpoint,
      serverEndpoint,
      accessToken: tokens.accessToken,
      userId: tokens.userId,
    };
    const client = buildClient(identity, deps, async () => {
      const renewed = await refresher.refresh(id, usedBy(installation));
      return {
        ...renewed.tokens,
        clientEndpoint: renewed.clientEndpoint,
        serverEndpoint: renewed.serverEndpoint,
      };
    });
    clients.delete(id);
    clients.set(id, { key, client });
    const oldest = clients.keys().next();
    if (clients.size > MAX_CLIENTS && !oldest.done) clients.delete(oldest.value);
    return client;
  }

  async function send(
    client: B24OAuth,
    method: string,
    params: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    try {
      const answer = await client.actions.v2.call.make({
        method,
        params: { ...params },
        requestId: randomUUID(),
      });
      // Some codes are not thrown by the SDK but handed back.
      if (!answer.isSuccess) throw [...answer.getErrors()][0] ?? new Error('no reason given');
      return answer.getData()?.result;
    } catch (error) {
      throw toPortalError(method, error, clock.now());
    }
  }

  async function sendOnce(
    portalId: string,
    method: string,
    params: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    const installation = await fresh(portalId);
    try {
      return await send(clientOf(installation), method, params);
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      if (error.code === 'portal_moved') {
        // Not done there: a redirect is not followed. The OAuth server knows the new address.
        const moved = await refresher.refresh(portalId, usedBy(installation));
        if (moved.clientEndpoint !== installation.clientEndpoint)
          return send(clientOf(moved), method, params);
      }
      if (UNKNOWN_TOKEN.has(error.code)) return sendRenewed(installation, method, params, error);
      throw error;
    }
  }

  /**
   * The portal does not know the token (app removed, its user dismissed, or only this token lost): the OAuth server says
   * which. When even a new token is unknown the installation is given up until an administrator opens the app, so a dead
   * portal costs one refresh, not one a call.
   */
  async function sendRenewed(
    installation: UsableInstallation,
    method: string,
    params: Readonly<Record<string, unknown>>,
    reason: PortalError,
  ): Promise<unknown> {
    const { id } = installation;
    let used = usedBy(installation);
    try {
      // The SDK has tried a renewed token already where it can.
      if (reason.code === 'invalid_token') throw reason;
      const renewed = await refresher.refresh(id, used);
      used = usedBy(renewed);
      return await send(clientOf(renewed), method, params);
    } catch (error) {
      if (!(error instanceof PortalError) || !UNKNOWN_TOKEN.has(error.code)) throw error;
      const stored = await portals.get(id);
      await refresher.giveUp(
        id,
        reason.code === 'invalid_token' && stored?.tokens ? usedBy(assertUsable(stored)) : used,
      );
      throw new PortalError('needs_reauth', error.message, false);
    }
  }

  async function call(
    portalId: string,
    method: string,
    params: Readonly<Record<string, unknown>> = {},
    options: CallOptions = {},
  ): Promise<unknown> {
    const repeatable = options.idempotent ?? isRead(method);
    const startedAt = performance.now();
    for (let tries = 0; ; tries += 1) {
      try {
        return await sendOnce(portalId, method, params);
      } catch (error) {
        const pause = PAUSES[tries];
        if (
          !repeatable ||
          pause === undefined ||
          !(error instanceof PortalError) ||
          !TRANSIENT.has(error.code)
        )
          throw error;
        if (performance.now() - startedAt > PATIENCE_MS) throw error;
        await wait(error.code === 'QUERY_LIMIT_EXCEEDED' ? RATE_PAUSE : pause);
      }
    }
  }

  return {
    call,

    async batch(portalId, commands, { halt = false, idempotent } = {}) {
      const outcomes = new Map<string, BatchOutcome>();
      for (let from = 0; from < commands.length; from += BATCH_SIZE) {
        const chunk = commands.slice(from, from + BATCH_SIZE);
        const repeatable = idempotent ?? chunk.every((command) => isRead(command.method));
        const body = await call(portalId, 'batch', batchParams(chunk, halt), { idempotent: repeatable });
        for (const [key, outcome] of readBatch(chunk, body, clock.now())) outcomes.set(key, outcome);
      }
      return outcomes;
    },

    async batchAs(identity, commands) {
      deps.http.assertAllowed(identity.clientEndpoint);
      const client = buildClient(identity, deps, async () => {
        throw new PortalError('token_rejected', 'the portal does not accept this token', false);
      });
      const body = await send(client, 'batch', batchParams(commands, false));
      if (!isRecord(body)) throw new PortalError('bad_answer', 'this is not a Bitrix24 portal', false);
      return readBatch(commands, body, clock.now());
    },

    async download(portalId, url, maxBytes) {
      const installation = await fresh(portalId);
      return downloadFile(deps, { installation, url, maxBytes });
    },

    async refresh(portalId, { force = false } = {}) {
      const installation = assertUsable(await portals.get(portalId));
      return force ? refresher.refresh(portalId, usedBy(installation)) : fresh(portalId);
    },
  };
}
