import express, { Router } from 'express';
import { createRequire } from 'node:module';
import type { PortalContext } from '../context.ts';
import { createDealApi } from './deal-api.ts';
import { createFileRoutes } from './file-routes.ts';
import { createFrameApi } from './frame-api.ts';
import { createPageRoutes } from './page-routes.ts';
import { uiFolder } from './render.ts';
import { createSessions } from './session.ts';

const symbols = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

/** Everything a browser asks of the portal. */
export function createPages(portal: PortalContext): Router {
  const router = Router();
  const sessions = createSessions(portal);
  router.get('/_portal/ui/symbols.ttf', (_req, res) => res.sendFile(symbols));
  router.use('/_portal/ui', express.static(uiFolder, { index: false, cacheControl: false }));
  router.use(createFileRoutes(portal, sessions));
  router.use(createPageRoutes(portal, sessions));
  router.use('/_portal', createFrameApi(portal, sessions));
  router.use('/_portal', createDealApi(portal, sessions));
  return router;
}
