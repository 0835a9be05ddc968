import { expect } from 'chai';
import { startStandInPortal } from '../../portal/start.ts';
import type { StandInPortal } from '../../portal/types.ts';
import { openStage, registerOn } from '../../support/run-app.ts';
import type { Stage } from '../../support/run-app.ts';

/** What a flood's first minute may cost the others: the portal answers two requests a second. */
const PATIENCE_MS = 10_000;
let addresses = 0;

describe('posts that were invented', function () {
  this.timeout(40_000);
  let stage: Stage;
  let other: StandInPortal;
  before(async () => {
    stage = await openStage({ env: { TRUST_PROXY: '127.0.0.1' } });
    other = await startStandInPortal({ oauth: stage.portal.oauth, rateLimit: false });
    registerOn(other, stage.url);
    await other.installApp();
    await other.finishInstall();
  });
  after(async () => {
    await other.close();
    await stage.close();
  });

  beforeEach(async () => {
    await stage.app.container.store.db.collection('portal_budgets').deleteMany({});
  });

  /** Each test is somebody else's. */
  const newAddress = (): string => `198.51.100.${++addresses}`;
  const post = (path: string, from: string, fields: Record<string, string>): Promise<Response> =>
    fetch(`${stage.url}${path}`, {
      method: 'POST',
      headers: { 'X-Forwarded-For': from },
      body: new URLSearchParams(fields),
    });
  const frame = (from: string, fields: Record<string, string>, path = '/app') =>
    post(`${path}?DOMAIN=${stage.portal.domain}&PROTOCOL=0&LANG=en&APP_SID=a`, from, {
      member_id: stage.portal.memberId,
      ...fields,
    });
  const genuine = (from: string, userId = 1) => {
    const { accessToken, refreshToken } = stage.portal.issueToken({ userId });
    return frame(from, { AUTH_ID: accessToken, REFRESH_ID: refreshToken });
  };
  const stored = async () => JSON.stringify(await stage.app.container.portals.get(stage.portal.memberId));

  it('when token, portal and host do not belong together, expected 403, no session and nothing changed', async () => {
    const before = await stored();
    const from = newAddress();
    const theirs = other.issueToken({ userId: 1 });
    const dead = stage.portal.issueToken({ userId: 12 });
    stage.portal.expireToken(dead.accessToken);
    const tokens = { AUTH_ID: theirs.accessToken, REFRESH_ID: theirs.refreshToken };
    const forgeries: Record<string, string>[] = [
      tokens,
      { ...tokens, DOMAIN: other.domain },
      { ...tokens, member_id: other.memberId },
      { AUTH_ID: dead.accessToken, REFRESH_ID: '' },
      { ...tokens, DOMAIN: 'evil.example' },
      { ...tokens, DOMAIN: '169.254.169.254' },
      { ...tokens, member_id: '__proto__' },
    ];
    for (const fields of forgeries) {
      for (const path of ['/app', '/placements/deal-tab', '/office/session']) {
        const answer = await frame(from, fields, path);
        expect(answer.status, JSON.stringify(fields)).to.equal(403);
        expect(await answer.text()).not.to.match(/name="session"|"session"/);
      }
    }
    expect(await stored()).to.equal(before);
  });

  it('when the form names another host than the address, expected the form to count', async () => {
    const { accessToken } = stage.portal.issueToken({ userId: 1 });
    const answer = await frame(newAddress(), { AUTH_ID: accessToken, DOMAIN: 'evil.example' });
    expect(answer.status).to.equal(403);
  });

  it('when an address keeps sending forgeries, expected it not listened to, whichever portal it names', async () => {
    const from = newAddress();
    for (let i = 0; i < 30; i += 1) {
      expect((await frame(from, { AUTH_ID: 'forged', member_id: `unknown-${i}` })).status).to.equal(403);
    }
    expect((await frame(from, { AUTH_ID: 'forged', member_id: 'unknown-x' })).status).to.equal(429);
    expect((await frame(from, { AUTH_ID: 'forged' }, '/placements/deal-tab')).status).to.equal(429);
    expect((await frame(from, { AUTH_ID: 'forged' }, '/install')).status).to.equal(429);
    expect((await genuine(newAddress())).status).to.equal(200);
  });

  it('when installations are invented, expected the OAuth server left alone', async () => {
    const before = await stored();
    const from = newAddress();
    const { length } = stage.portal.oauthRequests;
    const fields = { AUTH_ID: 'x', REFRESH_ID: 'x', SERVER_ENDPOINT: stage.portal.serverEndpoint };
    for (let i = 0; i < 40; i += 1) await frame(from, { ...fields, member_id: `m${i}` }, '/install');
    expect(stage.portal.oauthRequests.length - length).to.be.lessThan(31);
    expect(await stored()).to.equal(before);
  });

  it('when first events are invented, expected the OAuth server left alone and genuine events taken', async () => {
    const from = newAddress();
    const { length } = stage.portal.oauthRequests;
    const auth = {
      'auth[refresh_token]': 'x',
      'auth[application_token]': 'x',
      'auth[server_endpoint]': stage.portal.serverEndpoint,
    };
    const statuses: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      const fields = { event: 'ONAPPINSTALL', 'auth[member_id]': `m${i}`, ...auth };
      statuses.push((await post('/events', from, fields)).status);
    }
    expect(stage.portal.oauthRequests.length - length).to.equal(30);
    expect(statuses.slice(30)).to.deep.equal(Array<number>(10).fill(429));
    // Bitrix24's cloud speaks for many portals from few addresses: a proved event is always heard.
    const { applicationToken } = stage.portal.appState();
    const proved = { 'auth[member_id]': stage.portal.memberId, 'auth[application_token]': applicationToken };
    expect((await post('/events', from, { event: 'ONCRMDEALUPDATE', ...proved })).status).to.equal(200);
  });

  it('when payments are invented without a token, expected no more questions to the portal than a person clicks', async () => {
    const from = newAddress();
    const fields = { event: 'ONAPPPAYMENT', 'auth[member_id]': stage.portal.memberId };
    const answers = await Promise.all(Array.from({ length: 80 }, () => post('/events', from, fields)));
    expect(answers.filter(({ status }) => status === 200).length).to.equal(10);
  });

  it('when somebody floods a portal with forged frames, expected the others of the portal to notice nothing', async () => {
    const before = await stored();
    const from = newAddress();
    const { requestCount } = stage.portal;
    const flood = Promise.all(
      Array.from({ length: 200 }, (_, i) => frame(from, { AUTH_ID: `forged-${i}`, REFRESH_ID: 'x' })),
    );
    const startedAt = performance.now();
    expect((await genuine(newAddress())).status).to.equal(200);
    expect(performance.now() - startedAt).to.be.lessThan(PATIENCE_MS);
    const statuses = (await flood).map(({ status }) => status);
    expect(new Set(statuses)).to.deep.equal(new Set([403, 429]));
    expect(stage.portal.requestCount - requestCount, 'requests to the portal').to.be.lessThan(70);
    expect(await stored()).to.equal(before);
  });
});
