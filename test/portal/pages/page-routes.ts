import { Router, type Request, type Response } from 'express';
import type { PortalContext } from '../context.ts';
import { contactView, dealPageView, dealSummary } from './deal-view.ts';
import { sendPage, word } from './render.ts';
import type { Sessions } from './session.ts';

/** The pages a person sees. */
export function createPageRoutes(portal: PortalContext, sessions: Sessions): Router {
  const router = Router();
  const idOf = (req: Request) => Number(req.params['id']);

  const message = (req: Request, res: Response, key: string, text = '', status = 404) => {
    const visitor = sessions.visitor(req, res);
    const title = word(visitor.lang, key);
    return sendPage(portal, visitor, { req, res, page: 'message', title, view: 'message', status }, { text });
  };

  router.get('/', (_req, res) => res.redirect('/crm/deal/'));

  router.get('/crm/deal/', (req, res) => {
    const visitor = sessions.visitor(req, res);
    const deals = portal.crm
      .list(2)
      .filter((deal) => portal.crm.canRead(visitor.user.id, 2, deal.id))
      .map((deal) => dealSummary(portal, visitor, deal));
    const title = word(visitor.lang, 'deals');
    return sendPage(portal, visitor, { req, res, page: 'deals', title, view: 'deal-list' }, { deals });
  });

  router.get('/crm/deal/details/:id/', (req, res) => {
    const visitor = sessions.visitor(req, res);
    const deal = portal.crm.deal(idOf(req));
    if (!deal || !portal.crm.canRead(visitor.user.id, 2, deal.id)) return message(req, res, 'deleted');
    const view = dealPageView(portal, visitor, deal);
    const title = dealSummary(portal, visitor, deal).title;
    return sendPage(portal, visitor, { req, res, page: 'deal', title, view: 'deal' }, view);
  });

  router.get('/crm/contact/', (req, res) => {
    const visitor = sessions.visitor(req, res);
    const contacts = portal.crm.list(3).map((one) => contactView(portal, one));
    const title = word(visitor.lang, 'contacts');
    return sendPage(
      portal,
      visitor,
      { req, res, page: 'contacts', title, view: 'contact-list' },
      { contacts },
    );
  });

  router.get('/crm/contact/details/:id/', (req, res) => {
    const visitor = sessions.visitor(req, res);
    const found = portal.crm.contact(idOf(req));
    if (!found) return message(req, res, 'contacts');
    const { fullName, post, company, email, phone } = contactView(portal, found);
    const values = { post, company, email, phone };
    const rows = Object.entries(values).map(([key, value]) => [word(visitor.lang, key), value]);
    return sendPage(
      portal,
      visitor,
      { req, res, page: 'contact', title: fullName, view: 'record' },
      { rows },
    );
  });

  router.get('/crm/company/details/:id/', (req, res) => {
    const visitor = sessions.visitor(req, res);
    const company = portal.crm.company(idOf(req));
    if (!company) return message(req, res, 'company');
    const { email, phone } = contactView(portal, company);
    const rows = Object.entries({ email, phone }).map(([key, value]) => [word(visitor.lang, key), value]);
    const title = String(company['title']);
    return sendPage(portal, visitor, { req, res, page: 'contact', title, view: 'record' }, { rows });
  });

  router.get('/marketplace/', (req, res) => {
    const visitor = sessions.visitor(req, res);
    const apps = portal.apps.all().map((app) => ({
      code: app.descriptor.code,
      name: app.descriptor.name ?? app.descriptor.code,
      version: app.version,
      scopes: [...app.scopes].join(', '),
      status: app.installed ? 'installed' : app.present ? 'installing' : 'notInstalled',
    }));
    const title = word(visitor.lang, 'marketplace');
    return sendPage(portal, visitor, { req, res, page: 'marketplace', title, view: 'marketplace' }, { apps });
  });

  /** The app's page, or its installer while that has not finished. */
  router.get('/marketplace/app/:code/', (req, res) => appPage(req, res, 'DEFAULT'));
  /** Links in notifications lead here. */
  router.get('/marketplace/view/:code/', (req, res) => appPage(req, res, 'REST_APP_URI'));

  function appPage(req: Request, res: Response, wanted: string): Promise<void> {
    const visitor = sessions.visitor(req, res);
    const code = String(req.params['code']);
    const app = portal.apps
      .all()
      .find((one) => one.descriptor.code === code || one.descriptor.clientId === code);
    if (!app?.present) return message(req, res, 'notInstalled');
    if (!app.installed && !visitor.user.isAdmin) {
      return message(req, res, 'frameRefused', word(visitor.lang, 'frameRefusedText'), 403);
    }
    const bound = app.placements.some((one) => one.placement === wanted);
    const title = app.descriptor.name ?? code;
    const frame = {
      app: app.descriptor.code,
      placement: bound ? wanted : 'DEFAULT',
      options: wanted === 'DEFAULT' ? paramsOf(req) : { ...paramsOf(req), URI: req.originalUrl },
    };
    const data = { frame, currentApp: app.descriptor.code };
    return sendPage(portal, visitor, { req, res, page: 'app', title, view: 'app' }, data);
  }

  router.get('/_portal/login', (req, res) => {
    const lang = req.query['lang'] === 'en' ? 'en' : req.query['lang'] === 'ru' ? 'ru' : undefined;
    sessions.change(req, res, { userId: req.query['user'] ? Number(req.query['user']) : undefined, lang });
    const back =
      typeof req.query['back'] === 'string' && req.query['back'].startsWith('/') ? req.query['back'] : '/';
    res.redirect(back);
  });

  return router;
}

/** `?params[x]=…` as plain options. */
function paramsOf(req: Request): Record<string, string> {
  const query = new URL(req.originalUrl, 'http://portal').searchParams;
  return Object.fromEntries(
    [...query].flatMap(([key, value]) => {
      const name = /^params\[([^\]]+)\]$/.exec(key)?.[1];
      return name ? [[name, value]] : [];
    }),
  );
}
