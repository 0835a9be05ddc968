import { Router } from 'express';
import { SigningNotFound } from '../signing/change-signing.ts';
import type { OfficeActions } from '../signing/office/create-office-actions.ts';
import { createOfficeData } from './office-data.ts';
import type { OfficeDataDeps } from './office-data.ts';
import { createFrameOpener, officeUserOf } from './office-frame.ts';
import type { FrameDeps } from './office-frame.ts';

export interface AppDeps extends FrameDeps, OfficeDataDeps {
  readonly actions: OfficeActions;
}

/** The application page, which is also where links from notifications and the timeline lead (REST_APP_URI). */
export function createAppRoutes(deps: AppDeps): Router {
  const { render, actions } = deps;
  const data = createOfficeData(deps);
  const opener = createFrameOpener(deps);
  const router = Router();

  router.head('/app', (_req, res) => {
    res.status(200).end();
  });

  router.post(
    '/app',
    opener.page(async (req, res) => {
      const { frame, session, token } = await opener.open(req);
      const wanted = frame.options['signing'];
      const asked = typeof wanted === 'string' && wanted !== '';
      const signing = asked
        ? await actions.show(session.portalId, wanted, officeUserOf(session)).catch(nothingWhenUnknown)
        : undefined;
      const part = signing
        ? { view: 'signing', data: await data.details(session, signing) }
        : { view: 'signings', data: await data.signings(session, {}) };
      const page = { part, isAdmin: session.isAdmin, missing: asked && !signing, timeZone: session.timeZone };
      await render(req, res, 'app', { ...page, session: token }, { frameAncestor: session.portalOrigin });
    }),
  );
  return router;
}

/** A link to a signing that is gone or not for this person's eyes shows the list. */
function nothingWhenUnknown(error: unknown): undefined {
  if (error instanceof SigningNotFound) return undefined;
  throw error;
}
