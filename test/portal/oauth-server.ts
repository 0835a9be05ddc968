import express, { type Request, type Response } from 'express';
import type { Server } from 'node:http';
import { listen, closeServer } from './http-server.ts';
import { parsePhpQuery } from './php-query.ts';
import type { Faults } from './faults.ts';
import { createMovableClock, type MovableClock } from './clock.ts';
import { createTokenTable, type TokenRecord, type TokenTable } from './tokens.ts';
import type { AppDescriptor, OAuthRequest } from './types.ts';

/** What the OAuth server asks of a portal. */
export interface AttachedPortal {
  memberId: string;
  clientEndpoint: string;
  portalUrl: string;
  faults: Faults;
  /** The app with that client id, known there; `installed` = its record exists. */
  findApp(clientId: string): { descriptor: AppDescriptor; present: boolean } | undefined;
}

export interface OAuthServer {
  url: string;
  serverEndpoint: string;
  tokens: TokenTable;
  clock: MovableClock;
  requests: OAuthRequest[];
  attach(portal: AttachedPortal): void;
  detach(memberId: string): void;
  close(): Promise<void>;
}

interface TokenError {
  status: number;
  error: string;
  text: string;
}

/** The authorisation server on a port of its own: token endpoint and `/rest/app.info`. */
export async function startOAuthServer(options: {
  clock?: MovableClock;
  port?: number;
}): Promise<OAuthServer> {
  const clock = options.clock ?? createMovableClock();
  const tokens = createTokenTable({ clock });
  const portals = new Map<string, AttachedPortal>();
  const requests: OAuthRequest[] = [];
  const app = express();
  app.disable('x-powered-by');
  app.use(express.text({ type: () => true, limit: '1mb' }));

  function appByClientId(clientId: string): AppDescriptor | undefined {
    for (const portal of portals.values()) {
      const found = portal.findApp(clientId);
      if (found) return found.descriptor;
    }
    return undefined;
  }

  function grant(params: Record<string, unknown>): TokenRecord | TokenError {
    const text = (key: string) => (typeof params[key] === 'string' ? params[key] : '');
    const invalidClient = { status: 401, error: 'invalid_client', text: 'Invalid client' };
    const kind = text('grant_type');
    if (kind !== 'refresh_token' && kind !== 'authorization_code') {
      return { status: 400, error: 'invalid_request', text: 'Unknown grant type' };
    }
    if (!text('client_id') || !text('client_secret')) {
      return { status: 400, error: 'invalid_request', text: 'Client credentials are required' };
    }
    const descriptor = appByClientId(text('client_id'));
    if (!descriptor || descriptor.clientSecret !== text('client_secret')) return invalidClient;
    const invalidGrant = { status: 400, error: 'invalid_grant', text: 'Invalid refresh token' };
    const presentOn = (memberId: string) =>
      portals.get(memberId)?.findApp(descriptor.clientId)?.present === true;
    if (kind === 'refresh_token') {
      const record = tokens.findRefresh(text('refresh_token'));
      if (!record || record.clientId !== descriptor.clientId) return invalidGrant;
      if (!presentOn(record.memberId)) return invalidClient;
      return tokens.isRefreshUsable(record) ? tokens.rotate(record) : invalidGrant;
    }
    const owner = tokens.takeCode(text('code'));
    if (!owner || owner.clientId !== descriptor.clientId) return invalidGrant;
    return presentOn(owner.memberId) ? tokens.issue(owner) : invalidClient;
  }

  function answerToken(req: Request, res: Response): void {
    const params = requestParams(req);
    const grantType = typeof params['grant_type'] === 'string' ? params['grant_type'] : '';
    const fault = [...portals.values()].map((portal) => portal.faults.take(['oauth'])).find(Boolean);
    if (fault?.kind === 'no_answer') return;
    if (fault?.kind === 'reset') {
      req.socket.resetAndDestroy();
      return;
    }
    if (fault && fault.kind !== 'answer_lost' && fault.kind !== 'delay') {
      const status =
        fault.status ?? (fault.kind === 'bad_gateway' ? 502 : fault.kind === 'error' ? 400 : 500);
      const error = fault.code ?? 'INTERNAL_SERVER_ERROR';
      requests.push({ grantType, ok: false, error, at: clock.now() });
      if (fault.kind === 'bad_gateway') res.status(502).type('html').send('<h1>502 Bad Gateway</h1>');
      else res.status(status).json({ error, error_description: 'Injected fault' });
      return;
    }
    const granted = grant(params);
    if ('error' in granted) {
      requests.push({ grantType, ok: false, error: granted.error, at: clock.now() });
      res.status(granted.status).json({ error: granted.error, error_description: granted.text });
      return;
    }
    requests.push({ grantType, ok: true, memberId: granted.memberId, at: clock.now() });
    if (fault?.kind === 'answer_lost') {
      req.socket.resetAndDestroy();
      return;
    }
    const send = () => res.json(tokenAnswer(granted));
    if (fault?.kind === 'delay') setTimeout(send, fault.ms ?? 100);
    else send();
  }

  function tokenAnswer(record: TokenRecord): Record<string, unknown> {
    return {
      access_token: record.accessToken,
      refresh_token: record.refreshToken,
      expires: record.expires,
      expires_in: 3600,
      scope: record.scope,
      // The OAuth server's host, not the portal's: a documented surprise.
      domain: new URL(server.url).host,
      server_endpoint: server.serverEndpoint,
      client_endpoint: portals.get(record.memberId)?.clientEndpoint,
      status: appByClientId(record.clientId)?.status ?? 'F',
      member_id: record.memberId,
      user_id: record.userId,
    };
  }

  app.all(['/oauth/token/', '/oauth/token'], answerToken);
  app.all(['/rest/app.info', '/rest/app.info.json'], (req, res) => {
    const params = requestParams(req);
    const token = typeof params['auth'] === 'string' ? params['auth'] : bearerOf(req);
    const record = tokens.find(token);
    if (!record || record.revoked || !record.clientId) {
      res.status(401).json({ error: 'NO_AUTH_FOUND', error_description: 'Wrong authorization data' });
    } else if (tokens.isExpired(record)) {
      res.status(401).json({ error: 'expired_token', error_description: 'The access token has expired.' });
    } else {
      const status = appByClientId(record.clientId)?.status ?? 'F';
      res.json({ result: { status, install: { uri: portals.get(record.memberId)?.portalUrl } } });
    }
  });
  app.use((_req, res) => {
    res.status(404).json({ error: 'ERROR_METHOD_NOT_FOUND', error_description: 'Method not found!' });
  });

  const http: Server = await listen(app, options.port ?? 0);
  const address = http.address() as { port: number };
  const url = `http://127.0.0.1:${address.port}`;
  const server: OAuthServer = {
    url,
    serverEndpoint: `${url}/rest/`,
    tokens,
    clock,
    requests,
    attach: (portal) => void portals.set(portal.memberId, portal),
    detach: (memberId) => void portals.delete(memberId),
    close: () => closeServer(http),
  };
  return server;
}

function requestParams(req: Request): Record<string, unknown> {
  const query = req.originalUrl.includes('?') ? req.originalUrl.slice(req.originalUrl.indexOf('?') + 1) : '';
  const body: unknown = req.body;
  const text = typeof body === 'string' ? body : '';
  if (/json/.test(req.headers['content-type'] ?? '')) {
    return { ...parsePhpQuery(query), ...(JSON.parse(text || '{}') as object) };
  }
  return { ...parsePhpQuery(query), ...parsePhpQuery(text) };
}

export function bearerOf(req: Request): string {
  return /^Bearer\s+(\S+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
}
