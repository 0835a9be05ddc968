import type { PortalApp } from '../app-registry.ts';
import type { PortalContext } from '../context.ts';
import type { TokenRecord } from '../tokens.ts';
import type { PortalUser } from '../users.ts';

/** One call of a method, after authorisation. */
export interface Call {
  portal: PortalContext;
  params: Record<string, unknown>;
  user: PortalUser;
  token: TokenRecord;
  /** Undefined for a webhook; methods marked `app` never see that. */
  app: PortalApp | undefined;
  /** Runs a background job once the HTTP request has been answered. */
  afterRequest(job: () => void): void;
}

export interface Answer {
  result: unknown;
  total?: number;
  next?: number;
}

export interface Method {
  /** One of these scopes is needed; none = basic. */
  scope?: string | string[];
  admin?: boolean;
  /** Only in application context. */
  app?: boolean;
  /** The method exists only while this holds (tariff). */
  exists?: (portal: PortalContext) => boolean;
  run: (call: Call) => Answer | Promise<Answer>;
}

export type Methods = Record<string, Method>;

export const ok = (result: unknown): Answer => ({ result });

/** The app of a call that was marked `app`. */
export function appOf(call: Call): PortalApp {
  if (!call.app) throw new Error('application context expected');
  return call.app;
}
