import { json, Router } from 'express';
import { beginInstall, finishInstall, uninstallApp, updateApp } from '../app-actions.ts';
import type { PortalContext } from '../context.ts';
import { FrameRefused, prepareFrame, type Frame } from '../frame-post.ts';
import { map, text } from '../rest/params.ts';
import type { Sessions, Visitor } from './session.ts';

/** A frame as the page's script needs it: the form, and what the bridge answers to `getInitData`. */
export function frameJson(portal: PortalContext, visitor: Visitor, frame: Frame): Record<string, unknown> {
  const { app, fields } = frame;
  return {
    app: app.descriptor.code,
    sid: frame.sid,
    name: frame.name,
    action: frame.action,
    fields,
    placement: frame.placement,
    init: {
      AUTH_ID: fields['AUTH_ID'],
      REFRESH_ID: fields['REFRESH_ID'],
      AUTH_EXPIRES: '3600',
      DOMAIN: portal.domain,
      PROTOCOL: '0',
      PATH: '/rest',
      LANG: visitor.lang,
      MEMBER_ID: portal.memberId,
      IS_ADMIN: visitor.user.isAdmin,
      APP_OPTIONS: app.options,
      USER_OPTIONS: app.userOptions.get(visitor.user.id) ?? {},
      PLACEMENT: frame.placement,
      PLACEMENT_OPTIONS: frame.options,
      INSTALL: frame.install,
      FIRST_RUN: false,
    },
  };
}

/** What the scripts of the pages ask about frames and apps. */
export function createFrameApi(portal: PortalContext, sessions: Sessions): Router {
  const router = Router();
  router.use(json({ limit: '1mb' }));
  const body = (req: { body: unknown }) => map(req.body);

  router.post('/frame', (req, res) => {
    const visitor = sessions.visitor(req, res);
    const given = body(req);
    try {
      const frame = prepareFrame(portal, {
        app: portal.apps.byRef(text(given['app']) || undefined),
        placement: text(given['placement']) || 'DEFAULT',
        options: map(given['options']),
        handler: text(given['handler']) || undefined,
        userId: visitor.user.id,
        lang: visitor.lang,
      });
      res.json(frameJson(portal, visitor, frame));
    } catch (error) {
      if (!(error instanceof FrameRefused)) throw error;
      res.status(403).json({ error: error.message });
    }
  });

  router.post('/refresh-auth', (req, res) => {
    const { user } = sessions.visitor(req, res);
    const app = portal.apps.byRef(text(body(req)['app']));
    const token = portal.oauth.tokens.issue({
      userId: user.id,
      memberId: portal.memberId,
      clientId: app.descriptor.clientId,
      scope: [...app.scopes].join(','),
    });
    res.json({ AUTH_ID: token.accessToken, REFRESH_ID: token.refreshToken, AUTH_EXPIRES: '3600' });
  });

  router.post('/option', (req, res) => {
    const { user } = sessions.visitor(req, res);
    const given = body(req);
    const app = portal.apps.byRef(text(given['app']));
    const own = app.userOptions.get(user.id) ?? {};
    app.userOptions.set(user.id, own);
    if (given['kind'] === 'user') Object.assign(own, map(given['values']));
    else if (user.isAdmin) Object.assign(app.options, map(given['values']));
    res.json(given['kind'] === 'user' ? own : app.options);
  });

  router.post('/app', async (req, res) => {
    const { user } = sessions.visitor(req, res);
    const given = body(req);
    const app = portal.apps.byRef(text(given['app']));
    const action = text(given['action']);
    if (!user.isAdmin) {
      res.status(403).json({ error: 'admin only' });
      return;
    }
    if (action === 'install') beginInstall(portal, app, user.id);
    else if (action === 'install-finish') await finishInstall(portal, app, user.id);
    else if (action === 'update') await updateApp(portal, app, { userId: user.id });
    else await uninstallApp(portal, app, { clean: action === 'uninstall-clean' });
    res.json({ ok: true });
  });

  router.get('/users', (_req, res) => {
    const active = portal.users.all().filter((one) => one.active);
    res.json(
      active.map((one) => ({
        id: String(one.id),
        name: `${one.name} ${one.lastName}`,
        photo: '',
        position: one.position,
        url: `/company/personal/user/${one.id}/`,
        sub: false,
        sup: false,
      })),
    );
  });

  router.get('/crm', (_req, res) => {
    const rows = (typeId: number, prefix: string, type: string) =>
      portal.crm.list(typeId).map((one) => ({
        id: `${prefix}_${one.id}`,
        type,
        title: text(one['title']) || `${text(one['lastName'])} ${text(one['name'])}`,
        url: `/crm/${type}/details/${one.id}/`,
      }));
    res.json({
      contact: rows(3, 'C', 'contact'),
      company: rows(4, 'CO', 'company'),
      deal: rows(2, 'D', 'deal'),
      lead: rows(1, 'L', 'lead'),
    });
  });

  return router;
}
