import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Secrets } from '../ports/secrets.ts';
import { HttpError } from './http-error.ts';
import { contextOf } from './request-context.ts';
import { createSignedTokens } from './signed-token.ts';
import type { SignedTokens } from './signed-token.ts';

const schema = z.object({
  portalId: z.string(),
  /** Origin of the portal, for the pages' frame-ancestors. */
  portalOrigin: z.string(),
  userId: z.string(),
  userName: z.string(),
  isAdmin: z.boolean(),
  timeZone: z.string(),
  language: z.enum(['en', 'ru']),
  /** The deal whose tab this is; the portal confirmed that the user may read it. */
  dealId: z.string().optional(),
});

/** Who looks at a page inside the portal's frame, as the portal confirmed it when the frame was opened. */
export type FrameSession = z.infer<typeof schema>;

/** Third-party cookies do not survive in frames: the page carries this in a header or a hidden field. */
export const FRAME_SESSION_TTL_S = 3600;

export function createFrameSessions(deps: { secrets: Secrets; clock: Clock }): SignedTokens<FrameSession> {
  return createSignedTokens('frame-session', schema, deps);
}

const sessions = new WeakMap<Request, FrameSession>();

export function frameSessionOf(req: Request): FrameSession {
  const session = sessions.get(req);
  if (!session) throw new HttpError(401, 'session_expired');
  return session;
}

/** Lets a request through only with a session: `Authorization: Bearer` or the form field `session`, never a cookie. */
export function requireFrameSession(tokens: SignedTokens<FrameSession>): RequestHandler {
  return (req: Request, _res: Response, next: NextFunction) => {
    const header = /^Bearer (.+)$/.exec(req.get('authorization') ?? '')?.[1];
    const field = (req.body as { session?: unknown } | undefined)?.session;
    const session = tokens.read(header ?? (typeof field === 'string' ? field : undefined));
    if (!session) throw new HttpError(401, 'session_expired');
    sessions.set(req, session);
    contextOf(req).language = session.language;
    next();
  };
}
