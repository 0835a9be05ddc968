import { expect } from 'chai';
import { EVENTS } from '../../../installer/declared-state.ts';
import { checkCalls } from '../../portal/check-calls.ts';
import { ROBOTS, openInstaller } from './start-installer.ts';
import type { OpenedInstaller } from './start-installer.ts';

const codes = ROBOTS.map((robot) => robot.code);

describe('portal events', () => {
  let opened: OpenedInstaller;
  beforeEach(async () => {
    opened = await openInstaller();
  });
  afterEach(async () => {
    const violations = checkCalls(opened.portal.calls);
    await opened.close();
    expect(violations).to.deep.equal([]);
  });

  async function install(): Promise<void> {
    await opened.open();
    await opened.portal.finishInstall();
    await opened.settled();
  }

  const stored = () => opened.store.portals.get(opened.id);

  /** `auth` as the queue sends it with an event. */
  function authOf(change: Record<string, string> = {}): Record<string, string> {
    const { portal } = opened;
    const pair = portal.issueToken({ userId: 1 });
    return {
      access_token: pair.accessToken,
      refresh_token: pair.refreshToken,
      domain: portal.domain,
      client_endpoint: portal.clientEndpoint,
      server_endpoint: portal.serverEndpoint,
      member_id: portal.memberId,
      user_id: '1',
      application_token: portal.appState().applicationToken,
      ...change,
    };
  }

  async function send(
    event: string,
    auth: Record<string, string>,
    data: Record<string, string> = {},
  ): Promise<number> {
    const delivery = await opened.portal.postToApp(`${opened.url}/events`, { event, data, auth, ts: '1' });
    await opened.settle();
    return delivery.status;
  }

  describe('first contact', () => {
    const data = { VERSION: '1', ACTIVE: 'Y', INSTALLED: 'Y', LANGUAGE_ID: 'ru' };

    it('when ONAPPINSTALL comes and the installer never ran, expected it proved, stored and registered', async () => {
      const { portal } = opened;
      await portal.installApp({ open: false });
      expect(await send('ONAPPINSTALL', authOf(), data)).to.equal(200);
      expect(await stored()).to.deep.include({
        state: 'active',
        applicationToken: portal.appState().applicationToken,
      });
      expect(portal.appState().robots).to.have.members(codes);
      expect(opened.happened.installed).to.deep.equal([opened.id]);
    });

    it('when ONAPPINSTALL comes before the installer, expected the installer to finish as ever', async () => {
      const { portal } = opened;
      await portal.installApp({ open: false });
      await send('ONAPPINSTALL', authOf(), data);
      const answer = await portal.openFrame('INSTALLER');
      expect(JSON.parse(answer.html)).to.include({ ok: true });
      expect(portal.appState().robots).to.have.members(codes);
      expect(portal.appState().eventHandlers).to.have.length(EVENTS.length);
    });

    it('when the event is forged, expected nothing stored', async () => {
      const { portal, store } = opened;
      await portal.installApp({ open: false });
      const forgeries: Record<string, string>[] = [
        { refresh_token: 'invented' },
        { refresh_token: '' },
        { member_id: 'f'.repeat(32) },
        { member_id: '' },
        { application_token: '' },
        { server_endpoint: 'https://oauth.example.com/rest/' },
        { server_endpoint: 'http://127.0.0.1:9/rest/' },
      ];
      for (const forgery of forgeries) {
        expect(await send('ONAPPINSTALL', authOf(forgery), data), JSON.stringify(forgery)).to.equal(403);
      }
      const user = portal.issueToken({ userId: 12 });
      expect(await send('ONAPPINSTALL', authOf({ refresh_token: user.refreshToken }), data)).to.equal(403);
      expect(await store.portals.list()).to.deep.equal([]);
      expect(portal.appState().robots).to.deep.equal([]);
    });

    it('when the client endpoint is invented, expected the tokens to go where the OAuth server says', async () => {
      await opened.portal.installApp({ open: false });
      const auth = authOf({
        client_endpoint: 'https://attacker.example.com/rest/',
        domain: 'attacker.example.com',
      });
      expect(await send('ONAPPINSTALL', auth, data)).to.equal(200);
      expect((await stored())?.clientEndpoint).to.equal(opened.portal.clientEndpoint);
    });

    it('when the proof cannot be made now, expected 503 and nothing stored', async () => {
      await opened.portal.installApp({ open: false });
      opened.portal.faults.add({ kind: 'bad_gateway', method: 'oauth' });
      expect(await send('ONAPPINSTALL', authOf(), data)).to.equal(503);
      expect(await stored()).to.equal(undefined);
    });

    it('when other events come of an unknown portal, expected 403 and no request', async () => {
      for (const event of ['ONAPPUNINSTALL', 'ONAPPPAYMENT', 'ONCRMDEALDELETE', '', 'ONSOMETHING']) {
        expect(await send(event, authOf())).to.equal(403);
      }
      expect(opened.portal.oauthRequests).to.deep.equal([]);
    });
  });

  describe('installed', () => {
    beforeEach(install);

    it('when a forged event comes, expected 403 and all as it was', async () => {
      const before = await stored();
      for (const event of EVENTS.map((each) => each.event)) {
        expect(
          await send(event, authOf({ application_token: 'forged', refresh_token: '' }), { CLEAN: '1' }),
          event,
        ).to.equal(403);
      }
      for (const event of ['ONAPPINSTALL', 'ONAPPUPDATE']) {
        expect(
          await send(event, authOf({ application_token: 'forged', refresh_token: 'invented' })),
        ).to.equal(403);
      }
      expect(await stored()).to.deep.equal(before);
      expect(opened.happened).to.deep.include({ stopped: [], purged: [], dealsDeleted: [] });
    });

    it('when the token is right but the member id another one, expected 403', async () => {
      expect(await send('ONAPPUNINSTALL', authOf({ member_id: 'a'.repeat(32) }))).to.equal(403);
    });

    it('when an update wipes the robots, expected all registered again under the same codes', async () => {
      const { portal } = opened;
      await portal.updateApp();
      await opened.settled();
      expect(portal.deliveries.at(-1)).to.include({ event: 'ONAPPUPDATE', status: 200 });
      const state = portal.appState();
      expect(state.robots).to.have.members(codes);
      expect(state.eventHandlers).to.have.length(EVENTS.length);
      expect(state.triggers).to.have.length(8);
      expect((await stored())?.version).to.equal('2');
      const answer = await portal.openFrame('DEFAULT');
      expect(JSON.parse(answer.html)).to.include({ view: 'install', ok: true });
      await portal.finishInstall();
      await opened.settled();
      expect(portal.appState()).to.deep.include({ installed: true, robots: state.robots });
    });

    for (const clean of [false, true]) {
      it(`when the app is removed with CLEAN ${clean ? 1 : 0}, expected tokens gone and data ${clean ? 'too' : 'kept'}`, async () => {
        const { portal, happened, id } = opened;
        await portal.uninstallApp({ clean });
        await opened.settled();
        expect(portal.deliveries.at(-1)).to.include({ event: 'ONAPPUNINSTALL', status: 200 });
        expect(happened.stopped).to.deep.equal([id]);
        expect(happened.purged).to.deep.equal(clean ? [id] : []);
        const installation = await stored();
        if (clean) expect(installation).to.equal(undefined);
        else {
          expect(installation).to.include({ state: 'uninstalled', applicationToken: '' });
          expect(installation).not.to.have.property('tokens');
        }
      });
    }

    it('when it was removed, expected the same event again refused and a new installation to work', async () => {
      const { portal } = opened;
      const old = authOf();
      await portal.uninstallApp();
      await opened.settled();
      expect(await send('ONAPPUNINSTALL', old)).to.equal(403);
      expect(await send('ONAPPUNINSTALL', { ...old, application_token: '' })).to.equal(403);
      await install();
      expect(await stored()).to.include({
        state: 'active',
        applicationToken: portal.appState().applicationToken,
      });
      expect(portal.appState().robots).to.have.members(codes);
      expect(await send('ONAPPUNINSTALL', old)).to.equal(403);
    });

    it('when it was installed anew behind our back, expected ONAPPINSTALL to bring tokens and robots', async () => {
      const { portal } = opened;
      await portal.uninstallApp();
      await opened.settle();
      await opened.store.portals.update(opened.id, {
        state: 'active',
        applicationToken: 'old',
        version: '1',
      });
      await portal.installApp({ open: false });
      expect(await send('ONAPPINSTALL', authOf(), { VERSION: '1' })).to.equal(200);
      expect(portal.appState().robots).to.have.members(codes);
    });

    it('when our tokens have died, expected ONAPPUPDATE to bring living ones', async () => {
      const { portal, store, id } = opened;
      const dead = {
        accessToken: 'x',
        refreshToken: 'x',
        userId: '1',
        expiresAt: new Date(Date.now() + 3_600_000),
      };
      await store.portals.update(id, { state: 'needs_reauth', tokens: dead });
      const { requestCount } = portal;
      expect(await send('ONAPPUPDATE', authOf({ refresh_token: 'invented' }), { VERSION: '2' })).to.equal(
        403,
      );
      expect((await stored())?.state).to.equal('needs_reauth');
      expect(await send('ONAPPUPDATE', authOf(), { VERSION: '2' })).to.equal(200);
      expect((await stored())?.state).to.equal('active');
      expect(portal.requestCount - requestCount).to.equal(3);
    });

    it('when a deal is deleted, expected it told', async () => {
      await opened.portal.deleteDeal(77);
      await opened.settled();
      expect(opened.happened.dealsDeleted).to.deep.equal(['77']);
    });

    it('when a document is made, expected it told', async () => {
      const document = await opened.portal.createDocument({ dealId: 77 });
      await opened.settled();
      expect(opened.happened.documentsAdded).to.deep.equal([String(document.id)]);
    });

    it('when a timeline button is pressed, expected what was pressed', async () => {
      expect(await send('onCrmTimelineItemAction', authOf(), { id: 'remind', activityId: '5' })).to.equal(
        200,
      );
      expect(opened.happened.actions).to.deep.equal([{ id: 'remind', activityId: '5' }]);
    });

    it('when payment is told with or without a token, expected the portal asked', async () => {
      const { portal } = opened;
      const { requestCount } = portal;
      expect(await send('ONAPPPAYMENT', authOf(), { STATUS: 'P' })).to.equal(200);
      expect(await send('ONAPPPAYMENT', authOf({ application_token: '' }), { STATUS: 'P' })).to.equal(200);
      expect(portal.requestCount - requestCount).to.equal(2);
    });

    it('when an unknown event or hostile data comes, expected it passed over', async () => {
      expect(await send('ONSOMETHINGNEW', authOf())).to.equal(200);
      expect(await send('ONCRMDEALDELETE', authOf(), { FIELDS: 'x' })).to.equal(200);
      const auth = new URLSearchParams();
      for (const [key, value] of Object.entries(authOf())) auth.set(`auth[${key}]`, value);
      const body = `event[]=ONCRMDEALDELETE&data[__proto__][x]=1&data[constructor]=2&${auth.toString()}`;
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await fetch(`${opened.url}/events`, { method: 'POST', headers, body });
      expect(answer.status).to.equal(200);
      expect(({} as Record<string, unknown>)['x']).to.equal(undefined);
      expect(opened.happened.dealsDeleted).to.deep.equal([]);
    });
  });
});
