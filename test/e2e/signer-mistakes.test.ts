import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import type { TestBrowser } from '../support/browser.ts';
import { registerEmployee } from '../support/office-client.ts';
import { codeIn, linkIn } from '../support/read-outbox.ts';
import { openStage } from '../support/run-app.ts';
import type { Stage } from '../support/run-app.ts';
import { createInbox } from '../support/sign-all.ts';

describe('mistakes of a signer on a phone', function () {
  this.timeout(120_000);
  let stage: Stage;
  let phone: TestBrowser;
  let page: Page;
  let code: string;

  before(async () => {
    stage = await openStage();
    phone = await openBrowser({ width: 360, height: 740, mobile: true });
    await registerEmployee(stage.portal, 7);
    await stage.portal.runRobot('send_for_signing', {
      dealId: 77,
      properties: {
        document_id: ['300'],
        signer_1: 'user_7',
        signer_2: ['55'],
        company_signature: 'manual',
        order: 'counterparty_first',
      },
    });
    const inbox = createInbox(stage.outbox);
    page = await phone.context.newPage();
    await page.goto(linkIn(await inbox.invitation()));
    await page.getByTestId('continue').click();
    await page.getByTestId('send-code').click();
    code = codeIn(await inbox.code());
  });

  after(async () => {
    await phone?.close();
    await stage?.close();
  });

  it('when the code is not complete, it costs no try; a wrong one does, and no support number frightens', async () => {
    await page.getByTestId('code-input').fill('12');
    await page.getByTestId('confirm-code').click();
    const error = page.getByTestId('code-error');
    await error.getByText('Введите 6 цифр').waitFor();
    await page.getByTestId('code-input').fill(code === '000000' ? '111111' : '000000');
    await page.getByTestId('confirm-code').click();
    await error.getByText('Осталось 4 попытки').waitFor();
    expect(await error.innerText()).to.not.contain('Номер для поддержки');
  });

  it('when nothing is drawn, the reason is in sight and not below the button', async () => {
    await page.getByTestId('code-input').fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await page.getByTestId('confirm-code').click();
    await page.setViewportSize({ width: 360, height: 560 });
    await page.getByTestId('sign').click();
    await page.getByTestId('mark-error').waitFor();
    const error = (await page.getByTestId('mark-error').boundingBox())!;
    const button = (await page.getByTestId('sign').boundingBox())!;
    expect(error.y + error.height).to.be.at.most(button.y);
  });

  it('when the typed letters cannot be printed, they are refused in words instead of printed as boxes', async () => {
    await page.getByTestId('tab-type').click();
    await page.getByTestId('consent').check();
    for (const text of ['王小明', 'محمد', 'Анна 🎉']) {
      await page.getByTestId('typed-name').fill(text);
      await page.getByTestId('sign').click();
      await page.getByTestId('mark-error').getByText('не напечатать').waitFor();
      await page.getByTestId('tab-draw').click();
      await page.getByTestId('tab-type').click();
    }
  });

  it('when the connection is lost while signing, a message says so and the next try signs', async () => {
    await page.getByTestId('typed-name').fill('Zoë O’Neill-Żółw');
    await phone.context.setOffline(true);
    await page.getByTestId('sign').click();
    await page.getByTestId('sign-error').getByText('Нет связи').waitFor();
    await phone.context.setOffline(false);
    await page.getByTestId('sign').dblclick();
    await page.locator('[data-testid="outcome"][data-state="signed"]').waitFor();
    expect(await page.title()).to.match(/^Вы подписали\. Спасибо!: /);
  });
});
