import { once } from 'node:events';
import type { Server } from 'node:http';
import express from 'express';
import { createVerifyFrame } from '../../../app/portal/verify-frame.ts';
import { createHandleEvent } from '../../../installer/handle-event.ts';
import { createInstallApp } from '../../../installer/install-app.ts';
import { createReceiveEvent } from '../../../installer/receive-event.ts';
import { createRegisterApp } from '../../../installer/register-app.ts';
import type { RobotDefinition } from '../../../installer/robot-definition.ts';
import { createInstallerRoutes } from '../../../installer/routes.ts';
import { createUninstallApp } from '../../../installer/uninstall-app.ts';
import { createUpdateApp } from '../../../installer/update-app.ts';
import { startStandInPortal } from '../../portal/start.ts';
import type { StandInPortal, StandInPortalOptions } from '../../portal/types.ts';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';
import { APP_CODE, CLIENT, gatewayOn } from '../portal-gateway/open-portal.ts';

const text = (name: string) => ({ en: name, ru: `${name} (ru)` });

export const ROBOTS: readonly RobotDefinition[] = [
  {
    code: 'send_for_signing',
    handlerPath: '/robots/send_for_signing',
    settingsPath: '/placements/robot-settings/send_for_signing',
    name: text('Send for signing'),
    description: text('Sends'),
    properties: {
      document_id: { name: text('Document'), type: 'string', required: true, multiple: true },
      order: {
        name: text('Order'),
        type: 'select',
        options: { parallel: text('Together'), company_first: text('Company first') },
        default: 'parallel',
      },
    },
    returnProperties: { signing_id: { name: text('Signing'), type: 'string' } },
  },
  {
    code: 'check_status',
    handlerPath: '/robots/check_status',
    name: text('Check status'),
    description: text('Checks'),
    properties: { signing: { name: text('Signing'), type: 'string' } },
    returnProperties: { status_code: { name: text('Status'), type: 'int' } },
    documentTypes: [['crm', 'CCrmDocumentDeal']],
  },
];

interface Page {
  readonly status: number;
  readonly frameAncestor?: string;
  readonly ok: boolean;
  readonly domain: string;
  readonly problems: readonly string[];
  readonly appPageUrl: string;
  readonly reference: string;
}

export interface Happened {
  readonly installed: string[];
  readonly stopped: string[];
  readonly purged: string[];
  readonly dealsDeleted: string[];
  readonly documentsAdded: string[];
  readonly actions: Record<string, string>[];
}

/** The installer behind a real server; what is put off runs at once in the background. */
export async function startInstaller(
  store: TestStore,
  portal: StandInPortal,
  publicUrl: string,
  robots = ROBOTS,
) {
  const { portals, clock, log } = store;
  const { bitrix, http, gateway } = gatewayOn(portal, store, { timeoutMs: 2000 });
  const happened: Happened = {
    installed: [],
    stopped: [],
    purged: [],
    dealsDeleted: [],
    documentsAdded: [],
    actions: [],
  };
  const registerApp = createRegisterApp({ gateway, portals, robots, publicUrl, clock, log });
  const verifyFrame = createVerifyFrame({ portals, gateway, bitrix, http, clock, log });
  const onInstalled = async (id: string): Promise<void> => void happened.installed.push(id);
  const proof = { portals, gateway, bitrix, http, clock };
  const installApp = createInstallApp({ ...proof, registerApp, verifyFrame, onInstalled, log });
  const handleEvent = createHandleEvent({
    portals,
    gateway,
    registerApp,
    updateApp: createUpdateApp({ registerApp, log }),
    uninstallApp: createUninstallApp({
      portals,
      stopPortal: async (id) => void happened.stopped.push(id),
      purge: async (id) => void happened.purged.push(id),
      clock,
      log,
    }),
    onInstalled,
    onDealDeleted: async (_id, dealId) => void happened.dealsDeleted.push(dealId),
    onDocumentAdded: async (_id, documentId) => void happened.documentsAdded.push(documentId),
    onTimelineAction: async (_id, action) => void happened.actions.push({ ...action }),
    log,
  });
  const work: Promise<void>[] = [];
  const everybody = { admit: async () => undefined, refused: async () => undefined };
  const routes = createInstallerRoutes({
    installApp,
    receiveEvent: createReceiveEvent({ ...proof, log }),
    later: async (event) => void work.push(handleEvent(JSON.parse(JSON.stringify(event)) as typeof event)),
    render: async (_req, res, view, data, options) =>
      void res.status(options?.status ?? 200).json({ view, ...data, ...options }),
    unproven: { installations: everybody, events: everybody },
    referenceOf: () => 'reference-1',
    http,
    publicUrl,
    log,
  });
  return { routes, happened, gateway, registerApp, verifyFrame, settle: () => Promise.all(work) };
}

/** Stand-in portal, store, and our server with the installer in front of it. */
export async function openInstaller(
  options: StandInPortalOptions & { robots?: readonly RobotDefinition[] } = {},
) {
  const store = await openTestStore();
  const app = express();
  const limits = { extended: true, limit: '1mb', parameterLimit: 5000, depth: 8 };
  app.use(express.urlencoded(limits));
  const server: Server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const portal = await startStandInPortal({
    rateLimit: false,
    appCode: APP_CODE,
    ...CLIENT,
    installerUrl: `${url}/install`,
    appUrl: `${url}/app`,
    ...options,
  });
  const installer = await startInstaller(store, portal, url, options.robots);
  app.use(installer.routes);
  app.use((_error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
    res.sendStatus(500);
  });
  return {
    ...installer,
    store,
    portal,
    url,
    id: portal.memberId,
    /** The administrator's browser opens the installer. */
    async open(): Promise<Page> {
      const answer = await portal.installApp();
      return pageOf(answer?.status ?? 0, answer?.html ?? '');
    },
    /** The events that were sent have arrived and been worked on. */
    async settled(): Promise<void> {
      await portal.settled();
      await installer.settle();
    },
    async close() {
      await portal.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
    },
  };
}

export const pageOf = (status: number, html: string): Page => ({ ...(JSON.parse(html) as Page), status });

export type OpenedInstaller = Awaited<ReturnType<typeof openInstaller>>;
