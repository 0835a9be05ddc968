import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { checkCalls } from '../portal/check-calls.ts';
import { openBrowser } from '../support/browser.ts';
import type { TestBrowser } from '../support/browser.ts';
import { registerEmployee } from '../support/office-client.ts';
import { codeIn, linkIn } from '../support/read-outbox.ts';
import type { OutboxMessage } from '../support/read-outbox.ts';
import { openStage } from '../support/run-app.ts';
import type { Stage } from '../support/run-app.ts';
import { signaturePng } from '../support/signature-png.ts';
import { waitFor } from '../support/wait-for.ts';

const DEAL = 77;

describe('the main job in a browser', function () {
  this.timeout(120_000);
  let stage: Stage;
  let desktop: TestBrowser;
  let phone: TestBrowser;
  const read = new Set<string>();

  before(async () => {
    stage = await openStage({ install: false, portal: { pdfDelay: { polls: 1 } } });
    desktop = await openBrowser();
    phone = await openBrowser({ width: 360, height: 740, mobile: true });
  });

  after(async () => {
    await desktop?.close();
    await phone?.close();
    await stage?.close();
  });

  const nextMessage = (what: string, wanted: (message: OutboxMessage) => boolean): Promise<OutboxMessage> =>
    waitFor(what, async () => {
      const message = (await stage.outbox()).find((each) => !read.has(each.file) && wanted(each));
      if (message) read.add(message.file);
      return message;
    });
  const nextInvitation = () => nextMessage('an invitation', (message) => linkIn(message) !== '');
  const nextCode = () => nextMessage('a code', (message) => linkIn(message) === '' && codeIn(message) !== '');

  async function readAndIdentify(page: Page, link: string): Promise<void> {
    await page.goto(link);
    await page.locator('.pdf-page[data-drawn]').first().waitFor();
    await page.getByTestId('continue').click();
    await page.getByTestId('send-code').click();
    const code = codeIn(await nextCode());
    await page.getByTestId('code-input').fill(code === '000000' ? '111111' : '000000');
    await page.getByTestId('confirm-code').click();
    await page.getByTestId('code-error').waitFor();
    await page.getByTestId('code-input').fill(code);
    await page.getByTestId('confirm-code').click();
    await page.getByTestId('consent').waitFor();
  }

  const noScrollbar = async (page: Page): Promise<boolean> =>
    page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');

  it('when an admin installs the app, it finishes by itself and shows the application page', async () => {
    const page = await desktop.context.newPage();
    await page.goto(`${stage.portal.url}/marketplace/`);
    await page.getByTestId('install-app').first().click();
    await page.frameLocator('iframe').getByTestId('app-page').waitFor();
    expect(stage.portal.appState().installed).to.equal(true);
    expect(stage.portal.appState().robots).to.have.members(['send_for_signing', 'check_status']);
    await page.close();
    await registerEmployee(stage.portal, 7, { signature: signaturePng() });
  });

  it('when a person runs the robot and both sign, everything comes back', async () => {
    const office = await desktop.context.newPage();
    await office.goto(`${stage.portal.url}/crm/deal/details/${DEAL}/?tab=automation`);
    await office.getByTestId('robot-send_for_signing').locator('summary').click();
    await office.getByTestId('field-send_for_signing-document_id').fill('300');
    await office.getByTestId('field-send_for_signing-signer_1').selectOption('user_7');
    await office.getByTestId('field-send_for_signing-signer_2').fill('55');
    await office.getByTestId('field-send_for_signing-company_signature').selectOption('manual');
    await office.getByTestId('field-send_for_signing-additional_agreement').selectOption('Y');
    await office.getByTestId('run-send_for_signing').click();
    await office.getByTestId('run-state').first().waitFor();

    // The company's signer, on a desktop, draws.
    const company = await desktop.context.newPage();
    await readAndIdentify(company, linkIn(await nextInvitation()));
    const canvas = (await company.getByTestId('signature-canvas').boundingBox())!;
    await company.mouse.move(canvas.x + 40, canvas.y + 60);
    await company.mouse.down();
    for (let x = 40; x < 220; x += 6)
      await company.mouse.move(canvas.x + x, canvas.y + 60 + 30 * Math.sin(x / 14));
    await company.mouse.up();
    await company.getByTestId('consent').check();
    await company.getByTestId('sign').click();
    await company.locator('[data-testid="outcome"][data-state="signed"]').waitFor();

    // The counterparty, on a phone, types.
    const counterparty = await phone.context.newPage();
    await readAndIdentify(counterparty, linkIn(await nextInvitation()));
    expect(await noScrollbar(counterparty), 'no sideways scrolling at 360 px').to.equal(true);
    await counterparty.getByTestId('tab-type').click();
    await counterparty.getByTestId('typed-name').fill('Алексей Смирнов');
    await counterparty.getByTestId('consent').check();
    await counterparty.getByTestId('sign').click();
    await counterparty.locator('[data-testid="outcome"]').waitFor();

    const run = stage.portal.workflows.at(-1)!;
    await run.wait(30_000);
    expect(run.returnValues).to.include({ error: '' });
    expect(String(run.returnValues['status_code'])).to.equal('50');

    // What the person who started it sees.
    await office.reload();
    await office.getByTestId('tab-general').click();
    await office.getByTestId('timeline-logmessage').first().waitFor();
    await office.getByTestId('timeline-activity').first().waitFor();
    const timeline = await office.getByTestId('timeline').innerText();
    expect(timeline).to.contain('Иван Петров');
    await office.getByTestId('tab-automation').click();
    expect(await office.getByTestId('run-values').first().innerText()).to.contain('Завершено');
    expect(await waitFor('a notification', () => stage.portal.notifications(12)[0])).to.be.an('object');

    await office.locator('[data-testid^="tab-"]', { hasText: 'Подписание' }).click();
    const tab = office.frameLocator('iframe');
    await tab.getByTestId('deal-tab').waitFor();
    await tab.getByTestId('journal-toggle').first().click();
    await tab.getByTestId('journal-line').first().waitFor();
    expect(await tab.getByTestId('journal-line').count()).to.be.greaterThan(8);
  });

  it('when the signed file is uploaded to the verification page, it says unchanged and by whom', async () => {
    const run = stage.portal.workflows.at(-1)!;
    const signed = stage.portal
      .documents(DEAL)
      .find((each) => String(each.id) === run.returnValues['signed_document_id']);
    const file = join(stage.dataDir, 'signed.pdf');
    await writeFile(file, signed!.pdf!);
    const page = await desktop.context.newPage();
    await page.goto(`${stage.url}/verify?lang=ru`);
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByTestId('verify-submit').click();
    await page.locator('[data-testid="verdict"][data-verdict="unchanged"]').waitFor();
    await page.getByTestId('issued').waitFor();

    const bytes = Buffer.from(signed!.pdf!);
    bytes[Math.floor(bytes.length / 3)]! ^= 1;
    await writeFile(file, bytes);
    await page.goto(`${stage.url}/verify?lang=ru`);
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByTestId('verify-submit').click();
    await page.locator('[data-testid="verdict"][data-verdict="broken"]').waitFor();
    await page.close();
  });

  it('when all is done, no page had a script error and every portal call was as documented', () => {
    // 4xx answers to the wrong codes are meant to happen; everything else on the console is a fault.
    const expected =
      /\/s\/.*status of 4\d\d|Failed to load resource: the server responded with a status of 4\d\d/;
    expect([...desktop.complaints, ...phone.complaints].filter((each) => !expected.test(each))).to.deep.equal(
      [],
    );
    expect(checkCalls(stage.portal.calls)).to.deep.equal([]);
  });
});
