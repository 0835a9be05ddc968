import express from 'express';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { encodePhpQuery, parsePhpQuery } from '../../../portal/php-query.ts';

const sdkFile = createRequire(import.meta.url)
  .resolve('@bitrix24/b24jssdk/package.json')
  .replace('package.json', 'dist/umd/index.min.js');

/** One POST that the app got. */
export interface Hit {
  path: string;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
}

export type SampleApp = Awaited<ReturnType<typeof startSampleApp>>;

/** A tiny app: it remembers what is posted to it, registers a robot and placements, and shows frames with the SDK. */
export async function startSampleApp() {
  const hits: Hit[] = [];
  const web = express();
  const server = createServer(web);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;

  web.use(express.text({ type: 'application/x-www-form-urlencoded', limit: '5mb' }));
  web.get('/sdk.js', (_req, res) => res.sendFile(sdkFile));
  web.post('/{*path}', async (req, res, next) => {
    const body = parsePhpQuery(typeof req.body === 'string' ? req.body : '');
    hits.push({ path: req.path, query: parsePhpQuery(req.url.split('?')[1] ?? ''), body });
    if (req.path === '/install') await register(String(body['AUTH_ID']), domainOf(req.query['DOMAIN']));
    next();
  });
  web.post('/install', (_req, res) => res.type('html').send(page('Installer', 'await b24.installFinish();')));
  web.post('/robots/{*code}', (_req, res) => res.send('ok'));
  web.post('/{*path}', (req, res) => res.type('html').send(page(req.path, '')));

  async function register(accessToken: string, domain: string): Promise<void> {
    const call = (method: string, params: object) =>
      fetch(`http://${domain}/rest/${method}`, {
        method: 'POST',
        body: encodePhpQuery({ ...params, auth: accessToken }),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    await call('bizproc.robot.add', robot);
    await call('crm.automation.trigger.add', { CODE: 'signing_completed', NAME: 'Договор подписан' });
    await call('event.bind', { event: 'ONAPPINSTALL', handler: `${url}/events` });
    await call('event.bind', { event: 'onCrmTimelineItemAction', handler: `${url}/events` });
    for (const PLACEMENT of ['CRM_DEAL_DETAIL_TAB', 'CRM_DEAL_DOCUMENTGENERATOR_BUTTON', 'REST_APP_URI']) {
      await call('placement.bind', {
        PLACEMENT,
        HANDLER: `${url}/${PLACEMENT.toLowerCase()}`,
        TITLE: 'Подписание',
      });
    }
  }

  const robot = {
    CODE: 'sign_it',
    HANDLER: `${url}/robots/sign_it`,
    USE_SUBSCRIPTION: 'Y',
    AUTH_USER_ID: 1,
    NAME: { ru: 'Отправить на подпись', en: 'Send for signing' },
    DESCRIPTION: { ru: 'Собирает подписи сторон', en: 'Collects the signatures' },
    PROPERTIES: {
      document_id: { Name: { ru: 'Документ', en: 'Document' }, Type: 'string', Required: 'Y', Multiple: 'Y' },
      signer_1: { Name: { ru: 'Подписант компании', en: 'Company signer' }, Type: 'user', Required: 'Y' },
      signer_2: {
        Name: { ru: 'Контрагент', en: 'Counterparty' },
        Type: 'string',
        Required: 'Y',
        Multiple: 'Y',
      },
      order: {
        Name: { ru: 'Порядок', en: 'Order' },
        Type: 'select',
        Options: { company_first: 'Сначала компания', parallel: 'Параллельно' },
        Default: 'company_first',
      },
      agree: { Name: { ru: 'Подписать соглашение', en: 'Sign the agreement' }, Type: 'bool' },
      days: { Name: { ru: 'Срок, дней', en: 'Days to sign' }, Type: 'int', Default: '14' },
      message: { Name: { ru: 'Сообщение', en: 'Message' }, Type: 'text' },
    },
    RETURN_PROPERTIES: {
      status_code: { Name: { ru: 'Код статуса', en: 'Status code' }, Type: 'int' },
      status_text: { Name: { ru: 'Статус', en: 'Status' }, Type: 'string' },
    },
  };

  return {
    url,
    hits,
    robot,
    hitsOf: (path: string) => hits.filter((hit) => hit.path === path),
    hit(path: string, index: number): Hit {
      const found = hits.filter((one) => one.path === path).at(index);
      if (!found) throw new Error(`nothing was posted to ${path}`);
      return found;
    },
    descriptor: {
      code: 'acme.countersign',
      clientId: 'app.66f0a1b2c3d4e5.12345678',
      clientSecret: 'a-secret-for-tests',
      scope: 'crm,bizproc,placement,im,user_basic,disk,department',
      name: 'Countersign',
      installerUrl: `${url}/install`,
      appUrl: `${url}/app`,
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const domainOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** A frame page that starts the SDK and writes what it learns into itself. */
function page(title: string, script: string): string {
  return `<!doctype html><meta charset="utf-8"><title>${title}</title><body><h1>${title}</h1><pre id="out">…</pre>
<button id="user">user</button><button id="open">open</button><script src="/sdk.js"></script><script type="module">
const out = document.getElementById('out');
const b24 = await B24Js.initializeB24Frame();
window.b24 = b24;
const me = await b24.actions.v2.call.make({ method: 'profile' });
out.textContent = JSON.stringify({ placement: b24.placement.placement, options: b24.placement.options, isAdmin: b24.auth.isAdmin, lang: b24.getLang(), me: me.getData().result.ID });
document.getElementById('user').onclick = async () => { out.textContent = JSON.stringify(await b24.dialog.selectUser()); };
document.getElementById('open').onclick = async () => { await b24.slider.openPath(b24.slider.getUrl('/crm/contact/details/55/')); };
${script}
</script>`;
}
