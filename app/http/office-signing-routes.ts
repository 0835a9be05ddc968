import { Router } from 'express';
import type { Request, Response } from 'express';
import type { FileStore } from '../ports/file-store.ts';
import type { OfficeActions } from '../signing/office/create-office-actions.ts';
import type { Signing } from '../domain/signing.ts';
import { frameSessionOf } from './frame-session.ts';
import { HttpError } from './http-error.ts';
import { announce } from './office-answer.ts';
import type { OfficeData } from './office-data.ts';
import { officeUserOf } from './office-frame.ts';
import { findSigningFile } from './presenters/signing-files.ts';
import type { Render } from './render.ts';
import { createSendFile } from './send-file.ts';

export interface OfficeSigningDeps {
  readonly render: Render;
  readonly data: OfficeData;
  readonly actions: OfficeActions;
  readonly files: FileStore;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Signings inside the portal: list, one signing, its files and what may be done to it. Needs a frame session. */
export function createOfficeSigningRoutes(deps: OfficeSigningDeps): Router {
  const { render, data, actions, files } = deps;
  const router = Router();
  const sendFile = createSendFile({ files });

  /** `?as=card` is the form in the deal's tab. */
  const showSigning = async (req: Request, res: Response, signing: Signing) => {
    const view = req.query['as'] === 'card' ? 'office/deal-card' : 'office/signing';
    await render(req, res, view, await data.details(frameSessionOf(req), signing));
  };
  const ids = (req: Request) => {
    const session = frameSessionOf(req);
    return [session.portalId, String(req.params['id']), officeUserOf(session)] as const;
  };

  router.get('/signings', async (req, res) => {
    const { search, status, cursor } = req.query;
    const query = { search: text(search), status: text(status), cursor: text(cursor) || undefined };
    const page = await data.signings(frameSessionOf(req), query);
    await render(req, res, page.more ? 'office/signing-rows' : 'office/signings', page);
  });

  router.get('/signings/:id', async (req, res) => {
    const signing = await actions.show(...ids(req));
    if (text(req.query['version']) === String(signing.revision)) {
      res.status(204).end();
      return;
    }
    await showSigning(req, res, signing);
  });

  router.post('/signings/:id/remind', async (req, res) => {
    const signer = (req.body as { signer?: unknown } | undefined)?.signer ?? '';
    // Without a name everybody is reminded, so what is no name must not pass for none.
    if (typeof signer !== 'string') throw new HttpError(400, 'bad_request');
    const signerId = signer || undefined;
    const signing = await actions.remind(...ids(req), signerId);
    announce(req, res, 'done_remind');
    await showSigning(req, res, signing);
  });

  router.post('/signings/:id/cancel', async (req, res) => {
    const reason = text((req.body as { reason?: unknown } | undefined)?.reason);
    const signing = await actions.cancel(...ids(req), reason);
    announce(req, res, 'done_cancel');
    await showSigning(req, res, signing);
  });

  router.post('/signings/:id/resume', async (req, res) => {
    const signing = await actions.resume(...ids(req));
    announce(req, res, 'done_resume');
    await showSigning(req, res, signing);
  });

  router.post('/signings/:id/sync', async (req, res) => {
    const signing = await actions.sync(...ids(req));
    announce(req, res, 'done_sync');
    await showSigning(req, res, signing);
  });

  router.get('/deal/signings', async (req, res) => {
    const session = frameSessionOf(req);
    if (session.dealId === undefined) throw new HttpError(404, 'not_found');
    const cards = await data.dealSignings(session, text(req.query['version']) || undefined);
    if (cards) await render(req, res, 'office/deal-signings', cards);
    else res.status(204).end();
  });

  router.get('/deal/documents', async (req, res) => {
    const session = frameSessionOf(req);
    if (session.dealId === undefined) throw new HttpError(404, 'not_found');
    await render(req, res, 'office/deal-documents', await data.dealDocuments(session));
  });

  router.get('/files/:id/:key', async (req, res) => {
    const signing = await actions.show(...ids(req));
    const file = findSigningFile(signing, String(req.params['key']));
    if (!file) throw new HttpError(404, 'not_found');
    await sendFile(req, res, file, { name: file.name, kind: 'attachment' });
  });

  return router;
}
