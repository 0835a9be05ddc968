/**
 * `/install` and `/events`. The view `install` gets {@link InstallPage}; it posts `installFinish` to the portal's page when
 * `ok` (and the portal then opens the application page itself), else it shows `problems` and `reference`.
 */
import express from 'express';
import type { Request, Response, Router } from 'express';
import { createTranslator, languageOf } from '../app/i18n/translator.ts';
import type { Language } from '../app/i18n/translator.ts';
import type { Log } from '../app/ports/log.ts';
import { PortalError } from '../app/ports/portal.ts';
import type { PortalHttp } from '../app/portal/create-portal-http.ts';
import { parseFrameForm } from '../app/portal/parse-portal-form.ts';
import { PortalPostRefused } from '../app/portal/verify-portal-post.ts';
import { InstallRefused } from './install-app.ts';
import type { InstallApp } from './install-app.ts';
import type { PortalEvent, ReceiveEvent } from './receive-event.ts';

/** Data of the view `install`. */
export interface InstallPage {
  readonly ok: boolean;
  /** Host of the portal, for the page's texts; empty when the form was not even readable. */
  readonly domain: string;
  /** What went wrong or is missing, in the user's language; may be filled when `ok` (something optional is missing). */
  readonly problems: readonly string[];
  /** Where the page goes on to when the portal does not do it by itself: our application page. */
  readonly appPageUrl: string;
  /** In the log too; empty when `ok`. */
  readonly reference: string;
}

interface UnprovenPosts {
  /** Before anybody is asked about a post. @throws when there are too many */
  admit(req: Request, portalId: string): Promise<void>;
  refused(req: Request): Promise<void>;
}

export interface InstallerRoutesDeps {
  readonly installApp: InstallApp;
  readonly receiveEvent: ReceiveEvent;
  /** Keeps the event for {@link import('./handle-event.ts').HandleEvent}; quick. The event holds no secrets. */
  readonly later: (event: PortalEvent) => Promise<void>;
  readonly render: (
    req: Request,
    res: Response,
    view: string,
    data: object,
    options?: { status?: number; frameAncestor?: string },
  ) => Promise<void>;
  /** Holds back whoever posts what nobody has sent: installations, and events that have to be asked about. */
  readonly unproven: Readonly<Record<'installations' | 'events', UnprovenPosts>>;
  /** Id of the request that the log has (X-Request-Id). */
  readonly referenceOf: (req: Request) => string;
  readonly http: PortalHttp;
  readonly publicUrl: string;
  readonly log: Log;
}

const STATUS = {
  bad_form: 400,
  not_verified: 403,
  not_admin: 403,
  form_used: 409,
  portal_unavailable: 503,
} as const;

export function createInstallerRoutes(deps: InstallerRoutesDeps): Router {
  const { installApp, receiveEvent, later, render, unproven, referenceOf, http, publicUrl, log } = deps;
  const router = express.Router();
  const appPageUrl = `${publicUrl}/app`;

  // The version card probes every URL with HEAD.
  router.head(['/install', '/events'], (_req, res) => void res.sendStatus(200));

  router.post('/install', async (req, res) => {
    const form = parseFrameForm(req.query, req.body);
    const language = languageOf(form.language);
    const reference = referenceOf(req);
    await unproven.installations.admit(req, form.memberId);
    try {
      const { portalOrigin, registration } = await installApp(req.query, req.body);
      const page: InstallPage = {
        ok: registration.ok,
        domain: form.domain,
        problems: missingTexts(registration, language),
        appPageUrl,
        reference: registration.ok ? '' : reference,
      };
      await render(req, res, 'install', page, { status: page.ok ? 200 : 502, frameAncestor: portalOrigin });
    } catch (error) {
      if (!(error instanceof InstallRefused)) throw error;
      log.warn({ err: error, reference }, 'installation refused');
      if (error.code !== 'portal_unavailable') await unproven.installations.refused(req);
      const t = createTranslator(language);
      const page: InstallPage = {
        ok: false,
        domain: form.domain,
        problems: [t(`installer.refused_${error.code}`)],
        appPageUrl,
        reference,
      };
      await render(req, res, 'install', page, {
        status: STATUS[error.code],
        frameAncestor: claimedOrigin(http, form),
      });
    }
  });

  router.post('/events', async (req, res) => {
    let asked = false;
    const beforeAsking = async (portalId: string): Promise<void> => {
      await unproven.events.admit(req, portalId);
      asked = true;
    };
    try {
      await later(await receiveEvent(req.body, beforeAsking));
      res.json({ status: 'accepted' });
    } catch (error) {
      if (error instanceof PortalPostRefused) {
        if (asked) await unproven.events.refused(req);
        res.status(403).json({ error: 'forbidden' });
      } else if (error instanceof PortalError) res.status(503).json({ error: 'unavailable' });
      else throw error;
    }
  });

  return router;
}

/** Nothing is proved of a refused form: its host may frame the refusal, and only where it is a host at all. */
function claimedOrigin(http: PortalHttp, form: { domain: string; secure: boolean }): string | undefined {
  try {
    return new URL(http.endpointOf(form.domain, form.secure)).origin;
  } catch {
    return undefined;
  }
}

function missingTexts(
  {
    problems,
    features,
  }: {
    problems: readonly { what: string; code: string; essential: boolean }[];
    features: { robots: boolean };
  },
  language: Language,
): string[] {
  const t = createTranslator(language);
  const essential = problems.filter((problem) => problem.essential);
  return [
    ...(features.robots ? [] : [t('installer.no_robots')]),
    ...essential.map(({ what, code }) => t('installer.not_registered', { what, code })),
  ];
}
