// `node test/demo/screenshots.ts`: makes the pictures of the README again, in docs/images. Takes half a minute.
import { mkdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { registerEmployee } from '../support/office-client.ts';
import { codeIn, linkIn } from '../support/read-outbox.ts';
import { openStage } from '../support/run-app.ts';
import { createInbox } from '../support/sign-all.ts';
import { signaturePng } from '../support/signature-png.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const DEAL = 77;
const MANAGER = 12;
const DIRECTOR = 7;
const CONTACT = 55;

const stage = await openStage();
const browser = await openBrowser({ width: 1440, height: 900 });
try {
  const { portal } = stage;
  await mkdir(FOLDER, { recursive: true });
  await registerEmployee(portal, DIRECTOR, { signature: signaturePng(), mandate: true });
  const run = await portal.runRobot('send_for_signing', {
    dealId: DEAL,
    userId: MANAGER,
    runAs: MANAGER,
    properties: {
      document_id: ['300'],
      signer_1: `user_${DIRECTOR}`,
      signer_2: [String(CONTACT)],
      message: 'Добрый день! Договор согласован, подпишите, пожалуйста, до пятницы.',
    },
  });
  const inbox = createInbox(stage.outbox);

  const page = await browser.context.newPage();
  await page.goto(linkIn(await inbox.invitation()));
  await page.locator('.pdf-page[data-drawn]').first().waitFor();
  await page.getByTestId('continue').click();
  await page.getByTestId('send-code').click();
  await page.getByTestId('code-input').fill(codeIn(await inbox.code()));
  await page.getByTestId('confirm-code').click();
  await page.getByTestId('signature-canvas').waitFor();
  await draw(page);
  await page.getByTestId('consent').check();
  await page.evaluate('window.scrollTo(0, 0)');
  await take(page, 'signing.png');

  await page.getByTestId('sign').click();
  await page.locator('[data-testid="outcome"]').waitFor();
  await run.wait(30_000);
  await portal.settled();

  await page.goto(`${portal.url}/_portal/login?user=${MANAGER}&back=/crm/deal/details/${DEAL}/`);
  const card = page.getByTestId('timeline-activity').first();
  await card.waitFor();
  // The card stands where the signing began, below what came of it: the page is made smaller until it is in the picture.
  const { y, height } = (await card.boundingBox())!;
  const zoom = Math.min(1, 890 / (y + height));
  await page.evaluate(`document.documentElement.style.zoom = '${zoom}'`);
  await take(page, 'deal.png');
} finally {
  await browser.close();
  await stage.close();
}
// Agenda's leftover timers would keep the process for another minute and a half.
process.exit();

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${FOLDER}${name}`, animations: 'disabled' });
  const { size } = await stat(`${FOLDER}${name}`);
  console.log(`docs/images/${name}: ${Math.round(size / 1024)} kB`);
}

/** Writes something like a name: loops that become smaller. */
async function draw(page: Page): Promise<void> {
  const box = (await page.getByTestId('signature-canvas').boundingBox())!;
  const at = (t: number) => ({
    x: box.x + 50 + t * (box.width - 130) + 16 * Math.sin(t * 26),
    y: box.y + 100 + 34 * Math.sin(t * 20) * (1 - t * 0.7),
  });
  await page.mouse.move(at(0).x, at(0).y);
  await page.mouse.down();
  for (let t = 0; t <= 1; t += 0.01) await page.mouse.move(at(t).x, at(t).y);
  await page.mouse.up();
}
