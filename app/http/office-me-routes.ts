import { Router } from 'express';
import type { Request, Response } from 'express';
import { MAX_PNG_BYTES } from '../signing/office/check-png.ts';
import type { ManageEmployees } from '../signing/office/manage-employees.ts';
import { OfficeRefusal } from '../signing/office/office-refusal.ts';
import { frameSessionOf } from './frame-session.ts';
import { sendPicture } from './office-admin-routes.ts';
import { announce } from './office-answer.ts';
import type { OfficeData } from './office-data.ts';
import { readUpload } from './office-read-upload.ts';
import type { Render } from './render.ts';

/** What an employee does for themselves: their own signature and mandate, nobody else's. Needs a frame session. */
export function createOfficeMeRoutes(deps: {
  readonly render: Render;
  readonly data: OfficeData;
  readonly manage: ManageEmployees;
}): Router {
  const { render, data, manage } = deps;
  const router = Router();
  const me = (req: Request) => {
    const { portalId, userId } = frameSessionOf(req);
    return [portalId, userId] as const;
  };
  const show = async (req: Request, res: Response) =>
    render(req, res, 'office/me', await data.me(frameSessionOf(req)));

  router.get('/me', show);

  router.get('/me/signature', async (req, res) => {
    sendPicture(res, await manage.readSignature(...me(req)));
  });

  router.post('/me/signature', async (req, res) => {
    const upload = await readUpload(req, 'file', MAX_PNG_BYTES);
    if (!upload) throw new OfficeRefusal('png_missing');
    await manage.setSignature(...me(req), upload.bytes, frameSessionOf(req).userId);
    announce(req, res, 'done_signature');
    await show(req, res);
  });

  router.post('/me/signature/remove', async (req, res) => {
    await manage.removeSignature(...me(req));
    announce(req, res, 'done_signature_removed');
    await show(req, res);
  });

  router.post('/me/mandate', async (req, res) => {
    const { agree, version } = (req.body ?? {}) as { agree?: unknown; version?: unknown };
    if (agree === undefined || typeof version !== 'string') throw new OfficeRefusal('consent_outdated');
    await manage.giveMandate(...me(req), version);
    announce(req, res, 'done_mandate');
    await show(req, res);
  });

  router.post('/me/mandate/revoke', async (req, res) => {
    await manage.revokeMandate(...me(req));
    announce(req, res, 'done_mandate_revoked');
    await show(req, res);
  });

  return router;
}
