import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInstallerRoutes } from '../../installer/routes.ts';
import { robotDefinitions } from '../../robots/index.ts';
import type { Container } from '../container.ts';
import { createAppRoutes } from '../http/app-routes.ts';
import { createAssetRoutes } from '../http/assets.ts';
import type { Mounts } from '../http/create-server.ts';
import { createFrameSessions } from '../http/frame-session.ts';
import { createHealthRoutes } from '../http/health-routes.ts';
import { createLegalRoutes } from '../http/legal-routes.ts';
import { createOfficeRoutes } from '../http/office-routes.ts';
import { createPlacementRoutes } from '../http/placement-routes.ts';
import { createRateLimiting } from '../http/rate-limit.ts';
import { createRender } from '../http/render.ts';
import type { Render } from '../http/render.ts';
import { contextOf } from '../http/request-context.ts';
import { createRobotRoutes } from '../http/robot-routes.ts';
import type { AcceptRobotPost } from '../http/robot-routes.ts';
import { createSignerRoutes } from '../http/signer-routes.ts';
import { createSignerSessions } from '../http/signer-session.ts';
import { createUnprovenPosts } from '../http/unproven-posts.ts';
import { createVerifyRoutes } from '../http/verify-routes.ts';
import { parseRunPost } from '../portal/parse-portal-form.ts';
import type { VerifiedFrame } from '../portal/verify-frame.ts';
import { PortalPostRefused, verifyPortalPost } from '../portal/verify-portal-post.ts';
import { createOfficeActions } from '../signing/office/create-office-actions.ts';
import { createManageAgreement } from '../signing/office/manage-agreement.ts';
import { createManageCertificate } from '../signing/office/manage-certificate.ts';
import { UnreadableRun } from '../signing/runs/accept-run.ts';
import { wireInstaller } from './wire-installer.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Every URL of the app on one screen. */
export function wireHttp(container: Container): { mounts: Mounts; render: Render } {
  const { config, clock, log, jobs, pdf, portal, portals, secrets, tools } = container;
  const { signings, employees, settings, balance, files, issued, changeSigning, signerActions } = container;
  // Outside production a restart brings new assets, since people are changing them.
  const assetVersion = config.production
    ? version
    : createHash('sha256').update(`${Date.now()}`).digest('hex').slice(0, 8);
  const render = createRender(assetVersion, config.production);
  const installer = wireInstaller(container);

  const frames = {
    render,
    sessions: createFrameSessions({ secrets, clock }),
    // Half of what a portal answers in a minute, and far more than the people of one office open pages.
    unproven: createUnprovenPosts('frame', 60, { counter: container.rateCounter, clock }),
    verifyFrame: async (query: unknown, form: unknown) => {
      const frame = await installer.verifyFrame(query, form);
      const { installation, portalLanguage, version: portalVersion } = frame;
      const changed = installation.language !== portalLanguage || installation.version !== portalVersion;
      // Robots carry texts in the portal's language and are gone after an update: bring it to the declared state.
      if (frame.installed && changed)
        await jobs.enqueueEvent({ portalId: installation.id, name: 'ONAPPUPDATE' });
      return frame;
    },
    mayReadDeal: async (frame: VerifiedFrame, dealId: string) => frame.deal?.id === dealId,
  };
  const actions = createOfficeActions({
    signings,
    employees,
    change: changeSigning,
    jobs,
    track: (id) => container.tracking.trackSigning(id),
  });
  const manage = container.manageEmployees;
  const documents = {
    settings,
    agreements: createManageAgreement({ settings, pdf, clock, publicUrl: config.publicUrl }),
    certificates: createManageCertificate({ certificates: container.certificates, clock }),
    timestamps: config.tsaUrls.length > 0,
  };
  const stored = { signings, employees, settings, balance, files };
  const office = { ...frames, ...stored, portal, clock, actions, manage, documents };
  const trusted = {
    certificate: container.certificate,
    anchors: container.trustAnchors,
    registered: () => container.certificates.all(),
  };
  const limits = createRateLimiting({ counter: container.rateCounter });

  const mounts: Mounts = [
    ['/', createHealthRoutes(() => container.store.ping())],
    ['/assets', createAssetRoutes()],
    [
      '/', // /install, /events
      createInstallerRoutes({
        installApp: installer.installApp,
        receiveEvent: installer.receiveEvent,
        later: (event) => jobs.enqueueEvent({ ...event }),
        render,
        unproven: {
          installations: frames.unproven,
          events: createUnprovenPosts('event', 10, { counter: container.rateCounter, clock }),
        },
        referenceOf: (req) => contextOf(req).id,
        http: tools.http,
        publicUrl: config.publicUrl,
        log,
      }),
    ],
    ['/robots', createRobotRoutes(acceptRobotPost(container))],
    ['/', createAppRoutes(office)], // /app
    ['/', createPlacementRoutes(office)], // /placements/deal-tab, /placements/document-button
    ['/', createOfficeRoutes(office)], // /office/…
    [
      '/s', // a signer's page
      createSignerRoutes({
        render,
        actions: signerActions,
        sessions: createSignerSessions({ secrets, clock, publicUrl: config.publicUrl }),
        limits,
        files,
        clock,
        publicUrl: config.publicUrl,
      }),
    ],
    ['/', createVerifyRoutes({ render, pdf, issued, signings, limits, clock, ...trusted })], // /verify
    ['/', createLegalRoutes({ render })], // /terms, /privacy
  ];
  return { mounts, render };

  function acceptRobotPost({ acceptRun }: Container): AcceptRobotPost {
    const codes = new Set(robotDefinitions.map(({ code }) => code));
    return async (code, body) => {
      if (!codes.has(code)) return 'unknown_robot';
      try {
        const form = parseRunPost(body);
        const installation = await verifyPortalPost(portals, form.auth);
        if (form.code !== code) return 'forged';
        await acceptRun(installation.id, code, body as Record<string, unknown>);
        return 'accepted';
      } catch (error) {
        if (!(error instanceof PortalPostRefused) && !(error instanceof UnreadableRun)) throw error;
        log.warn({ robot: code, err: error }, 'robot post refused');
        return 'forged';
      }
    };
  }
}
