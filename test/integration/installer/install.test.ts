import { expect } from 'chai';
import { EVENTS, PLACEMENTS, TRIGGERS } from '../../../installer/declared-state.ts';
import { checkCalls } from '../../portal/check-calls.ts';
import { startStandInPortal } from '../../portal/start.ts';
import { CLIENT } from '../portal-gateway/open-portal.ts';
import { ROBOTS, openInstaller, pageOf } from './start-installer.ts';
import type { OpenedInstaller } from './start-installer.ts';

const codes = ROBOTS.map((robot) => robot.code);

describe('installer', () => {
  let opened: OpenedInstaller;
  beforeEach(async () => {
    opened = await openInstaller();
  });
  afterEach(async () => {
    const violations = checkCalls(opened.portal.calls);
    await opened.close();
    expect(violations).to.deep.equal([]);
  });

  const post = async (
    fields: Record<string, string | undefined>,
    query: Record<string, string | undefined> = {},
  ) => {
    const answer = await opened.portal.openFrame('INSTALLER', {}, 1, { fields, query });
    return pageOf(answer.status, answer.html);
  };

  /** Nothing is stored of the portal, and nothing registered on it. */
  async function expectNothing(): Promise<void> {
    expect(await opened.store.portals.list()).to.deep.equal([]);
    expect(opened.portal.appState().robots).to.deep.equal([]);
    expect(opened.portal.appState().eventHandlers).to.deep.equal([]);
  }

  it('when an administrator opens it, expected all registered in three requests, and one to the OAuth server', async () => {
    const { portal, store, id, url } = opened;
    const page = await opened.open();
    expect(page).to.include({ status: 200, ok: true, domain: portal.domain, appPageUrl: `${url}/app` });
    expect(page.frameAncestor).to.equal(portal.url);
    expect(page.problems).to.deep.equal([]);
    const state = portal.appState();
    expect(state.robots).to.have.members(codes);
    expect(state.placements.map((each) => each.placement)).to.include.members(
      PLACEMENTS.map((each) => each.placement),
    );
    expect(state.eventHandlers.map((each) => each.event)).to.have.members(
      EVENTS.map(({ event }) => event.toUpperCase()),
    );
    expect(state.eventHandlers.every((each) => each.handler === `${url}/events`)).to.equal(true);
    expect(state.triggers.map((each) => each.code)).to.have.members([...TRIGGERS]);
    expect(portal.requestCount).to.equal(3);
    expect(portal.oauthRequests).to.have.length(1);
    const stored = await store.portals.get(id);
    expect(stored).to.deep.include({
      state: 'active',
      domain: portal.domain,
      applicationToken: state.applicationToken,
      language: 'ru',
      version: '1',
      features: { robots: true, activities: true },
    });
    expect(stored?.tokens?.userId).to.equal('1');
    expect(opened.happened.installed).to.deep.equal([id]);
  });

  it('when it is finished, expected the event taken and nothing registered twice', async () => {
    const { portal } = opened;
    await opened.open();
    const { requestCount } = portal;
    await portal.finishInstall();
    await opened.settled();
    expect(portal.deliveries.map((each) => [each.event, each.status])).to.deep.equal([['ONAPPINSTALL', 200]]);
    expect(portal.requestCount).to.equal(requestCount);
  });

  it('when it is run twice, expected no duplicates, robots updated', async () => {
    const { portal } = opened;
    await opened.open();
    const first = portal.appState();
    portal.clearCalls();
    expect((await opened.open()).ok).to.equal(true);
    const second = portal.appState();
    expect({ ...second, applicationToken: '' }).to.deep.equal({ ...first, applicationToken: '' });
    const methods = portal.calls.map((call) => call.method);
    expect(methods.filter((method) => method === 'bizproc.robot.update')).to.have.length(codes.length);
    expect(methods).not.to.include.members(['bizproc.robot.add']);
    expect(methods).not.to.include('event.bind');
    expect(methods).not.to.include('placement.bind');
    expect(portal.calls.every((call) => call.error === undefined)).to.equal(true);
  });

  it('when the page is loaded again with the same form, expected it registered again', async () => {
    const { portal } = opened;
    await portal.installApp({ open: false });
    const answer = await portal.openFrame('INSTALLER', {}, 1);
    expect(answer.status).to.equal(200);
    const again = await fetch(answer.url, { method: 'POST', body: new URLSearchParams(answer.fields) });
    expect(await again.json()).to.include({ ok: true });
  });

  it('when robots are no longer shipped or wiped, expected them deleted and added', async () => {
    const { portal, id, gateway, registerApp } = opened;
    await opened.open();
    await gateway.call(id, 'bizproc.robot.add', {
      CODE: 'old_robot',
      HANDLER: `${opened.url}/robots/old`,
      NAME: 'Old',
      USE_SUBSCRIPTION: 'Y',
    });
    await gateway.call(id, 'bizproc.robot.delete', { CODE: 'check_status' });
    await gateway.call(id, 'event.bind', {
      event: 'ONCRMDEALUPDATE',
      handler: 'https://old.example.com/events',
    });
    await registerApp(id);
    expect(portal.appState().robots).to.have.members(codes);
    expect(portal.appState().eventHandlers).to.have.length(EVENTS.length);
  });

  it('when the language of the portal changes, expected options and triggers registered in it', async () => {
    const { portal, id, registerApp, store } = opened;
    await opened.open();
    const nameOf = () => portal.appState().triggers.find((each) => each.code === 'signing_sent')?.name;
    expect(nameOf()).to.equal('Подписание: отправлено');
    portal.lang = 'en';
    await registerApp(id);
    expect(nameOf()).to.equal('Signing: sent');
    expect((await store.portals.get(id))?.language).to.equal('en');
    const update = portal.calls.findLast(
      (call) => call.method === 'bizproc.robot.update' && call.params['CODE'] === codes[0],
    );
    expect(update?.params).to.have.nested.property('FIELDS.PROPERTIES.order.Options.parallel', 'Together');
  });

  it('when the tariff has no automation, expected installation without robots, and a word about it', async () => {
    const { portal, store, id } = opened;
    portal.tariff = { bizproc: false, automation: false };
    const page = await opened.open();
    expect(page).to.include({ status: 200, ok: true });
    expect(page.problems).to.have.length(1);
    expect((await store.portals.get(id))?.features).to.deep.equal({ robots: false, activities: false });
    expect(portal.appState().robots).to.deep.equal([]);
    portal.tariff = { bizproc: false, automation: true };
    await opened.registerApp(id);
    expect((await store.portals.get(id))?.features).to.deep.equal({ robots: true, activities: false });
    expect(portal.appState().robots).to.have.members(codes);
  });

  it('when an optional thing is refused, expected the rest; when an essential one is, expected not ok', async () => {
    const { portal } = opened;
    portal.faults.add({
      kind: 'error',
      code: 'ERROR_CORE',
      method: 'crm.automation.trigger.add',
      times: TRIGGERS.length,
    });
    expect((await opened.open()).ok).to.equal(true);
    portal.faults.clear();
    portal.faults.add({
      kind: 'error',
      code: 'ERROR_ACTIVITY_VALIDATION_FAILURE',
      method: 'bizproc.robot.update',
    });
    const page = await opened.open();
    expect(page).to.include({ ok: false, status: 502, reference: 'reference-1' });
    expect(page.problems.join()).to.contain('ERROR_ACTIVITY_VALIDATION_FAILURE');
  });

  it('when a batch refuses a method, expected it called alone', async () => {
    const { portal } = opened;
    portal.faults.add({
      kind: 'error',
      code: 'ERROR_BATCH_METHOD_NOT_ALLOWED',
      method: 'crm.automation.trigger.add',
      times: TRIGGERS.length,
    });
    expect((await opened.open()).ok).to.equal(true);
    expect(portal.appState().triggers).to.have.length(TRIGGERS.length);
  });

  it('when the answer to the registration gets lost, expected it looked at again and completed', async () => {
    const { portal } = opened;
    portal.faults.add({ kind: 'answer_lost', method: 'bizproc.robot.add' });
    expect((await opened.open()).ok).to.equal(true);
    expect(portal.appState().robots).to.have.members(codes);
    expect(portal.appState().eventHandlers).to.have.length(EVENTS.length);
  });

  it('when the portal is an older one without token and server in the form, expected it installed', async () => {
    await opened.close();
    opened = await openInstaller({ olderPortal: true });
    expect((await opened.open()).ok).to.equal(true);
    expect((await opened.store.portals.get(opened.id))?.applicationToken).to.equal('');
    await opened.portal.finishInstall();
    await opened.settled();
    const stored = await opened.store.portals.get(opened.id);
    expect(stored?.applicationToken).to.equal(opened.portal.appState().applicationToken);
  });

  describe('forged', () => {
    beforeEach(async () => {
      await opened.portal.installApp({ open: false });
    });

    it('when the refresh token is invented, expected refusal', async () => {
      expect(await post({ REFRESH_ID: 'invented' })).to.include({ ok: false, status: 409 });
      await expectNothing();
    });

    it('when fields are missing or no text, expected refusal', async () => {
      expect(await post({ REFRESH_ID: undefined })).to.include({ ok: false, status: 400 });
      expect(await post({ member_id: undefined })).to.include({ ok: false, status: 400 });
      const body = 'REFRESH_ID[a]=1&member_id[]=2&__proto__[x]=1&AUTH_ID=';
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await fetch(`${opened.url}/install?DOMAIN=a.b`, { method: 'POST', headers, body });
      expect(answer.status).to.equal(400);
      await expectNothing();
    });

    it('when the token is of another app, expected refusal', async () => {
      const { portal } = opened;
      const other = {
        code: 'other.app',
        clientId: 'app.other',
        clientSecret: 's',
        scope: 'crm',
        appUrl: `${opened.url}/x`,
      };
      portal.registerApp(other);
      await portal.installApp({ app: 'other.app', open: false });
      const pair = portal.issueToken({ app: 'other.app' });
      expect(await post({ AUTH_ID: pair.accessToken, REFRESH_ID: pair.refreshToken })).to.include({
        ok: false,
      });
      await expectNothing();
    });

    it('when the app answers with another code, expected refusal', async () => {
      const { portal } = opened;
      await opened.close();
      opened = await openInstaller({ appCode: 'acme.other' });
      await opened.portal.installApp({ open: false });
      expect(await post({})).to.include({ ok: false, status: 403 });
      expect(portal).not.to.equal(opened.portal);
      await expectNothing();
    });

    it('when the member id is another portal’s, expected refusal', async () => {
      expect(await post({ member_id: 'f'.repeat(32) })).to.include({ ok: false, status: 403 });
      await expectNothing();
    });

    it('when a user of one portal names another as his own, expected both as they were', async () => {
      const { portal, store } = opened;
      const other = await startStandInPortal({
        oauth: portal.oauth,
        appCode: 'acme.countersign',
        ...CLIENT,
        appUrl: opened.url,
        rateLimit: false,
      });
      try {
        await other.installApp({ open: false });
        const pair = other.issueToken({ userId: 1 });
        expect(await post({ AUTH_ID: pair.accessToken, REFRESH_ID: pair.refreshToken })).to.include({
          ok: false,
          status: 403,
        });
        expect(await store.portals.list()).to.deep.equal([]);
      } finally {
        await other.close();
      }
    });

    it('when the OAuth server is not on the list, expected the secret not sent there', async () => {
      expect(await post({ SERVER_ENDPOINT: 'https://oauth.example.com/rest/' })).to.include({
        ok: false,
        status: 403,
      });
      expect(opened.portal.oauthRequests).to.deep.equal([]);
      await expectNothing();
    });

    it('when the host is private, has credentials, or is none, expected no request at all', async () => {
      const { portal } = opened;
      for (const domain of [
        '10.0.0.1',
        '169.254.169.254',
        'user:pw@acme.example.com',
        'acme.example.com/x',
        '[::1]',
        'localhost.',
        '',
      ]) {
        const answer = await post({}, { DOMAIN: domain, PROTOCOL: '1' });
        expect(answer, domain).to.include({ ok: false, status: 400 });
        expect(answer).not.to.have.property('frameAncestor');
      }
      expect(portal.requestCount).to.equal(0);
      expect(portal.oauthRequests).to.deep.equal([]);
    });

    it('when the user is no administrator, expected refusal', async () => {
      const pair = opened.portal.issueToken({ userId: 12 });
      expect(await post({ AUTH_ID: pair.accessToken, REFRESH_ID: pair.refreshToken })).to.include({
        ok: false,
        status: 403,
      });
      await expectNothing();
    });

    it('when the OAuth server does not answer, expected "try again" and nothing stored', async () => {
      opened.portal.faults.add({ kind: 'bad_gateway', method: 'oauth' });
      expect(await post({})).to.include({ ok: false, status: 503 });
      await expectNothing();
    });
  });

  it('when handlers are probed with HEAD, expected 200', async () => {
    for (const path of ['/install', '/events']) {
      expect((await fetch(opened.url + path, { method: 'HEAD' })).status).to.equal(200);
    }
  });
});
