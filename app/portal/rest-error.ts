import { RefreshTokenError } from '@bitrix24/b24jssdk';
import { PortalError } from '../ports/portal.ts';

/** What an answer of the portal says about a failure; `status` 0 = no answer. */
export interface RestFailure {
  readonly status: number;
  readonly code: string;
  readonly description: string;
  /** Unix seconds at which a blocked method is free again. */
  readonly resetAt?: number;
}

/** Codes after which the same request may succeed, with the seconds to wait (b24 docs: error-codes). */
const RETRYABLE: Readonly<Record<string, number | undefined>> = {
  QUERY_LIMIT_EXCEEDED: 2,
  OPERATION_TIME_LIMIT: 600,
  // REST of the whole portal is stopped by Bitrix24: asking often makes it worse.
  OVERLOAD_LIMIT: 900,
  INTERNAL_SERVER_ERROR: undefined,
  ERROR_UNEXPECTED_ANSWER: undefined,
  CONNECTION_ERROR: undefined,
  authorization_error: undefined,
  expired_token: undefined,
};

/** A failure as the error the application knows. Nothing of the request is in it. */
export function portalError(method: string, failure: RestFailure, now: Date): PortalError {
  const { status, description } = failure;
  const code = failure.code || codeOf(status);
  const told = failure.resetAt === undefined ? undefined : failure.resetAt - Math.floor(now.getTime() / 1000);
  const message = `${method}: ${code} (HTTP ${status}) ${description.slice(0, 200)}`.trimEnd();
  if (Object.hasOwn(RETRYABLE, code))
    return new PortalError(code, message, true, told && told > 0 ? told : RETRYABLE[code]);
  return new PortalError(code, message, status === 0 || status >= 500 || code === 'portal_moved');
}

function codeOf(status: number): string {
  if (status === 0) return 'no_answer';
  if (status >= 300 && status < 400) return 'portal_moved';
  if (status === 404) return 'not_found';
  return status >= 500 ? 'bad_gateway' : 'bad_request';
}

/**
 * Whatever the SDK throws or hands back, as a PortalError: an AjaxError with the HTTP answer below it, an error of ours
 * wrapped as "unknown" (the token refresh), a transport fault.
 */
export function toPortalError(method: string, error: unknown, now: Date): PortalError {
  const own = findInChain(error, (each) => each instanceof PortalError);
  if (own) return own;
  // Only where the SDK refreshes by itself; our clients never let it.
  const refresh = findInChain(error, (each) => each instanceof RefreshTokenError);
  if (refresh) return new PortalError('needs_reauth', `${method}: token refresh failed`, false);
  const answered = findInChain(error, hasResponse);
  if (answered)
    return portalError(method, readFailure(answered.response.status, answered.response.data), now);
  const text = error instanceof Error ? error.message : 'no error object';
  const code = transportCode(error);
  return portalError(method, { status: 0, code, description: code === 'no_answer' ? text : '' }, now);
}

/** The failure in an answer's body; an empty error code is the portal's way too (crm.deal.get "Not found"). */
export function readFailure(status: number, body: unknown): RestFailure {
  const fields = isRecord(body) ? body : {};
  const error = fields['error'];
  const time = isRecord(fields['time']) ? fields['time']['operating_reset_at'] : undefined;
  return {
    status,
    code: typeof error === 'string' && error !== '0' ? error : '',
    description: typeof fields['error_description'] === 'string' ? fields['error_description'] : '',
    resetAt: typeof time === 'number' ? time : undefined,
  };
}

/** Faults before anything was sent are told from those that leave it open whether the portal has done it. */
function transportCode(error: unknown): string {
  const codes = new Set<string>();
  findInChain(error, (each): each is never => {
    if (typeof each.code === 'string') codes.add(each.code);
    return false;
  });
  if (codes.has('EHOSTREFUSED')) return 'host_not_allowed';
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].some((code) => codes.has(code))
    ? 'unreachable'
    : 'no_answer';
}

interface ChainLink {
  readonly code?: unknown;
  readonly originalError?: unknown;
  readonly cause?: unknown;
}

function findInChain<T extends ChainLink>(
  error: unknown,
  matches: (each: ChainLink) => each is T,
): T | undefined {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth += 1) {
    const link = current as ChainLink;
    if (matches(link)) return link;
    current = link.originalError ?? link.cause;
  }
  return undefined;
}

const hasResponse = (
  error: ChainLink,
): error is ChainLink & { response: { status: number; data: unknown } } =>
  'response' in error && isRecord(error.response) && typeof error.response['status'] === 'number';

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
