import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { createRender } from '../../../app/http/render.ts';
import { requestContext } from '../../../app/http/request-context.ts';
import { createLogger } from '../../../app/logger.ts';
import type { InstallPage } from '../../../installer/routes.ts';

describe('the last page of the installer', () => {
  let server: Server;
  let page: InstallPage;
  before((done) => {
    const render = createRender('test', false);
    const app = express();
    app.use(requestContext(createLogger('silent')));
    app.post('/install', (req, res) => render(req, res, 'install', page));
    server = app.listen(0, '127.0.0.1', () => done());
  });
  after((done) => void server.close(done));
  const open = async (data: Partial<InstallPage>, lang = 'en') => {
    page = { ok: true, domain: 'x.bitrix24.test', problems: [], appPageUrl: '', reference: '', ...data };
    const { port } = server.address() as AddressInfo;
    return (await fetch(`http://127.0.0.1:${port}/install?LANG=${lang}`, { method: 'POST' })).text();
  };

  it('when all is registered, expected the page that tells the portal so', async () => {
    const html = await open({});
    expect(html).to.include('data-testid="install-ok"').and.include('name="x-install" content="ok"');
    expect(html).to.include('office/install.js').and.not.include('install-notes');
    expect(await open({}, 'ru')).to.include('Countersign настроен на портале x.bitrix24.test');
  });

  it('when something optional is missing, expected it named on the page that goes on', async () => {
    expect(await open({ problems: ['No robots in this plan'] }))
      .to.include('No robots in this plan')
      .and.include('install-ok');
  });

  it('when it failed, expected the problems as plain text, the reference and a way to try again', async () => {
    const html = await open({ ok: false, problems: ['<img src=x onerror=alert(1)>'], reference: 'ref-9' });
    expect(html).to.include('data-testid="install-failed"').and.include('data-testid="install-retry"');
    expect(html).to.include('name="x-install" content="failed"').and.include('ref-9').and.include('&lt;img');
    expect(html).not.to.include('<img');
  });
});
