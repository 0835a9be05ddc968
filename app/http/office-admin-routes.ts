import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { mayAdminister } from '../domain/policy.ts';
import { NOTIFIABLE } from '../ports/settings-store.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import { MAX_PNG_BYTES } from '../signing/office/check-png.ts';
import type { ManageEmployees } from '../signing/office/manage-employees.ts';
import { OfficeRefusal } from '../signing/office/office-refusal.ts';
import { frameSessionOf } from './frame-session.ts';
import { HttpError } from './http-error.ts';
import { announce } from './office-answer.ts';
import type { OfficeData } from './office-data.ts';
import { createDocumentSettingsData } from './office-document-settings-data.ts';
import type { DocumentSettingsDataDeps } from './office-document-settings-data.ts';
import { createDocumentSettingsRoutes } from './office-document-settings-routes.ts';
import { officeUserOf } from './office-frame.ts';
import { readUpload } from './office-read-upload.ts';
import type { Render } from './render.ts';
import { ticked } from './ticked.ts';

export interface OfficeAdminDeps {
  readonly render: Render;
  readonly data: OfficeData;
  readonly settings: SettingsStore;
  readonly manage: ManageEmployees;
  readonly documents: DocumentSettingsDataDeps;
}

const settingsForm = z.object({
  robot_send_for_signing: ticked,
  robot_check_status: ticked,
  senders: z.enum(['everyone', 'selected']),
  expires_in_days: z.coerce.number().int().min(1).max(365),
});
const rightsForm = z.object({ can_sign: ticked, can_send: ticked, blocked: ticked });

/** Settings and employees: for the portal's admins, checked before every route. Needs a frame session. */
export function createOfficeAdminRoutes(deps: OfficeAdminDeps): Router {
  const { render, data, settings, manage } = deps;
  const documents = createDocumentSettingsData(deps.documents);
  const router = Router();
  router.use(['/settings', '/employees'], (req, _res, next) => {
    if (!mayAdminister(officeUserOf(frameSessionOf(req)))) throw new HttpError(403, 'forbidden');
    next();
  });

  const ids = (req: Request) => {
    const userId = String(req.params['userId']);
    if (!/^\d{1,15}$/.test(userId)) throw new HttpError(404, 'not_found');
    return [frameSessionOf(req).portalId, userId] as const;
  };
  const showEmployee = async (req: Request, res: Response) =>
    render(req, res, 'office/employee', await data.employee(frameSessionOf(req), ids(req)[1]));

  router.get('/settings', async (req, res) => {
    const session = frameSessionOf(req);
    const [general, other] = await Promise.all([data.settings(session), documents.all(session)]);
    await render(req, res, 'office/settings', { general, ...other });
  });

  router.post('/settings', async (req, res) => {
    const session = frameSessionOf(req);
    const body = (req.body ?? {}) as Record<string, unknown>;
    const form = settingsForm.safeParse(body);
    if (!form.success) throw new OfficeRefusal('settings_invalid');
    const current = await settings.get(session.portalId);
    await settings.save({
      ...current,
      robots: {
        ...current.robots,
        send_for_signing: form.data.robot_send_for_signing,
        check_status: form.data.robot_check_status,
      },
      senders: form.data.senders,
      expiresInDays: form.data.expires_in_days,
      notify: Object.fromEntries(NOTIFIABLE.map((type) => [type, body[`notify_${type}`] !== undefined])),
    });
    announce(req, res, 'done_settings');
    await render(req, res, 'office/settings-general', await data.settings(session));
  });

  router.use('/settings', createDocumentSettingsRoutes({ ...deps.documents, render, data: documents }));

  router.get('/employees', async (req, res) => {
    await render(req, res, 'office/employees', await data.employees(frameSessionOf(req)));
  });

  router.get('/employees/search', async (req, res) => {
    const text = typeof req.query['q'] === 'string' ? req.query['q'].trim().slice(0, 100) : '';
    const found =
      text.length > 1 ? await data.foundUsers(frameSessionOf(req), text) : { text: '', users: [] };
    await render(req, res, 'office/employee-search', found);
  });

  router.post('/employees/:userId', async (req, res) => {
    const employee = await manage.add(...ids(req));
    announce(req, res, 'done_employee_added', { name: employee.name });
    await render(req, res, 'office/employees', await data.employees(frameSessionOf(req)));
  });

  router.post('/employees/:userId/rights', async (req, res) => {
    const form = rightsForm.safeParse(req.body ?? {});
    if (!form.success) throw new HttpError(400, 'bad_request');
    const { can_sign: canSign, can_send: canSend, blocked } = form.data;
    await manage.setRights(...ids(req), { canSign, canSend, blocked });
    announce(req, res, 'done_rights');
    await showEmployee(req, res);
  });

  router.get('/employees/:userId/signature', async (req, res) => {
    sendPicture(res, await manage.readSignature(...ids(req)));
  });

  router.post('/employees/:userId/signature', async (req, res) => {
    const upload = await readUpload(req, 'file', MAX_PNG_BYTES);
    if (!upload) throw new OfficeRefusal('png_missing');
    await manage.setSignature(...ids(req), upload.bytes, frameSessionOf(req).userId);
    announce(req, res, 'done_signature');
    await showEmployee(req, res);
  });

  router.post('/employees/:userId/signature/remove', async (req, res) => {
    await manage.removeSignature(...ids(req));
    announce(req, res, 'done_signature_removed');
    await showEmployee(req, res);
  });

  router.post('/employees/:userId/remove', async (req, res) => {
    await manage.remove(...ids(req));
    announce(req, res, 'done_employee_removed');
    await render(req, res, 'office/employees', await data.employees(frameSessionOf(req)));
  });

  return router;
}

/** A checked PNG; nothing else is ever stored as a signature. */
export function sendPicture(res: Response, png: Uint8Array | undefined): void {
  if (!png) throw new HttpError(404, 'not_found');
  res.set({ 'Cache-Control': 'private, no-store', 'X-Content-Type-Options': 'nosniff' });
  res.type('image/png').send(Buffer.from(png));
}
