import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createAppRoutes } from '../../../app/http/app-routes.ts';
import { createAssetRoutes } from '../../../app/http/assets.ts';
import { createFrameSessions } from '../../../app/http/frame-session.ts';
import { handleError } from '../../../app/http/handle-error.ts';
import { createLegalRoutes } from '../../../app/http/legal-routes.ts';
import { createOfficeRoutes } from '../../../app/http/office-routes.ts';
import { createPlacementRoutes } from '../../../app/http/placement-routes.ts';
import { createRateLimiting } from '../../../app/http/rate-limit.ts';
import { createRender } from '../../../app/http/render.ts';
import { requestContext } from '../../../app/http/request-context.ts';
import { createVerifyRoutes } from '../../../app/http/verify-routes.ts';
import type { VerifiedFrame } from '../../../app/portal/verify-frame.ts';
import { FrameRefused } from '../../../app/portal/verify-frame.ts';
import type { PdfEngine } from '../../../app/ports/pdf-engine.ts';
import type { PortalInstallation } from '../../../app/ports/portal-store.ts';
import type { Portal, PortalDocument, PortalUser } from '../../../app/ports/portal.ts';
import { createChangeSigning } from '../../../app/signing/change-signing.ts';
import { createOfficeActions } from '../../../app/signing/office/create-office-actions.ts';
import { createManageAgreement } from '../../../app/signing/office/manage-agreement.ts';
import { createManageCertificate } from '../../../app/signing/office/manage-certificate.ts';
import { createManageEmployees } from '../../../app/signing/office/manage-employees.ts';
import { openTestStore } from '../../support/store.ts';
import { ROOT_PEM } from '../verify/verify-world.ts';

export const PORTAL_ORIGIN = 'http://127.0.0.1:1';

/** Everybody who can open a frame here: AUTH_ID → who the portal says it is. */
export interface Person {
  readonly portalId: string;
  readonly id: string;
  readonly name: string;
  readonly isAdmin: boolean;
}

const installation = (id: string): PortalInstallation => ({
  id,
  domain: '127.0.0.1:1',
  clientEndpoint: `${PORTAL_ORIGIN}/rest/`,
  serverEndpoint: 'http://127.0.0.1:2/rest/',
  applicationToken: 'token',
  state: 'active',
  language: 'en',
  version: '1',
  scope: 'crm',
  features: { robots: true, activities: true },
  installedAt: new Date(0),
  updatedAt: new Date(0),
});

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The pages of the office over real Express and real stores; portal and PDF engine are doubles. */
export async function startOfficeApp(
  people: Record<string, Person>,
  portalOrigin = PORTAL_ORIGIN,
  { timestamps = true }: { timestamps?: boolean } = {},
) {
  let now = new Date('2026-11-22T10:00:00Z');
  const clock = { now: () => now };
  const store = await openTestStore({ clock });
  const woken: string[] = [];
  const tracked: string[] = [];
  const portalUsers: PortalUser[] = [];
  const documents: PortalDocument[] = [];
  /** Deals that nobody may read. */
  const closedDeals = new Set<string>();

  const portal = {
    searchUsers: async (_portalId: string, wanted: string) =>
      portalUsers.filter((user) => `${user.name} ${user.email}`.toLowerCase().includes(wanted.toLowerCase())),
    readFacts: async () => ({ users: new Map(portalUsers.map((user) => [user.id, user])) }),
    listDocuments: async () => documents,
  } as unknown as Portal;
  const unset = () => Promise.reject(new Error('a test sets what the engine does'));
  const pdf: Pick<PdfEngine, 'verify' | 'renderAgreement'> = { verify: unset, renderAgreement: unset };

  const verifyFrame = async (query: unknown, body: unknown): Promise<VerifiedFrame> => {
    const form = (body ?? {}) as Record<string, unknown>;
    const person = people[text(form['AUTH_ID'])];
    if (!person) throw new FrameRefused('not_verified', 'unknown token');
    const placement = text(form['PLACEMENT']) || 'DEFAULT';
    const options = JSON.parse(text(form['PLACEMENT_OPTIONS']) || '{}') as Record<string, unknown>;
    const dealId = text(options['ID'] ?? options['ENTITY_ID']);
    const isDeal = placement.startsWith('CRM_DEAL_') && dealId !== '' && !closedDeals.has(dealId);
    return {
      installation: installation(person.portalId),
      user: { id: person.id, name: person.name, isAdmin: person.isAdmin, timeZone: 'Europe/Moscow' },
      placement,
      options,
      language: (query as Record<string, unknown>)['LANG'] === 'ru' ? 'ru' : 'en',
      ...(isDeal && { deal: { id: dealId, title: 'Deal' } }),
      installed: true,
      portalLanguage: 'en',
      version: '1',
      portalOrigin,
    };
  };

  const jobs = { wakeSigning: async (id: string) => void woken.push(id), wakeRun: async () => undefined };
  const sessions = createFrameSessions({ secrets: store.secrets, clock });
  const change = createChangeSigning({ signings: store.signings, clock, jobs });
  const actions = createOfficeActions({
    signings: store.signings,
    employees: store.employees,
    change,
    jobs,
    track: async (id) => void tracked.push(id),
  });
  const manage = createManageEmployees({ employees: store.employees, files: store.files, portal, clock });
  const render = createRender('test', false);
  const unproven = { admit: async () => undefined, refused: async () => undefined };
  const documentSettings = {
    settings: store.settings,
    agreements: createManageAgreement({
      settings: store.settings,
      pdf,
      clock,
      publicUrl: 'https://sign.example',
    }),
    certificates: createManageCertificate({ certificates: store.certificates, clock }),
    timestamps,
  };
  const deps = {
    ...store,
    render,
    sessions,
    verifyFrame,
    unproven,
    portal,
    clock,
    actions,
    manage,
    documents: documentSettings,
  };

  const app = express();
  app.use(requestContext(store.log));
  app.use('/assets', createAssetRoutes());
  app.use(express.urlencoded({ extended: true }));
  app.use(createAppRoutes(deps), createPlacementRoutes(deps), createOfficeRoutes(deps));
  const counter = { hit: async () => 1 };
  const limits = createRateLimiting({ counter });
  const { issued: issued, signings } = store;
  const certificate = { selfIssued: true, rootPem: ROOT_PEM };
  app.use(createVerifyRoutes({ render, pdf, issued, signings, limits, clock, certificate }));
  app.use(createLegalRoutes({ render }));
  app.use(handleError(render));
  const server: Server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** Opens a page as the portal does: a form post with the person's token. */
  const openFrame = (
    path: string,
    authId: string,
    {
      placement = 'DEFAULT',
      options = {},
      lang = 'en',
    }: { placement?: string; options?: object; lang?: string } = {},
  ) =>
    fetch(`${base}${path}?DOMAIN=127.0.0.1:1&PROTOCOL=0&LANG=${lang}&APP_SID=0123456789abcdef`, {
      method: 'POST',
      body: new URLSearchParams({
        AUTH_ID: authId,
        PLACEMENT: placement,
        PLACEMENT_OPTIONS: JSON.stringify(options),
      }),
    });

  /** Opens a page and gives its session, as its scripts find it. */
  const sessionOf = async (...args: Parameters<typeof openFrame>): Promise<string> => {
    const html = await (await openFrame(...args)).text();
    return /<meta name="session" content="([^"]+)"/.exec(html)?.[1] ?? '';
  };

  /** A request of a page's script. */
  const call = (session: string, path: string, body?: Record<string, string> | FormData) =>
    fetch(`${base}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${session}`, accept: 'application/json' },
      body: body instanceof FormData ? body : body && new URLSearchParams(body),
    });

  return {
    ...store,
    base,
    pdf,
    woken,
    tracked,
    portalUsers,
    documents,
    closedDeals,
    sessions,
    openFrame,
    sessionOf,
    call,
    now: () => now,
    setNow: (at: Date) => void (now = at),
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await store.close();
    },
  };
}

export type OfficeApp = Awaited<ReturnType<typeof startOfficeApp>>;
