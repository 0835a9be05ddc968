/* eslint-disable @typescript-eslint/no-explicit-any -- answers are looked at, not modelled */
import { expect } from 'chai';
import { startStandInPortal } from '../../portal/start.ts';
import { startFixture, type Fixture } from './support/portal-fixture.ts';

describe('stand-in portal: installation and life of an app', () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await startFixture({ installed: false });
  });
  afterEach(() => fixture.close());

  it('when an admin installs, expected the installer frame, then exactly one ONAPPINSTALL', async () => {
    const { portal, app, call } = fixture;
    const frame = await portal.installApp();
    expect(frame?.status).to.equal(200);
    expect(frame?.frameName).to.equal(`${portal.domain}|0|${frame?.sid}`);
    const hit = app.hitsOf('/install')[0];
    expect(hit?.query).to.deep.include({
      DOMAIN: portal.domain,
      PROTOCOL: '0',
      LANG: 'ru',
      APP_SID: frame?.sid,
    });
    expect(hit?.body).to.include({ PLACEMENT: 'DEFAULT', status: 'F', member_id: portal.memberId });
    expect(hit?.body['REFRESH_ID']).to.match(/^[0-9a-f]{70}$/);
    expect((await call('app.info')).body.result.INSTALLED).to.equal(false);
    await portal.finishInstall();
    await portal.finishInstall();
    const events = app.hitsOf('/events');
    expect(events.map((one) => one.body['event'])).to.deep.equal(['ONAPPINSTALL']);
    expect(events[0]?.body['auth']).to.include.keys('refresh_token', 'application_token');
    expect(portal.appState().robots).to.deep.equal(['sign_it']);
  });

  it('when the app is updated, expected robots and handlers gone and the installer shown again', async () => {
    const { portal, app } = fixture;
    await portal.installApp();
    await portal.finishInstall();
    await fixture.call('event.bind', { event: 'ONAPPUPDATE', handler: `${app.url}/events` });
    await portal.updateApp({ version: 4 });
    expect(portal.appState()).to.deep.include({
      installed: false,
      version: 4,
      robots: [],
      eventHandlers: [],
    });
    expect(app.hitsOf('/events').at(-1)?.body['data']).to.include({ VERSION: '4', PREVIOUS_VERSION: '1' });
    const run = await portal.runRobot('sign_it', { dealId: 77 });
    expect(run.state).to.equal('error');
    await portal.openFrame('CRM_DEAL_DETAIL_TAB', { ID: 77 });
    expect(app.hitsOf('/install')).to.have.length(2);
    expect(portal.appState().robots).to.deep.equal(['sign_it']);
    const refused = await portal.openFrame('DEFAULT', {}, 12).catch((error: Error) => error.message);
    expect(refused).to.contain('not installed');
  });

  it('when the app is uninstalled, expected an event without tokens and dead tokens', async () => {
    const { portal, app, call } = fixture;
    await portal.installApp();
    await portal.finishInstall();
    await call('event.bind', { event: 'ONAPPUNINSTALL', handler: `${app.url}/events` });
    await call('app.option.set', { options: { a: '1' } });
    const token = portal.issueToken();
    await portal.uninstallApp({ clean: false });
    const { body } = app.hit('/events', -1);
    expect(body['data']).to.deep.equal({ LANGUAGE_ID: 'ru', CLEAN: '0' });
    expect(Object.keys(body['auth'] as object).toSorted()).to.deep.equal([
      'application_token',
      'client_endpoint',
      'domain',
      'member_id',
      'server_endpoint',
    ]);
    expect((await call('profile', {}, token.accessToken)).body.error).to.equal('NO_AUTH_FOUND');
    const refresh = await fetch(`${portal.oauthUrl}/oauth/token/`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: app.descriptor.clientId,
        client_secret: app.descriptor.clientSecret,
        refresh_token: token.refreshToken,
      }),
    });
    expect(((await refresh.json()) as any).error).to.equal('invalid_client');
    expect(portal.appState().options).to.deep.equal({ a: '1' });
  });

  it('when a token is refreshed, expected a new pair, the OAuth host as domain, and the old one used up', async () => {
    const { portal, app } = fixture;
    await portal.installApp({ open: false });
    const token = portal.issueToken();
    const refresh = () =>
      fetch(
        `${portal.oauthUrl}/oauth/token/?${new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: app.descriptor.clientId,
          client_secret: app.descriptor.clientSecret,
          refresh_token: token.refreshToken,
        }).toString()}`,
      );
    const first = (await (await refresh()).json()) as any;
    expect(first).to.include({
      member_id: portal.memberId,
      client_endpoint: portal.clientEndpoint,
      user_id: 1,
    });
    expect(first.domain).to.equal(new URL(portal.oauthUrl).host);
    const second = await refresh();
    expect([second.status, ((await second.json()) as any).error]).to.deep.equal([400, 'invalid_grant']);
    const info = await fetch(`${portal.oauthUrl}/rest/app.info?auth=${first.access_token}`);
    expect(((await info.json()) as any).result.install.uri).to.equal(portal.url);
    portal.advance(3_600_000);
    expect((await fixture.call('profile', {}, first.access_token)).body.error).to.equal('expired_token');
  });

  it('when an event or placement is bound twice, expected ERROR_CORE; unknown names their own code', async () => {
    const { call, app, portal } = fixture;
    await portal.installApp({ open: false });
    const handler = `${app.url}/events`;
    const event = () => call('event.bind', { event: 'ONCRMDEALDELETE', handler });
    expect((await event()).body.result).to.equal(true);
    expect((await event()).body.error).to.equal('ERROR_CORE');
    expect((await call('event.bind', { event: 'ONNOTHING', handler })).body.error).to.equal(
      'ERROR_EVENT_NOT_FOUND',
    );
    const place = (PLACEMENT: string, HANDLER = handler) => call('placement.bind', { PLACEMENT, HANDLER });
    expect((await place('REST_APP_URI')).body.result).to.equal(true);
    expect((await place('REST_APP_URI')).body.error).to.equal('ERROR_CORE');
    expect((await place('REST_APP_URI', `${handler}2`)).body.error).to.equal('ERROR_PLACEMENT_MAX_COUNT');
    expect((await place('NOWHERE')).body.error).to.equal('ERROR_PLACEMENT_NOT_FOUND');
    const deleted = portal.deleteDeal(80);
    await deleted;
    expect(app.hitsOf('/events'), 'not installed: no events').to.have.length(0);
  });

  it('when two portals share an OAuth server, expected tokens to work on their own portal only', async () => {
    const { portal, app, call } = fixture;
    await portal.installApp({ open: false });
    const second = await startStandInPortal({ oauth: portal.oauth, seed: 'empty', lang: 'en' });
    second.registerApp(app.descriptor);
    await second.installApp({ open: false });
    const { accessToken } = second.issueToken();
    expect((await call('profile', {}, accessToken)).body.error).to.equal('NO_AUTH_FOUND');
    expect(second.oauthUrl).to.equal(portal.oauthUrl);
    expect(second.memberId).to.not.equal(portal.memberId);
    await second.close();
  });
});
