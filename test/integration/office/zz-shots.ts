import { createServer } from 'node:http';
import { mkdirSync } from 'node:fs';
process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs24.x';
const { default: sparticuz } = await import('@sparticuz/chromium');
const { chromium } = await import('playwright-core');
import { startOfficeApp } from './office-app.ts';
import { makePng } from './make-png.ts';
import { stopTestServer } from '../../support/store.ts';
import { buildSigning, evidence, later, newSigner, sentSigning, storedFile } from '../../support/signing-builder.ts';
import { cancelSigning, failSigning, markCompleted, markSealed } from '../../../app/domain/transitions/end-signing.ts';
import { signerDeclined, signerDelivery, signerOpened, signerSigned } from '../../../app/domain/transitions/signer-actions.ts';
import type { Signing } from '../../../app/domain/signing.ts';

const out = '/tmp/so'; mkdirSync(out, { recursive: true });
let hostOrigin = '';
const host = createServer((req, res) => {
  const url = new URL(req.url!, hostOrigin);
  res.setHeader('content-type', 'text/html');
  const q = url.searchParams;
  res.end(`<!doctype html><body style="margin:0;background:#dfe6ea"><div style="padding:16px;font:16px sans-serif">Bitrix24 host</div><iframe id=f name="127.0.0.1:${new URL(hostOrigin).port}|0|${'a'.repeat(32)}" style="width:calc(100% - 32px);margin:0 16px;border:0;height:300px;background:#eef2f4"></iframe>
  <form id=p method=post target="127.0.0.1:${new URL(hostOrigin).port}|0|${'a'.repeat(32)}" action="${q.get('url')}"><input name=AUTH_ID value="${q.get('auth')}"><input name=PLACEMENT value="${q.get('placement')}"><input name=PLACEMENT_OPTIONS></form>
  <script>window.log=[];document.forms.p.PLACEMENT_OPTIONS.value=${JSON.stringify(q.get('options') || '{}')};document.forms.p.style.display='none';
  addEventListener('message',e=>{const s=String(e.data);const i=s.indexOf(':');const cmd=s.slice(0,i);const rest=s.slice(i+1);const parts=rest.split(':');const sid=parts.pop(),cb=parts.pop();const params=parts.join(':');log.push(cmd+' '+params);
   if(cmd==='resizeWindow')document.getElementById('f').style.height=JSON.parse(params).height+'px';
   const a={getInitData:{MEMBER_ID:'portal-a',PLACEMENT:'${q.get('placement')}',PLACEMENT_OPTIONS:JSON.parse(${JSON.stringify(q.get('options') || '{}')}),INSTALL:true,LANG:'${q.get('lang')}'},refreshAuth:{AUTH_ID:'${q.get('auth')}',REFRESH_ID:'r',AUTH_EXPIRES:'3600'}}[cmd];
   e.source.postMessage(cb+':'+(a?JSON.stringify(a):''),e.origin)});
  document.forms.p.submit()</script>`);
});
await new Promise<void>((r) => host.listen(0, '127.0.0.1', r));
hostOrigin = `http://127.0.0.1:${(host.address() as any).port}`;
const app = await startOfficeApp({ admin: { portalId: 'portal-a', id: '1', name: 'Анна Админ', isAdmin: true }, joe: { portalId: 'portal-a', id: '55', name: 'Joe', isAdmin: false } }, hostOrigin);
app.setNow(later(120));
const hex = (n: number) => n.toString(16).padStart(24, '0');
const mk = async (n: number, f: (s: Signing) => Signing, fields = {}) => {
  const base = sentSigning({ id: hex(n * 7919 * 65537), documents: [{ ref: String(300 + n), title: `Договор поставки № ${n}`, file: storedFile('source') }], ...fields });
  return app.signings.create(f(base));
};
const s1 = (s: Signing) => signerDelivery(signerOpened(signerDelivery(s, 's1', { channel: 'email', state: 'handed_over', at: later(1) }, later(1)), 's1', '10.0.0.1', later(4)), 's1', { channel: 'email', state: 'handed_over', at: later(1) }, later(1));
const both = (s: Signing) => signerSigned(signerOpened(signerSigned(s1(s), 's1', evidence(), later(5)), 's2', '10.0.0.2', later(10)), 's2', evidence({ method: 'sms_code' }), later(12));
const completed = (s: Signing) => markCompleted(markSealed(both(s), { signedFile: { ...storedFile('signed'), name: 'Договор поставки (подписан).pdf', sha256: 'b'.repeat(64) }, report: { ...storedFile('report'), name: 'Протокол подписания.pdf' } }, later(13)), { signed: '900' }, later(14));
await mk(1, (s) => signerDelivery(signerSigned(s1(s), 's1', evidence(), later(5)), 's2', { channel: 'email', state: 'bounced', at: later(7) }, later(7)), { title: 'Дополнительное соглашение № 4 к договору оказания услуг по внедрению и сопровождению информационной системы от 12.03.2026', signers: [newSigner('s1', { name: 'Мария Соколова', position: 'Генеральный директор', company: 'ООО «Ромашка»' }), newSigner('s2', { name: 'Иван Петров', company: 'АО «Северный ветер»', phone: '+7 900 000-00-00' }), newSigner('s3', { name: 'Елена Ким', step: 2 })] });
const done = await mk(2, completed);
await mk(3, (s) => signerDeclined(signerOpened(signerSigned(s1(s), 's1', evidence(), later(5)), 's2', '1.1.1.1', later(8)), 's2', 'Не согласны с пунктом 4.2 договора', later(9)));
await mk(4, (s) => cancelSigning(s, { kind: 'user', id: '12', name: 'Мария Соколова' }, 'Условия изменились', later(30)));
const err = await mk(5, (s) => failSigning(both(s), { text: 'The time-stamp server did not answer.', reference: 'ref-123456' }, later(20)));
await mk(6, (s) => s, { title: '<script>alert(1)</script> "quoted"', entity: { type: 'deal', id: '99', title: 'Сделка <b>x</b>' } });
for (let i = 10; i < 40; i++) await mk(i, completed, { entity: { type: 'deal', id: '5', title: `Сделка ${i}` } });
app.portalUsers.push({ id: '1', name: 'Анна Админ', email: 'anna@example.test', phone: '', position: 'Директор', active: true }, { id: '7', name: 'Мария Соколова', email: 'maria@example.test', phone: '', position: 'Менеджер', active: true });
app.documents.push({ id: '301', title: 'Договор поставки № 17', number: '17', entityTypeId: '2', entityId: '77', pdf: 'ready' }, { id: '302', title: 'Счёт № 18', number: '18', entityTypeId: '2', entityId: '77', pdf: 'pending' });
await app.balance.open('portal-a', 20); await app.balance.reserve('portal-a', 'x', 3);
const ses = await app.sessionOf('/app', 'admin');
for (const id of ['1', '7']) await app.call(ses, `/office/employees/${id}`, {});
const fd = new FormData(); fd.set('file', new Blob([makePng(300, 100)]), 's.png'); console.log((await app.call(ses, '/office/me/signature', fd)).status);

const { default: express } = await import('express');
const { createRender } = await import('../../../app/http/render.ts'); const { requestContext } = await import('../../../app/http/request-context.ts');
const installApp = express(); installApp.use(requestContext(app.log)); const rr = createRender('test', false);
installApp.use('/assets/test', express.static('/work/main/public')); let installPage: any;
installApp.post('/install', (req, res) => rr(req, res, 'install', installPage, { frameAncestor: hostOrigin }));
const installServer = installApp.listen(0, '127.0.0.1'); const installBase = () => `http://127.0.0.1:${(installServer.address() as any).port}`;
const browser = await chromium.launch({ executablePath: await sparticuz.executablePath(), args: ['--no-sandbox', '--headless=new'] });
const zz = 1; const problems: string[] = [];
async function shots(lang: string, width: number) {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  page.on('console', (m) => { if (m.type() === 'error') problems.push(`${lang} ${width} console: ${m.text()}`); });
  page.on('pageerror', (e) => problems.push(`${lang} ${width} error: ${e.message}`));
  const open = async (path: string, auth: string, placement: string, options: object) => {
    const url = `${path === '/install' ? installBase() : app.base}${path}?DOMAIN=${new URL(hostOrigin).host}&PROTOCOL=0&LANG=${lang}&APP_SID=${'a'.repeat(32)}`;
    await page.goto(`${hostOrigin}/?${new URLSearchParams({ url, auth, placement, options: JSON.stringify(options), lang })}`);
    const frame = page.frameLocator('#f');
    await frame.locator('main').first().waitFor();
    await page.waitForTimeout(500);
    return frame;
  };
  const shot = async (name: string) => {
    await page.waitForTimeout(400);
    const f = page.frames()[1];
    const wide = f ? await f.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth, document.documentElement.scrollHeight, window.innerHeight]) : [0, 0, 0, 0];
    if (wide[0]! > wide[1]! || wide[2]! > wide[3]! + 2) problems.push(`${lang} ${width} ${name}: overflow ${wide}`);
    await page.screenshot({ path: `${out}/${name}-${lang}-${width}.png`, fullPage: true });
  };
  let f = await open('/app', 'admin', 'DEFAULT', {});
  if (width === 360) { app.setNow(new Date(app.now().getTime() + 2 * 3600_000)); await f.getByTestId('tab-balance').click(); await f.getByTestId('balance').waitFor(); console.log('renewed', (await page.evaluate('window.log.filter(x=>!x.startsWith("resize")).join(";")'))); await f.getByTestId('tab-signings').click(); await f.getByTestId('signings').waitFor();
    await f.getByTestId('tab-me').click(); await f.getByTestId('pad').waitFor(); const b = (await f.getByTestId('pad').boundingBox())!; await page.mouse.move(b.x+20,b.y+20); await page.mouse.down(); await page.mouse.move(b.x+100,b.y+60,{steps:8}); await page.mouse.move(b.x+160,b.y+20,{steps:8}); await page.mouse.up(); await f.getByTestId('save-drawing').click(); await f.getByTestId('toast').waitFor(); console.log(await f.getByTestId('toast').first().textContent()); await shot('drawn'); await f.getByTestId('tab-signings').click(); await f.getByTestId('signings').waitFor();
    const dl = page.waitForEvent('download'); await f.getByTestId('search').fill('Дополн'); await page.waitForTimeout(900); await f.getByTestId('open-signing').first().click(); await f.getByTestId('remind-one').first().click(); await f.getByTestId('toast').last().waitFor(); await shot('reminded'); await app.files.put('source', Buffer.from('%PDF-1'), {portalId:'portal-a',name:'n',type:'application/pdf'}); await f.getByTestId('file-source-1').click(); console.log('download', (await dl).suggestedFilename()); await f.getByTestId('back').click(); await f.getByTestId('signings').waitFor();
  }
  await shot('app-list'); await page.screenshot({ path: `${out}/top-${lang}-${width}.png` });
  await f.getByTestId('open-signing').first().click(); await f.getByTestId('signing').waitFor(); await shot('app-signing');
  await f.getByTestId('cancel').click(); await shot('app-cancel'); await f.getByTestId('cancel-back').click();
  for (const tab of ['me', 'employees', 'balance', 'settings']) { await f.getByTestId(`tab-${tab}`).click(); await f.getByTestId(tab).waitFor(); if (tab === 'employees') { await f.getByTestId('employee-search').fill('example'); await f.getByTestId('found-user').first().waitFor(); } await shot(`app-${tab}`); }
  f = await open('/app', 'admin', 'DEFAULT', { signing: err.id }); await shot('app-error');
  f = await open('/app', 'joe', 'DEFAULT', {}); await shot('app-empty'); await f.getByTestId('tab-me').click(); await f.getByTestId('me').waitFor(); await shot('app-unregistered');
  f = await open('/placements/deal-tab', 'admin', 'CRM_DEAL_DETAIL_TAB', { ID: '77' }); await f.getByTestId('documents').waitFor(); await shot('deal-tab');
  f = await open('/placements/deal-tab', 'admin', 'CRM_DEAL_DETAIL_TAB', { ID: '1234' }); await shot('deal-empty');
  installPage = { ok: true, domain: 'demo.bitrix24.ru', problems: ['No robots in this plan.'], reference: '' };
  f = await open('/install', 'a', 'DEFAULT', {}); await shot('install-ok'); await page.waitForTimeout(4500); console.log('install', await page.evaluate('window.log.filter(x=>!x.startsWith("resize")).join(";")'));
  installPage = { ok: false, domain: 'demo.bitrix24.ru', problems: ['Не удалось зарегистрировать робота.'], reference: 'abc-123' };
  f = await open('/install', 'a', 'DEFAULT', {}); await shot('install-failed');
  f = await open('/app', 'stranger', 'DEFAULT', {}); await shot('frame-refused');
  for (const [name, path] of [['verify', '/verify'], ['verify-link', `/verify/${done.id}`], ['terms', '/terms'], ['privacy', '/privacy'], ['missing', '/verify/!']]) { await page.goto(`${app.base}${path}?lang=${lang}`); await shot(name!); const w = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth); if (w > 0) problems.push(`${name} ${lang} ${width} overflow ${w}`); }
  const cert = { subject: 'CN=Countersign demo', commonName: 'Countersign demo', issuer: 'CN=Countersign demo', serial: '1', fingerprint: 'c'.repeat(64), validFrom: later(0), validTo: later(500000) };
  const sig = { field: 'S', kind: 'signature', integrity: 'valid', problems: [], certificate: cert, trust: 'ours', certificateValidThen: true, name: 'Countersign', reason: 'Sealed after all parties signed', claimedTime: later(20), level: 'B-B', certification: 1, covers: 'whole_file', revision: 1, revisionEnd: 100, changesAfter: [] };
  for (const [name, r] of [
    ['ok', { verdict: 'unchanged', signatures: [sig], sha256: 'b'.repeat(64) }],
    ['changed', { verdict: 'changed', signatures: [{ ...sig, trust: 'unknown', covers: 'earlier_revision', changesAfter: [{ code: 'page_content', path: '', permitted: false, page: 2 }] }], sha256: 'd'.repeat(64), warnings: ['unreachable_signatures'] }],
    ['unsigned', { verdict: 'unsigned', signatures: [], sha256: 'e'.repeat(64) }],
  ] as const) {
    app.pdf.verify = async () => ({ size: 123456, pages: 3, warnings: [], ...r }) as any;
    await page.goto(`${app.base}/verify?lang=${lang}`);
    await page.getByTestId('verify-file').setInputFiles({ name: 'Договор с очень длинным названием файла — окончательная версия 3 (подписан).pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-') });
    await page.getByTestId('verify-submit').click(); await page.getByTestId('verdict').waitFor(); await shot(`verify-${name}`);
  }
  await page.close();
}
await app.issuedFiles.add({ sha256: 'b'.repeat(64), signingId: done.id, kind: 'signed', issuedAt: later(14) });
for (const lang of ['ru', 'en']) for (const width of [1440, 360]) await shots(lang, width);
console.log(problems.join('\n') || 'no problems');
installServer.close(); installServer.closeAllConnections(); await browser.close(); await app.close(); await stopTestServer(); host.close(); host.closeAllConnections();
