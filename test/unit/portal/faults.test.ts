import { expect } from 'chai';
import { startFixture, type Fixture } from './support/portal-fixture.ts';

describe('stand-in portal: faults', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture.close());
  afterEach(() => fixture.portal.faults.clear());

  const get = (path: string, init: RequestInit = {}) =>
    fetch(`${fixture.portal.url}${path}`, { redirect: 'manual', ...init });

  it('when the portal was renamed or is down, expected 302, 502 with HTML, or silence', async () => {
    const { portal } = fixture;
    portal.faults.add({ kind: 'redirect', location: 'http://127.0.0.2:1' });
    const moved = await get('/rest/profile?a=1');
    expect([moved.status, moved.headers.get('location')]).to.deep.equal([
      302,
      'http://127.0.0.2:1/rest/profile?a=1',
    ]);
    portal.faults.add({ kind: 'bad_gateway' });
    const gateway = await get('/rest/profile');
    expect([gateway.status, gateway.headers.get('content-type')]).to.deep.equal([
      502,
      'text/html; charset=utf-8',
    ]);
    portal.faults.add({ kind: 'no_answer' });
    const silent = await get('/rest/profile', { signal: AbortSignal.timeout(150) }).catch(
      (error: Error) => error.name,
    );
    expect(silent).to.equal('TimeoutError');
    expect((await get('/rest/profile')).status).to.equal(401);
  });

  it('when a fault is for a member of a batch, expected transport faults to hit the whole request', async () => {
    const { portal, call } = fixture;
    portal.faults.add({ kind: 'reset', method: 'im.notify.system.add' });
    const cmd = { deal: 'crm.deal.get?id=77', note: 'im.notify.system.add?USER_ID=7&MESSAGE=x' };
    const broken = await call('batch', { cmd }).then(
      () => 'answered',
      () => 'broken',
    );
    expect(broken).to.equal('broken');
    expect(portal.notifications(7)).to.have.length(0);
    portal.faults.add({ kind: 'answer_lost', method: 'im.notify.system.add' });
    await call('batch', { cmd }).catch(() => undefined);
    expect(portal.notifications(7)).to.have.length(1);
  });

  it('when the OAuth server or a download fails, expected only that', async () => {
    const { portal, app, call } = fixture;
    portal.faults.add({ kind: 'internal_error', method: 'oauth' });
    portal.faults.add({ kind: 'query_limit', method: 'download' });
    const token = portal.issueToken();
    const refresh = () =>
      fetch(`${portal.oauthUrl}/oauth/token/`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: app.descriptor.clientId,
          client_secret: app.descriptor.clientSecret,
          refresh_token: token.refreshToken,
        }),
      });
    expect((await call('profile')).status).to.equal(200);
    expect([(await refresh()).status, (await refresh()).status]).to.deep.equal([500, 200]);
    const { document } = (await call('crm.documentgenerator.document.get', { id: 300 })).body.result;
    expect((await fetch(document.pdfUrlMachine)).status).to.equal(503);
    expect((await fetch(document.pdfUrlMachine)).status).to.equal(200);
  });

  it('when a run is to come without tokens, expected the next one only', async () => {
    const { portal, app } = fixture;
    portal.faults.add({ kind: 'run_without_tokens' });
    await portal.runRobot('sign_it', { dealId: 77 });
    await portal.runRobot('sign_it', { dealId: 77 });
    const hits = app.hitsOf('/robots/sign_it').map((hit) => 'access_token' in (hit.body['auth'] as object));
    expect(hits).to.deep.equal([false, true]);
  });
});
