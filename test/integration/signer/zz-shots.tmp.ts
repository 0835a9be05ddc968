import { openBrowser } from '../../support/browser.ts';
import { openSignerWorld } from './signer-world.ts';
import { stopTestServer } from '../../support/store.ts';
import { mkdirSync } from 'node:fs';
mkdirSync('/tmp/shots', { recursive: true });
const w = await openSignerWorld();
for (const [name, opt] of [
  ['m', { width: 360, height: 740, mobile: true }],
  ['d', { width: 1440, height: 900 }],
] as const) {
  const signing = await w.send(
    {
      withAgreement: name === 'd',
      message: 'Добрый день!\nПодпишите, пожалуйста, до пятницы.',
      language: 'ru',
    },
    4,
  );
  const b = await openBrowser(opt);
  const page = await b.context.newPage();
  const shot = async (n: string, full = false) => {
    await page.waitForTimeout(250);
    await page.screenshot({ path: `/tmp/shots/${name}-${n}.png`, fullPage: full });
  };
  await page.goto(w.linkOf(signing, 's1'));
  await page.waitForSelector('.pdf-page[data-drawn]');
  await shot('1-read');
  await page.getByTestId('continue').click();
  await shot('2-confirm');
  await page.getByTestId('send-code').click();
  await page.waitForSelector('[data-testid=code-input]:visible');
  await page.getByTestId('code-input').fill('000000');
  await page.getByTestId('confirm-code').click();
  await page.waitForSelector('[data-testid=code-error]:visible');
  await shot('3-code');
  await page.getByTestId('code-input').fill(w.lastCode());
  await page.getByTestId('confirm-code').click();
  await page.waitForSelector('[data-testid=signature-canvas]:visible');
  await page.waitForTimeout(300);
  const c = (await page.getByTestId('signature-canvas').boundingBox())!;
  await page.mouse.move(c.x + 30, c.y + 100);
  await page.mouse.down();
  for (let i = 0; i < 60; i++) await page.mouse.move(c.x + 30 + i * 3.5, c.y + 95 + Math.sin(i / 3) * 35);
  await page.mouse.up();
  await shot('4-sign');
  await page.getByTestId('sign').click();
  await page.waitForSelector('[data-testid=consent-error]:visible');
  await shot('5-sign-error', true);
  await page.getByTestId('tab-type').click();
  await shot('6-type');
  await page.getByTestId('decline-open').click();
  await shot('7-decline');
  await page.getByTestId('decline-back').click();
  await page.getByTestId('tab-draw').click();
  await page.getByTestId('consent').check();
  await page.getByTestId('sign').click();
  await page.waitForSelector('[data-testid=outcome]');
  await shot('8-signed', true);
  const m = (await w.read(signing)).signers[0]!.evidence!.mark as any;
  console.log(m);
  if (m.fileId)
    (await import('node:fs')).writeFileSync(`/tmp/shots/${name}-mark.png`, await w.files.get(m.fileId));
  console.log(name, b.complaints);
  await b.close();
}
await w.close();
await stopTestServer();
