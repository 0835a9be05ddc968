import { json, Router, type Request } from 'express';
import type { PortalContext } from '../context.ts';
import { createDocument, deleteDeal, updateItem } from '../deal-actions.ts';
import { pressButton } from '../press-button.ts';
import { map, text } from '../rest/params.ts';
import { bbToHtml } from './bb-code.ts';
import { dealLiveView } from './deal-view.ts';
import { frameJson } from './frame-api.ts';
import { renderView, showTime } from './render.ts';
import type { Sessions } from './session.ts';

const UI_PDF_MS = 6000;
const LIVE_PARTS = ['stages', 'fields', 'timeline', 'runs', 'documents'];

/** What the scripts of a deal's card ask and do. */
export function createDealApi(portal: PortalContext, sessions: Sessions): Router {
  const router = Router();
  router.use(json({ limit: '5mb' }));
  const idOf = (req: Request) => Number(req.params['id']);
  const body = (req: Request) => map(req.body);

  router.get('/deal/:id/live', async (req, res) => {
    const visitor = sessions.visitor(req, res);
    const deal = portal.crm.deal(idOf(req));
    if (!deal || !portal.crm.canRead(visitor.user.id, 2, deal.id)) {
      res.status(404).json({ gone: true });
      return;
    }
    const view = dealLiveView(portal, visitor, deal);
    const parts = await Promise.all(
      LIVE_PARTS.map(
        async (part) => [part, await renderView(portal, visitor, `deal-${part}`, view)] as const,
      ),
    );
    res.json(Object.fromEntries(parts));
  });

  router.post('/deal/:id/stage', (req, res) => {
    const { user } = sessions.visitor(req, res);
    const stageId = text(body(req)['stageId']);
    updateItem(portal, { entityTypeId: 2, id: idOf(req), fields: { stageId }, userId: user.id });
    res.json({ ok: true });
  });

  router.post('/deal/:id/delete', (req, res) => {
    deleteDeal(portal, idOf(req), sessions.visitor(req, res).user.id);
    res.json({ ok: true });
  });

  router.post('/deal/:id/document', async (req, res) => {
    const { user } = sessions.visitor(req, res);
    // A person waits in seconds; reads are counted for tests.
    const pdfDelay = 'ms' in portal.pdfDelay ? portal.pdfDelay : { ms: UI_PDF_MS };
    const document = await createDocument(portal, { dealId: idOf(req), userId: user.id, pdfDelay });
    res.json({ id: document.id });
  });

  router.post('/deal/:id/run', (req, res) => {
    const { user } = sessions.visitor(req, res);
    const given = body(req);
    const runAs = text(given['runAs']);
    void portal.workflows.run(text(given['code']), {
      dealId: idOf(req),
      properties: map(given['properties']),
      userId: user.id,
      app: text(given['app']) || undefined,
      activity: given['kind'] === 'activity',
      ...(runAs === '' ? {} : { runAs: Number(runAs) }),
    });
    res.json({ ok: true });
  });

  router.post('/trigger', (req, res) => {
    const { code, stageId } = body(req);
    if (text(stageId)) portal.triggers.moves.set(text(code), text(stageId));
    else portal.triggers.moves.delete(text(code));
    res.json({ ok: true });
  });

  router.post('/press', (req, res) => {
    const visitor = sessions.visitor(req, res);
    const given = body(req);
    const effect = pressButton(portal, {
      activityId: Number(given['activityId']),
      buttonId: text(given['buttonId']),
      userId: visitor.user.id,
      lang: visitor.lang,
    });
    if (effect.kind !== 'frame') {
      res.json(effect);
      return;
    }
    res.json({ kind: 'frame', frame: frameJson(portal, visitor, effect.frame), slider: effect.slider });
  });

  router.get('/notifications', async (req, res) => {
    const visitor = sessions.visitor(req, res);
    const notices = portal.notifications.of(visitor.user.id).toReversed();
    const html = await renderView(portal, visitor, 'notifications', {
      notices: notices.map((one) => ({
        ...one,
        html: bbToHtml(one.message),
        at: showTime(one.at, visitor.lang),
      })),
    });
    const unread = notices.filter((one) => !one.read).length;
    if (req.query['read'] === '1') portal.notifications.markRead(visitor.user.id);
    res.json({ unread, html });
  });

  return router;
}
