import { expect } from 'chai';
import { later, sentSigning } from '../../support/signing-builder.ts';
import { startOfficeApp } from './office-app.ts';
import type { OfficeApp } from './office-app.ts';
import { DEAL_TAB, PEOPLE } from './people.ts';

describe('pages inside the portal', () => {
  let app: OfficeApp;
  const signing = sentSigning();
  before(async () => {
    app = await startOfficeApp(PEOPLE);
    await app.signings.create(signing);
  });
  after(() => app.close());

  it('when the portal confirms the user, expected the list, framed by that portal only', async () => {
    const response = await app.openFrame('/app', 'admin');
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-security-policy')).to.match(
      /frame-ancestors http:\/\/127\.0\.0\.1:1$/,
    );
    expect(response.headers.get('set-cookie')).to.equal(null);
    const html = await response.text();
    expect(html).to.include('data-testid="signing-row"').and.include(signing.title);
  });

  it('when the user reads Russian, expected the page in Russian', async () => {
    const html = await (await app.openFrame('/app', 'admin', { lang: 'ru' })).text();
    expect(html).to.include('<html lang="ru">').and.include('Документы на подписании');
  });

  it('when the portal does not confirm the token, expected a refusal with a reference and no session', async () => {
    for (const path of ['/app', '/placements/deal-tab', '/placements/document-button']) {
      const response = await app.openFrame(path, 'forged', DEAL_TAB);
      expect(response.status, path).to.equal(403);
      const html = await response.text();
      expect(html).to.include('data-testid="error-reference"').and.not.include('name="session"');
      // It is shown inside the frame of the portal that the form named.
      expect(response.headers.get('content-security-policy')).to.include(
        'frame-ancestors http://127.0.0.1:1',
      );
    }
  });

  it('when DOMAIN is no host, expected that nobody may frame the refusal', async () => {
    const response = await fetch(`${app.base}/app?DOMAIN=${encodeURIComponent("x 'self' *")}`, {
      method: 'POST',
    });
    expect(response.headers.get('content-security-policy')).to.match(/frame-ancestors 'none'$/);
  });

  it('when a link names a signing, expected that one opened', async () => {
    const html = await (await app.openFrame('/app', 'admin', { options: { signing: signing.id } })).text();
    expect(html).to.include('data-testid="signing-title"');
  });

  it('when a link names a signing of another portal, expected the own list and nothing of it', async () => {
    const html = await (
      await app.openFrame('/app', 'otherAdmin', { options: { signing: signing.id } })
    ).text();
    expect(html).to.include('data-testid="signing-missing"').and.not.include(signing.title);
  });

  it('when the deal is opened by its tab or the menu of its documents, expected its signings', async () => {
    const menu = { placement: 'CRM_DEAL_DOCUMENTGENERATOR_BUTTON', options: { ENTITY_ID: '77' } };
    for (const [path, placement] of [
      ['/placements/deal-tab', DEAL_TAB],
      ['/placements/document-button', menu],
    ] as const) {
      const html = await (await app.openFrame(path, 'stranger', placement)).text();
      expect(html, path).to.include('data-testid="signing-card"').and.include(signing.title);
      expect(html, 'somebody who may only read the deal').not.include('data-testid="cancel"');
    }
  });

  it('when the user may not read the deal, expected 403 and nothing of it', async () => {
    app.closedDeals.add('77');
    const response = await app.openFrame('/placements/deal-tab', 'stranger', DEAL_TAB);
    app.closedDeals.clear();
    expect(response.status).to.equal(403);
    expect(await response.text()).not.to.include(signing.title);
  });

  it('when the version card probes a handler with HEAD, expected 200', async () => {
    for (const path of ['/app', '/placements/deal-tab', '/placements/document-button', '/verify']) {
      expect((await fetch(app.base + path, { method: 'HEAD' })).status, path).to.equal(200);
    }
  });

  it('when a session is forged, changed, of another purpose or too old, expected 401 as JSON', async () => {
    const session = await app.sessionOf('/app', 'admin');
    const [text = '', mac = ''] = session.split('.');
    const elevated = Buffer.from(
      Buffer.from(text, 'base64url').toString().replace('"portal-a"', '"portal-b"'),
    ).toString('base64url');
    for (const forged of [
      '',
      'x',
      `${elevated}.${mac}`,
      `${text}.${mac}x`,
      `${text}.${app.secrets.mac('other', text)}`,
    ]) {
      const response = await app.call(forged, '/office/signings');
      expect(response.status).to.equal(401);
      expect(await response.json()).to.include({ error: 'session_expired' });
    }
    expect((await app.call(session, '/office/signings')).status).to.equal(200);
    app.setNow(new Date(app.now().getTime() + 3_600_000));
    expect((await app.call(session, '/office/signings')).status).to.equal(401);
    app.setNow(later(60));
  });

  it('when the page brings new tokens, expected a new session that keeps its deal', async () => {
    const renew = (authId: string) =>
      fetch(`${app.base}/office/session?DOMAIN=127.0.0.1:1&PROTOCOL=0&LANG=en`, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams({
          AUTH_ID: authId,
          PLACEMENT: DEAL_TAB.placement,
          PLACEMENT_OPTIONS: JSON.stringify(DEAL_TAB.options),
        }),
      });
    const { session } = (await (await renew('stranger')).json()) as { session: string };
    expect(app.sessions.read(session)).to.include({ userId: '99', dealId: '77' });
    const refused = await renew('forged');
    expect(refused.status).to.equal(403);
    expect(await refused.json()).to.include({ error: 'frame_refused' });
  });
});
