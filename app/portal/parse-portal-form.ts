import { z } from 'zod';

/** A posted value as far as it is believed: text, or lists and maps of it. */
export type FormTree = string | FormTree[] | { [key: string]: FormTree };

const MAX_DEPTH = 10;
const MAX_TEXT = 200_000;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A parsed body as plain data: maps without a prototype, nothing but text in the leaves, dangerous keys dropped. What the
 * body parser left nested too deep, or as another type, becomes empty text.
 */
export function toFormTree(value: unknown, depth = 0): FormTree {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return '';
  if (Array.isArray(value)) return value.map((each) => toFormTree(each, depth + 1));
  const map = Object.create(null) as { [key: string]: FormTree };
  for (const [key, inner] of Object.entries(value)) {
    if (!FORBIDDEN.has(key)) map[key] = toFormTree(inner, depth + 1);
  }
  return map;
}

const text = z.string().trim().catch('');
const flag = (value: string): boolean => ['y', '1', 'true'].includes(value.toLowerCase());
const map = z.record(z.string(), z.unknown()).catch({});

const endpoint = text.transform((value) => (value === '' || value.endsWith('/') ? value : `${value}/`));

const authSchema = z
  .object({
    access_token: text,
    refresh_token: text,
    scope: text,
    domain: text,
    client_endpoint: endpoint,
    server_endpoint: endpoint,
    member_id: text,
    user_id: text,
    application_token: text,
  })
  .transform((auth) => ({
    accessToken: auth.access_token,
    refreshToken: auth.refresh_token,
    scope: auth.scope,
    domain: auth.domain.toLowerCase(),
    clientEndpoint: auth.client_endpoint,
    serverEndpoint: auth.server_endpoint,
    memberId: auth.member_id,
    userId: auth.user_id === '0' ? '' : auth.user_id,
    applicationToken: auth.application_token,
  }));

/** `auth[...]` of an event or a robot run. Every part may be empty. */
export type PostAuth = z.infer<typeof authSchema>;

const formMap = (value: unknown) => z.record(z.string(), z.unknown()).catch({}).parse(toFormTree(value));
const readAuth = (value: unknown): PostAuth => authSchema.parse(map.parse(value));

/** An event of the portal's queue. */
export interface EventForm {
  /** Upper case. */
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly auth: PostAuth;
}

export function parseEventForm(body: unknown): EventForm {
  const form = formMap(body);
  return {
    event: text.parse(form['event']).toUpperCase(),
    data: map.parse(form['data']),
    auth: readAuth(form['auth']),
  };
}

/** Who says that they send a robot's (or activity's) run; the run itself is read by `accept-run.ts`. */
export interface RunPost {
  readonly code: string;
  readonly auth: PostAuth;
}

export function parseRunPost(body: unknown): RunPost {
  const form = formMap(body);
  return { code: text.parse(form['code']), auth: readAuth(form['auth']) };
}

const frameSchema = z.object({
  DOMAIN: text,
  PROTOCOL: text,
  LANG: text,
  APP_SID: text,
  AUTH_ID: text,
  REFRESH_ID: text,
  member_id: text,
  PLACEMENT: text,
  PLACEMENT_OPTIONS: text,
  SERVER_ENDPOINT: endpoint,
  APPLICATION_TOKEN: text,
});

/** The form that opens a frame: nothing in it is proved by itself. */
export interface FrameForm {
  readonly domain: string;
  readonly secure: boolean;
  readonly language: string;
  readonly sid: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly memberId: string;
  readonly placement: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly serverEndpoint: string;
  readonly applicationToken: string;
}

/** @param query what was appended to the URL; @param body the form */
export function parseFrameForm(query: unknown, body: unknown): FrameForm {
  const form = frameSchema.parse({ ...formMap(query), ...formMap(body) });
  return {
    domain: form.DOMAIN.toLowerCase().replace(form.PROTOCOL === '0' ? /:80$/ : /:443$/, ''),
    secure: form.PROTOCOL !== '0',
    language: form.LANG,
    sid: form.APP_SID,
    accessToken: form.AUTH_ID,
    refreshToken: form.REFRESH_ID,
    memberId: form.member_id,
    placement: form.PLACEMENT.toUpperCase() || 'DEFAULT',
    options: readOptions(form.PLACEMENT_OPTIONS),
    serverEndpoint: form.SERVER_ENDPOINT,
    applicationToken: form.APPLICATION_TOKEN,
  };
}

/** PLACEMENT_OPTIONS is JSON of the browser's; empty ones are written `[]`. */
function readOptions(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? {} : map.parse(toFormTree(value));
  } catch {
    return {};
  }
}

/** Y, 1, true in any case. */
export const isYes = (value: unknown): boolean => typeof value === 'string' && flag(value.trim());
