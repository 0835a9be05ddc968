import { expect } from 'chai';
import { startFixture, type Fixture } from './support/portal-fixture.ts';

describe('stand-in portal: pages', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture.close());

  const page = async (path: string, cookie = '') => {
    const answer = await fetch(`${fixture.portal.url}${path}`, { headers: { cookie }, redirect: 'manual' });
    return {
      status: answer.status,
      html: await answer.text(),
      cookie: answer.headers.get('set-cookie') ?? '',
    };
  };

  it('when pages are opened, expected them in the language of the visitor', async () => {
    for (const path of [
      '/crm/deal/',
      '/crm/contact/',
      '/crm/contact/details/55/',
      '/crm/company/details/7/',
      '/marketplace/',
    ]) {
      expect((await page(path)).status, path).to.equal(200);
    }
    const { cookie } = await page('/_portal/login?user=12&lang=en&back=/crm/deal/');
    const { html } = await page('/crm/deal/', cookie.split(';')[0]);
    expect(html).to.contain('Responsible').and.contain('Мария Соколова</summary>');
  });

  it('when a deal is opened, expected the tab of the app and a form for its robot', async () => {
    const { html } = await page('/crm/deal/details/77/');
    expect(html).to.contain('data-testid="tab-app-17-0"');
    expect(html).to.contain('[Countersign] Отправить на подпись').and.contain('field-sign_it-signer_1');
    expect(html).to.contain('data-testid="document-300"');
  });

  it('when a PDF link is opened without a session, expected 401; with one the file', async () => {
    const path = '/bitrix/services/main/ajax.php?action=crm.documentgenerator.document.getPdf&id=300';
    expect((await page(path)).status).to.equal(401);
    const { cookie } = await page('/crm/deal/');
    const { status, html } = await page(path, cookie.split(';')[0]);
    expect([status, html.slice(0, 5)]).to.deep.equal([200, '%PDF-']);
  });

  it('when a forbidden deal is opened, expected nothing of it', async () => {
    const { cookie } = await page('/_portal/login?user=19');
    const own = cookie.split(';')[0];
    expect((await page('/crm/deal/details/78/', own)).status).to.equal(404);
    expect((await page('/crm/deal/', own)).html).to.not.contain('Сервисный договор');
  });

  it('when a text has markup, expected BB codes shown and HTML escaped', async () => {
    const COMMENT =
      '<b>x</b> [B]y[/B] [URL=/marketplace/view/a/?params[s]=1]z[/URL] [URL=javascript:1]q[/URL]';
    await fixture.call('crm.timeline.comment.add', {
      fields: { ENTITY_ID: 77, ENTITY_TYPE: 'deal', COMMENT },
    });
    const { html } = await page('/crm/deal/details/77/');
    expect(html).to.contain(
      '&#60;b&#62;x&#60;/b&#62; <b>y</b> <a href="/marketplace/view/a/?params%5Bs%5D=1">z</a> q',
    );
  });

  it('when a non-admin opens an app that is not installed completely, expected a refusal', async () => {
    await fixture.portal.updateApp();
    const { cookie } = await page('/_portal/login?user=12');
    const path = '/marketplace/app/acme.countersign/';
    expect((await page(path, cookie.split(';')[0])).status).to.equal(403);
    expect((await page(path)).html).to.contain('data-frame=');
  });
});
