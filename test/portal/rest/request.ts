import type { Request } from 'express';
import { bearerOf } from '../oauth-server.ts';
import { parsePhpQuery } from '../php-query.ts';

/** A REST request taken apart. */
export interface RestRequest {
  /** Lower case, no `.json`. */
  method: string;
  /** `/rest/api/…`: version 3. */
  isVersion3: boolean;
  params: Record<string, unknown>;
  token: string;
}

const NOT_PARAMETERS = /^(auth|access_token|bx24_request_id|bx24_sdk_ver|bx24_sdk_type)$/;

/** Query, form and JSON body are merged; the token comes from Bearer, `auth` or `access_token`. */
export function parseRestRequest(req: Request): RestRequest {
  const [path = '', query = ''] = splitUrl(req.originalUrl);
  const name = path
    .replace(/\/{2,}/g, '/')
    .replace(/^\/rest\//, '')
    .replace(/\/$/, '');
  const given = { ...parsePhpQuery(query), ...bodyOf(req) };
  const token = [bearerOf(req), given['auth'], given['access_token']].find(
    (one) => typeof one === 'string' && one !== '',
  );
  return {
    method: name.replace(/\.(json|xml)$/i, '').toLowerCase(),
    isVersion3: name.startsWith('api/'),
    params: Object.fromEntries(Object.entries(given).filter(([key]) => !NOT_PARAMETERS.test(key))),
    token: (token as string | undefined) ?? '',
  };
}

function splitUrl(url: string): [string, string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

function bodyOf(req: Request): Record<string, unknown> {
  const raw: unknown = req.body;
  if (typeof raw !== 'string' || raw === '') return {};
  if (!/json/.test(req.headers['content-type'] ?? '')) return parsePhpQuery(raw);
  try {
    const parsed: unknown = JSON.parse(raw);
    return parsed !== null && typeof parsed === 'object' ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
