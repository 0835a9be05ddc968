import type { Request, Response } from 'express';
import type { PortalContext } from '../context.ts';
import type { FaultKind, FaultSpec } from '../types.ts';
import { timeOf } from './envelope.ts';
import { RestError } from './rest-error.ts';

const TOKEN_FAULTS: Partial<Record<FaultKind, string>> = {
  expired_token: 'The access token provided has expired.',
  invalid_token: 'Unable to get application by token',
  NO_AUTH_FOUND: 'Wrong authorization data',
};

/** Faults that show up as the error of one batch member. */
export function isMemberFault(kind: FaultKind): boolean {
  return kind === 'operation_limit' || kind === 'internal_error' || kind === 'error';
}

export function memberFaultError(portal: PortalContext, fault: FaultSpec): RestError {
  if (fault.kind === 'operation_limit') {
    return new RestError('OPERATION_TIME_LIMIT', 'Method is blocked due to operation time limit.', 429, {
      operating_reset_at: Math.floor(portal.clock.now() / 1000) + 600,
    });
  }
  if (fault.kind === 'error') {
    return new RestError(fault.code ?? 'ERROR_CORE', 'Injected error', fault.status ?? 400);
  }
  return new RestError('INTERNAL_SERVER_ERROR', 'Internal server error', 500);
}

/** Answers (or not) in place of the portal; false = the call goes on and the fault strikes later. */
export function strike(portal: PortalContext, fault: FaultSpec, req: Request, res: Response): boolean {
  const time = timeOf(portal.clock, portal.clock.now());
  const tokenText = TOKEN_FAULTS[fault.kind];
  if (tokenText) {
    res.status(401).json({ error: fault.kind, error_description: tokenText });
    return true;
  }
  switch (fault.kind) {
    case 'answer_lost':
    case 'delay':
    case 'run_without_tokens':
      return false;
    case 'no_answer':
      return true;
    case 'reset':
      req.socket.resetAndDestroy();
      return true;
    case 'redirect': {
      const origin = (fault.location ?? 'http://127.0.0.1:9').replace(/\/$/, '');
      res.status(302).set('location', `${origin}${req.originalUrl}`).end();
      return true;
    }
    case 'query_limit':
      res.status(503).json({ error: 'QUERY_LIMIT_EXCEEDED', error_description: 'Too many requests' });
      return true;
    case 'bad_gateway':
      res.status(502).type('html').send('<html><body><h1>502 Bad Gateway</h1></body></html>');
      return true;
    default: {
      const error = memberFaultError(portal, fault);
      const { operating_reset_at: resetAt, ...extra } = error.extra;
      res.status(error.status).json({
        error: error.code,
        error_description: error.message,
        ...extra,
        time: resetAt === undefined ? time : { ...time, operating_reset_at: resetAt },
      });
      return true;
    }
  }
}
