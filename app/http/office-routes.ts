import { Router } from 'express';
import type { FileStore } from '../ports/file-store.ts';
import type { OfficeActions } from '../signing/office/create-office-actions.ts';
import type { ManageEmployees } from '../signing/office/manage-employees.ts';
import { frameSessionOf, requireFrameSession } from './frame-session.ts';
import { createOfficeAdminRoutes } from './office-admin-routes.ts';
import { answerRefusal } from './office-answer.ts';
import { createOfficeData } from './office-data.ts';
import type { OfficeDataDeps } from './office-data.ts';
import type { DocumentSettingsDataDeps } from './office-document-settings-data.ts';
import { createFrameOpener } from './office-frame.ts';
import type { FrameDeps } from './office-frame.ts';
import { createOfficeMeRoutes } from './office-me-routes.ts';
import { createOfficeSigningRoutes } from './office-signing-routes.ts';

export interface OfficeDeps extends FrameDeps, OfficeDataDeps {
  readonly files: FileStore;
  readonly actions: OfficeActions;
  readonly manage: ManageEmployees;
  /** How a portal's documents are signed. */
  readonly documents: DocumentSettingsDataDeps;
}

/**
 * `/office/…`: what the pages inside the portal load after they were opened. Each request carries the frame session in
 * a header; what a person may see or do is decided again on every one.
 */
export function createOfficeRoutes(deps: OfficeDeps): Router {
  const { render, sessions, actions, manage, files, settings, documents } = deps;
  const data = createOfficeData(deps);
  const opener = createFrameOpener(deps);
  const router = Router();

  // The page got new tokens from the portal and shows who it is again: the same proof as when a frame is opened.
  router.post('/office/session', async (req, res) => {
    const { token } = await opener.open(req);
    res.set('Cache-Control', 'no-store').json({ session: token });
  });

  const guarded = Router();
  guarded.use(requireFrameSession(sessions));
  guarded.use(createOfficeSigningRoutes({ render, data, actions, files }));
  guarded.use(createOfficeMeRoutes({ render, data, manage }));
  guarded.get('/balance', async (req, res) => {
    await render(req, res, 'office/balance', await data.balance(frameSessionOf(req)));
  });
  guarded.use(createOfficeAdminRoutes({ render, data, settings, manage, documents }));
  guarded.use(answerRefusal);
  router.use('/office', guarded);
  return router;
}
