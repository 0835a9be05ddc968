import { Router } from 'express';
import { HttpError } from './http-error.ts';
import { createOfficeData } from './office-data.ts';
import type { OfficeDataDeps } from './office-data.ts';
import { createFrameOpener } from './office-frame.ts';
import type { FrameDeps } from './office-frame.ts';

/** Pages inside a deal: its tab, and the same list from the menu of its documents. */
export function createPlacementRoutes(deps: FrameDeps & OfficeDataDeps): Router {
  const { render } = deps;
  const data = createOfficeData(deps);
  const opener = createFrameOpener(deps);
  const router = Router();
  const paths = ['/placements/deal-tab', '/placements/document-button'];

  router.head(paths, (_req, res) => {
    res.status(200).end();
  });

  router.post(
    paths,
    opener.page(async (req, res) => {
      const { session, token } = await opener.open(req);
      if (session.dealId === undefined) throw new HttpError(400, 'bad_request');
      const signings = await data.dealSignings(session);
      await render(
        req,
        res,
        'deal-tab',
        { signings, session: token },
        { frameAncestor: session.portalOrigin },
      );
    }),
  );
  return router;
}
