import express from 'express';
import { stateOf } from './app-registry.ts';
import { beginInstall, finishInstall, uninstallApp, updateApp } from './app-actions.ts';
import { createMovableClock } from './clock.ts';
import type { PortalContext } from './context.ts';
import { createContext } from './create-context.ts';
import { createDocument, deleteDeal, updateItem } from './deal-actions.ts';
import { postFrame, prepareFrame } from './frame-post.ts';
import { closeServer, listen } from './http-server.ts';
import { startOAuthServer } from './oauth-server.ts';
import { createPages } from './pages/routes.ts';
import { pressButton } from './press-button.ts';
import { createDispatcher } from './rest/dispatcher.ts';
import { seedCrm } from './seed/crm.ts';
import { seedDocuments } from './seed/documents.ts';
import type { AppRef, StandInPortal, StandInPortalOptions } from './types.ts';

/** Starts a stand-in portal on loopback; see README.md. */
export async function startStandInPortal(options: StandInPortalOptions = {}): Promise<StandInPortal> {
  const clock = options.oauth && !options.clock ? options.oauth.clock : createMovableClock(options.clock);
  const oauth = options.oauth ?? (await startOAuthServer({ clock, port: options.oauthPort }));
  const app = express();
  app.disable('x-powered-by');
  const http = await listen(app, options.port ?? 0);
  const { port } = http.address() as { port: number };
  const context = createContext(options, { port, clock, oauth });
  oauth.attach({
    memberId: context.memberId,
    clientEndpoint: context.clientEndpoint,
    portalUrl: context.url,
    faults: context.faults,
    findApp(clientId) {
      const found = context.apps.byClientId(clientId);
      return found && { descriptor: found.descriptor, present: found.present };
    },
  });
  if (options.seed !== 'empty') {
    seedCrm(context.crm, clock.now());
    await seedDocuments(context);
  }
  app.use(
    '/rest',
    express.text({ type: () => true, limit: '200mb' }),
    createDispatcher(context, options.rateLimit),
  );
  app.use(createPages(context));

  const portal = programmaticApi(context, async () => {
    context.queue.close();
    oauth.detach(context.memberId);
    await closeServer(http);
    if (!options.oauth) await oauth.close();
  });
  if (options.clientId && options.clientSecret) {
    portal.registerApp({
      code: options.appCode ?? options.clientId,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      scope: options.scope ?? 'crm,bizproc,placement,im,user_basic',
      name: options.appName,
      installerUrl: options.installerUrl,
      appUrl: options.appUrl ?? options.installerUrl ?? 'http://127.0.0.1:9/',
    });
  }
  return portal;
}

function programmaticApi(context: PortalContext, close: () => Promise<void>): StandInPortal {
  const { apps, queue, recorder, oauth, clock } = context;
  const appOf = (ref?: AppRef) => apps.byRef(ref);
  return {
    url: context.url,
    domain: context.domain,
    oauthUrl: oauth.url,
    memberId: context.memberId,
    clientEndpoint: context.clientEndpoint,
    serverEndpoint: oauth.serverEndpoint,
    oauth,
    clock,
    faults: context.faults,
    crm: context.crm,
    close,
    advance: (ms) => clock.advance(ms),
    get tariff() {
      return context.tariff;
    },
    set tariff(value) {
      context.tariff = value;
    },
    get lang() {
      return context.lang;
    },
    set lang(value) {
      context.lang = value;
    },

    registerApp: (descriptor) => void apps.register(descriptor),
    async installApp({ app: ref, userId = 1, open = true } = {}) {
      const app = appOf(ref);
      beginInstall(context, app, userId);
      if (!open) return null;
      return postFrame(prepareFrame(context, { placement: 'INSTALLER', userId, app }));
    },
    finishInstall: ({ app, userId = 1 } = {}) => finishInstall(context, appOf(app), userId),
    updateApp: ({ app, version, userId = 1 } = {}) => updateApp(context, appOf(app), { version, userId }),
    uninstallApp: ({ app, clean = false } = {}) => uninstallApp(context, appOf(app), { clean }),
    async openFrame(placement, options, userId = 1, extra = {}) {
      const { handler, lang } = extra;
      const app = appOf(extra.app);
      return postFrame(prepareFrame(context, { placement, options, userId, app, handler, lang }), extra);
    },
    issueToken({ userId = 1, app: ref, context: kind = 'app' } = {}) {
      const app = appOf(ref);
      const { accessToken, refreshToken, expires } = oauth.tokens.issue({
        userId,
        memberId: context.memberId,
        clientId: kind === 'app' ? app.descriptor.clientId : '',
        scope: [...app.scopes].join(','),
      });
      return { accessToken, refreshToken, expires, userId };
    },
    expireToken: (accessToken) => oauth.tokens.expire(accessToken),
    killUser(userId) {
      const user = context.users.get(userId);
      if (user) user.active = false;
      oauth.tokens.revoke((one) => one.userId === userId && one.memberId === context.memberId);
    },
    appState: (ref) => stateOf(appOf(ref)),

    runRobot: (code, options) => context.workflows.run(code, options),
    workflows: context.workflows.runs,
    sendEvent: (event, data, { userId, app, fields } = {}) =>
      queue.fire(event, data, { userId, app: app === undefined ? undefined : appOf(app), fields }),
    postToApp: (url, fields) => queue.post(url, fields),
    deliveries: queue.deliveries,
    settled: () => queue.settled(),
    async changeStage(dealId, stageId, userId = 1) {
      updateItem(context, { entityTypeId: 2, id: dealId, fields: { stageId }, userId });
      await queue.settled();
    },
    async deleteDeal(dealId, userId = 1) {
      deleteDeal(context, dealId, userId);
      await queue.settled();
    },
    moveOnTrigger: (code, stageId) => void context.triggers.moves.set(code, stageId),

    timeline: (dealId) => context.timeline.of(2, dealId),
    activities: (dealId) =>
      context.timeline
        .activities()
        .filter((one) => dealId === undefined || (one.ownerTypeId === 2 && one.ownerId === dealId)),
    notifications: (userId) => context.notifications.of(userId),
    documents: (dealId) =>
      context.documents
        .all()
        .filter((one) => dealId === undefined || (one.entityTypeId === 2 && one.entityId === dealId)),
    triggersFired: context.triggers.fired,
    get uploadedFiles() {
      return context.files.uploaded();
    },
    createDocument: (options) => createDocument(context, options),
    addDiskFile: (file) => context.files.store({ ...file, source: 'portal' }),
    setDealFile(dealId, field, file) {
      const stored = context.files.store({ ...file, source: 'portal' });
      context.crm.update(2, dealId, { [field]: stored.id });
      return stored;
    },
    async pressButton(activityId, buttonId, userId = 1) {
      const effect = pressButton(context, { activityId, buttonId, userId });
      if (effect.kind === 'event') await queue.settled();
      return effect.kind === 'frame' ? postFrame(effect.frame) : null;
    },

    calls: recorder.calls,
    get requestCount() {
      return recorder.requests;
    },
    oauthRequests: oauth.requests,
    clearCalls: () => recorder.clear(),
    saveCalls: (file) => recorder.save(file),
  };
}
