import { Router, type Response } from 'express';
import type { PortalContext } from '../context.ts';
import type { Sessions } from './session.ts';

/** Files for a browser that is logged in, and public document links. */
export function createFileRoutes(portal: PortalContext, sessions: Sessions): Router {
  const router = Router();

  function send(res: Response, file: { name: string; content: Buffer } | undefined): void {
    if (!file) {
      res.status(404).type('text').send('Not found');
      return;
    }
    res.set('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(file.name)}`);
    res.type(file.name.endsWith('.pdf') ? 'application/pdf' : 'application/octet-stream').send(file.content);
  }

  const documentFile = (id: number, kind: 'pdf' | 'docx') => {
    const document = portal.documents.get(id);
    const content = kind === 'pdf' ? document?.pdf : document?.docx;
    if (!document || !content || (kind === 'pdf' && !portal.documents.isReady(document))) return undefined;
    return { name: `${document.title}.${kind}`, content };
  };

  router.get('/bitrix/services/main/ajax.php', (req, res) => {
    if (!sessions.has(req)) {
      res.status(401).type('html').send('<h1>Authorization required</h1>');
      return;
    }
    const { action: asked } = req.query;
    const action = typeof asked === 'string' ? asked : '';
    const id = Number(req.query['fileId'] ?? req.query['id']);
    if (action.endsWith('.getPdf')) send(res, documentFile(id, 'pdf'));
    else if (action.endsWith('.download')) send(res, documentFile(id, 'docx'));
    else send(res, portal.files.get(id));
  });

  router.get(['/_portal/file/:id', '/disk/file/:id/'], (req, res) => {
    if (sessions.has(req)) send(res, portal.files.get(Number(req.params['id'])));
    else res.status(401).type('html').send('<h1>Authorization required</h1>');
  });

  router.get(/^\/~[0-9a-f]+$/, (req, res) => {
    const document = portal.documents.all().find((one) => one.publicUrl === `${portal.url}${req.path}`);
    send(res, document ? documentFile(document.id, 'pdf') : undefined);
  });

  return router;
}
