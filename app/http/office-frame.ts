import type { Request, Response } from 'express';
import type { OfficeUser } from '../domain/policy.ts';
import { createTranslator } from '../i18n/translator.ts';
import { FrameRefused, claimedPortalOf } from '../portal/verify-frame.ts';
import type { VerifiedFrame, VerifyFrame } from '../portal/verify-frame.ts';
import { FRAME_SESSION_TTL_S } from './frame-session.ts';
import type { FrameSession } from './frame-session.ts';
import { HttpError } from './http-error.ts';
import type { Render } from './render.ts';
import { contextOf } from './request-context.ts';
import type { SignedTokens } from './signed-token.ts';
import type { UnprovenPosts } from './unproven-posts.ts';

export interface FrameDeps {
  readonly render: Render;
  readonly sessions: SignedTokens<FrameSession>;
  /** Proves the form that a portal posted, and that its user may read the deal of a deal's placement. */
  readonly verifyFrame: VerifyFrame;
  readonly unproven: UnprovenPosts;
}

export interface FrameOpener {
  /** Verifies the form and makes the session. @throws HttpError */
  open(req: Request): Promise<{ frame: VerifiedFrame; session: FrameSession; token: string }>;
  /** Runs a frame's page; what goes wrong is shown inside the frame, which the general error page may not be. */
  page(show: (req: Request, res: Response) => Promise<void>): (req: Request, res: Response) => Promise<void>;
}

export function createFrameOpener(deps: FrameDeps): FrameOpener {
  const { render, sessions, verifyFrame, unproven } = deps;

  const open: FrameOpener['open'] = async (req) => {
    await unproven.admit(req, claimedPortalOf(req.query, req.body));
    const frame = await verifyFrame(req.query, req.body).catch(async (error: unknown) => {
      if (!(error instanceof FrameRefused)) throw error;
      contextOf(req).log.warn({ err: error }, 'frame refused');
      if (error.code === 'portal_unavailable') throw new HttpError(503, 'internal');
      await unproven.refused(req);
      throw new HttpError(403, 'frame_refused');
    });
    const { language, portalOrigin, deal } = frame;
    contextOf(req).language = language;
    if (frame.placement.startsWith('CRM_DEAL_') && !deal) throw new HttpError(403, 'forbidden');
    const session: FrameSession = {
      portalId: frame.installation.id,
      portalOrigin,
      userId: frame.user.id,
      userName: frame.user.name,
      isAdmin: frame.user.isAdmin,
      timeZone: frame.user.timeZone,
      language,
      dealId: deal?.id,
    };
    return { frame, session, token: sessions.issue(session, FRAME_SESSION_TTL_S) };
  };

  return {
    open,
    page: (show) => async (req, res) => {
      try {
        await show(req, res);
      } catch (error) {
        if (res.headersSent) throw error;
        const { id: reference, log, language } = contextOf(req);
        const known = error instanceof HttpError ? error : new HttpError(500, 'internal');
        if (known.status >= 500) log.error({ err: error }, 'frame failed');
        const message = createTranslator(language)(`http.${known.text}`, known.values);
        const options = { status: known.status, frameAncestor: claimedOrigin(req) };
        await render(req, res, 'error', { message, reference }, options);
      }
    },
  };
}

/**
 * The origin that the portal says it has. Nobody has proved it, so it only permits showing an error page there, which
 * says nothing about anybody.
 */
function claimedOrigin(req: Request): string | undefined {
  const { DOMAIN: domain, PROTOCOL: protocol } = req.query;
  if (typeof domain !== 'string' || !/^[a-z0-9.-]{1,253}(:\d{1,5})?$/i.test(domain)) return undefined;
  return `${protocol === '0' ? 'http' : 'https'}://${domain}`;
}

export const officeUserOf = ({ userId, userName, isAdmin, dealId }: FrameSession): OfficeUser => ({
  userId,
  name: userName,
  isAdmin,
  dealId,
});
