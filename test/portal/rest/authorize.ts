import type { PortalContext } from '../context.ts';
import type { Call, Method } from './method.ts';
import { RestError, accessDenied, methodNotFound } from './rest-error.ts';

/** Whose token this is; throws the 401 that fits. */
export function authorize(portal: PortalContext, accessToken: string): Pick<Call, 'user' | 'token' | 'app'> {
  const noAuth = () => new RestError('NO_AUTH_FOUND', 'Wrong authorization data', 401);
  const token = portal.oauth.tokens.find(accessToken);
  if (!token || token.memberId !== portal.memberId || token.revoked) throw noAuth();
  if (portal.oauth.tokens.isExpired(token)) {
    throw new RestError('expired_token', 'The access token provided has expired.', 401);
  }
  const user = portal.users.get(token.userId);
  if (!user?.active) throw noAuth();
  if (!token.clientId) return { user, token, app: undefined };
  const app = portal.apps.byClientId(token.clientId);
  if (!app?.present) throw new RestError('APPLICATION_NOT_FOUND', 'Application not found', 401);
  return { user, token, app };
}

/** Whether the method exists for this token at all, and the caller may use it. */
export function admit(portal: PortalContext, method: Method | undefined, call: Call): Method {
  if (!method || (method.exists && !method.exists(portal))) throw methodNotFound();
  if (method.scope && !hasScope(call, method.scope)) {
    throw new RestError(
      'insufficient_scope',
      'The request requires higher privileges than provided by the access token',
      403,
    );
  }
  if (method.app && !call.app) throw accessDenied('Access denied! Application context required');
  if (method.admin && !call.user.isAdmin) throw accessDenied();
  return method;
}

export function hasScope(call: Pick<Call, 'token'>, scope: string | string[]): boolean {
  const granted = new Set(call.token.scope.split(/[,\s]+/));
  return [scope].flat().some((one) => granted.has(one));
}
