import { expect } from 'chai';
import { createVerifyFrame } from '../../../app/portal/verify-frame.ts';
import { checkCalls } from '../../portal/check-calls.ts';
import { startStandInPortal } from '../../portal/start.ts';
import type { StandInPortal } from '../../portal/types.ts';
import { APP_CODE, CLIENT, failureOf, installationOf, openPortal } from './open-portal.ts';
import type { OpenedPortal } from './open-portal.ts';

interface Change {
  readonly query?: Record<string, string>;
  readonly body?: Record<string, unknown>;
}

describe('frame of a portal', () => {
  let opened: OpenedPortal;
  beforeEach(async () => {
    opened = await openPortal({ timeoutMs: 2000 });
  });
  afterEach(async () => {
    const violations = checkCalls(opened.standIn.calls);
    await opened.close();
    expect(violations).to.deep.equal([]);
  });

  function formOf(portal: StandInPortal, userId: number, { query, body }: Change = {}) {
    const pair = portal.issueToken({ userId });
    return [
      { DOMAIN: portal.domain, PROTOCOL: '0', LANG: 'en', APP_SID: 'a'.repeat(32), ...query },
      {
        AUTH_ID: pair.accessToken,
        REFRESH_ID: pair.refreshToken,
        AUTH_EXPIRES: '3600',
        member_id: portal.memberId,
        status: 'F',
        PLACEMENT: 'DEFAULT',
        PLACEMENT_OPTIONS: '[]',
        ...body,
      },
    ] as const;
  }

  function verify(form: readonly [unknown, unknown]) {
    const { gateway, bitrix, http, store } = opened;
    const { portals, clock, log } = store;
    return createVerifyFrame({ portals, gateway, bitrix, http, clock, log })(...form);
  }

  const open = (userId = 12, change: Change = {}) => verify(formOf(opened.standIn, userId, change));
  const refusal = async (change: Change, userId = 12) => (await failureOf(open(userId, change))).code;

  it('when a user opens the app, expected who it is, in one request', async () => {
    const frame = await open(12, {
      body: { PLACEMENT: 'REST_APP_URI', PLACEMENT_OPTIONS: '{"signing":"s-1"}' },
    });
    expect(frame.user).to.deep.include({ id: '12', isAdmin: false, name: 'Мария Соколова' });
    expect(frame).to.deep.include({
      placement: 'REST_APP_URI',
      options: { signing: 's-1' },
      language: 'en',
      installed: true,
      portalOrigin: opened.standIn.url,
      portalLanguage: 'ru',
    });
    expect(frame.installation.id).to.equal(opened.id);
    expect(opened.standIn.requestCount).to.equal(1);
    expect((await open(1)).user.isAdmin).to.equal(true);
  });

  it('when a deal is in the options, expected it only for a user who may read it', async () => {
    const tab = (ID: string) => ({
      body: { PLACEMENT: 'CRM_DEAL_DETAIL_TAB', PLACEMENT_OPTIONS: JSON.stringify({ ID }) },
    });
    expect((await open(19, tab('77'))).deal).to.deep.equal({ id: '77', title: 'Поставка оборудования' });
    expect((await open(19, tab('78'))).deal).to.equal(undefined);
    expect((await open(19, tab('78 OR 1'))).deal).to.equal(undefined);
    expect((await open(1, tab('99999'))).deal).to.equal(undefined);
    const button = {
      PLACEMENT: 'CRM_DEAL_DOCUMENTGENERATOR_BUTTON',
      PLACEMENT_OPTIONS: '{"ENTITY_ID":"77"}',
    };
    expect((await open(19, { body: button })).deal).to.have.property('id', '77');
  });

  it('when the form is incomplete, hostile, or names a host that is never called, expected bad_form', async () => {
    for (const DOMAIN of [
      '',
      '10.0.0.1',
      '127.0.0.1:1@evil.example.com',
      'evil.example.com/rest',
      'a b',
      '::1',
    ]) {
      expect(await refusal({ query: { DOMAIN, PROTOCOL: '1' } }), DOMAIN).to.equal('bad_form');
    }
    expect(await refusal({ query: { DOMAIN: 'acme.example.com', PROTOCOL: '0' } })).to.equal('bad_form');
    expect(await refusal({ body: { AUTH_ID: ['x'] } })).to.equal('bad_form');
    expect(await refusal({ body: { member_id: { $ne: '' } } })).to.equal('bad_form');
    expect(opened.standIn.requestCount).to.equal(0);
  });

  it('when the token is invented, expired, or no application’s, expected not_verified', async () => {
    expect(await refusal({ body: { AUTH_ID: 'invented' } })).to.equal('not_verified');
    const { accessToken } = opened.standIn.issueToken();
    opened.standIn.expireToken(accessToken);
    expect(await refusal({ body: { AUTH_ID: accessToken } })).to.equal('not_verified');
    const webhook = opened.standIn.issueToken({ context: 'webhook' });
    expect(await refusal({ body: { AUTH_ID: webhook.accessToken } })).to.equal('not_verified');
  });

  it('when the token was given to another app, expected not_verified', async () => {
    const { standIn } = opened;
    standIn.registerApp({
      code: 'other.app',
      clientId: 'app.other',
      clientSecret: 's',
      scope: 'crm',
      appUrl: standIn.url,
    });
    await standIn.installApp({ app: 'other.app', open: false });
    const { accessToken } = standIn.issueToken({ app: 'other.app' });
    expect(await refusal({ body: { AUTH_ID: accessToken } })).to.equal('not_verified');
  });

  it('when the app is not installed there, expected not_installed', async () => {
    const { store, id } = opened;
    expect(await refusal({ body: { member_id: 'f'.repeat(32) } })).to.equal('not_installed');
    await store.portals.update(id, { state: 'uninstalled' });
    expect(await refusal({})).to.equal('not_installed');
  });

  it('when the portal does not answer, expected portal_unavailable', async () => {
    opened.standIn.faults.add({ kind: 'bad_gateway' });
    expect(await refusal({})).to.equal('portal_unavailable');
  });

  describe('with two portals', () => {
    let other: StandInPortal;
    beforeEach(async () => {
      other = await startStandInPortal({
        oauth: opened.standIn.oauth,
        rateLimit: false,
        appCode: APP_CODE,
        ...CLIENT,
        appUrl: 'http://127.0.0.1:9/app',
      });
      await other.installApp({ open: false });
      await opened.store.portals.save(installationOf(other, new Date()));
    });
    afterEach(() => other.close());

    it('when a user of one names the other’s member id, expected not_verified and both as they were', async () => {
      const { store, standIn } = opened;
      const before = await store.portals.list();
      // His own host with the other's member id, the other's host with his token, both the other's with his token.
      const own = formOf(other, 1);
      const forgeries = [
        [own[0], { ...own[1], member_id: standIn.memberId }],
        [{ ...own[0], DOMAIN: standIn.domain }, own[1]],
        [
          { ...own[0], DOMAIN: standIn.domain },
          { ...own[1], member_id: standIn.memberId },
        ],
      ] as const;
      for (const forgery of forgeries)
        expect((await failureOf(verify(forgery))).code).to.equal('not_verified');
      expect(await store.portals.list()).to.deep.equal(before);
    });

    it('when the portal was renamed, expected the new host after one proof, then no more', async () => {
      const { store, standIn, id } = opened;
      await store.portals.update(id, {
        domain: 'old.example.com',
        clientEndpoint: 'https://old.example.com/rest/',
      });
      const frame = await open();
      expect(frame.user.id).to.equal('12');
      expect(frame.installation).to.include({
        domain: standIn.domain,
        clientEndpoint: standIn.clientEndpoint,
      });
      const proofs = standIn.oauthRequests.length;
      await open();
      expect(standIn.oauthRequests).to.have.length(proofs);
    });
  });

  describe('after the tokens died', () => {
    beforeEach(async () => {
      const { store, gateway, id } = opened;
      const dead = {
        accessToken: 'dead',
        refreshToken: 'dead',
        userId: '7',
        expiresAt: new Date(Date.now() + 3_600_000),
      };
      await store.portals.update(id, { tokens: dead });
      await failureOf(gateway.call(id, 'profile'));
      expect((await store.portals.get(id))?.state).to.equal('needs_reauth');
    });

    it('when an ordinary user opens the app, expected the page and the state kept', async () => {
      expect((await open(12)).installation.state).to.equal('needs_reauth');
    });

    it('when an administrator opens the app, expected the tokens replaced and calls working', async () => {
      const { gateway, store, id } = opened;
      expect((await open(1)).installation.state).to.equal('active');
      expect((await store.portals.get(id))?.tokens?.userId).to.equal('1');
      expect(await gateway.call(id, 'profile')).to.have.property('ADMIN', true);
    });

    it('when somebody names this portal with the token of nobody, expected the state kept', async () => {
      expect(await refusal({ body: { AUTH_ID: 'invented', REFRESH_ID: 'invented' } })).to.equal(
        'not_verified',
      );
      expect((await opened.store.portals.get(opened.id))?.state).to.equal('needs_reauth');
    });
  });
});
