import { expect } from 'chai';
import type { Frame, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import type { TestBrowser } from '../support/browser.ts';
import { registerEmployee } from '../support/office-client.ts';
import { codeIn, linkIn } from '../support/read-outbox.ts';
import { openStage } from '../support/run-app.ts';
import type { Stage } from '../support/run-app.ts';
import { createInbox } from '../support/sign-all.ts';
import { waitFor } from '../support/wait-for.ts';

/** Breaks out of text, attribute, script and template; leaves a trace where any of it was believed. */
const HOSTILE = (where: string): string =>
  `"'><img src=x onerror="window.hacked='${where}'"><script>window.hacked='${where}'</script>{{7*7}}[B]${where}`;
const DEAL = 77;

describe('hostile texts from portal and signer', function () {
  this.timeout(120_000);
  let stage: Stage;
  let browser: TestBrowser;

  before(async () => {
    stage = await openStage();
    browser = await openBrowser({ width: 1280, height: 900 });
    const { crm } = stage.portal;
    crm.update(2, DEAL, { title: HOSTILE('deal') });
    crm.update(3, 55, { name: HOSTILE('name'), lastName: HOSTILE('last'), post: HOSTILE('post') });
    crm.update(4, 7, { title: HOSTILE('company') });
    await registerEmployee(stage.portal, 7);
  });

  after(async () => {
    await browser?.close();
    await stage?.close();
  });

  /** Nothing of a text became an element or ran, in the page and every frame of ours in it. */
  async function expectHarmless(page: Page, what: string): Promise<void> {
    for (const frame of page.frames()) {
      if (!frame.url().startsWith(stage.url)) continue;
      const trace: unknown = await frame.evaluate('window.hacked');
      expect(trace, `${what}: script ran`).to.equal(undefined);
      expect(await frame.locator('img[src="x"]').count(), `${what}: element made`).to.equal(0);
    }
  }

  const appFrame = (page: Page): Promise<Frame> =>
    waitFor('the app frame', () => page.frames().find((frame) => frame.url().startsWith(stage.url)));

  it('when every field says it, every page shows it as the text that it is', async () => {
    const document = await stage.portal.createDocument({ dealId: DEAL, title: HOSTILE('document') });
    const run = await stage.portal.runRobot('send_for_signing', {
      dealId: DEAL,
      properties: {
        document_id: [String(document.id)],
        signer_1: 'user_7',
        signer_2: ['55'],
        company_signature: 'manual',
        order: 'counterparty_first',
        subject: `${HOSTILE('subject')}\r\nBcc: victim@example.test`,
        message: HOSTILE('message'),
      },
    });
    const inbox = createInbox(stage.outbox);
    const invitation = await inbox.invitation();
    expect(invitation.subject).to.contain('[B]subject');
    expect(invitation.to).to.not.contain('victim');

    const page = await browser.context.newPage();
    await page.setContent(invitation.html);
    expect(await page.evaluate('window.hacked'), 'mail').to.equal(undefined);
    expect(await page.locator('img[src="x"]').count(), 'mail').to.equal(0);

    await page.goto(linkIn(invitation));
    await page.locator('.pdf-page[data-drawn]').first().waitFor();
    await expectHarmless(page, 'reading');
    expect(await page.locator('body').innerText()).to.contain('{{7*7}}[B]message');
    await page.getByTestId('continue').click();
    await page.getByTestId('send-code').click();
    await page.getByTestId('code-input').fill(codeIn(await inbox.code()));
    await page.getByTestId('confirm-code').click();
    await page.getByTestId('tab-type').click();
    await page.getByTestId('typed-name').fill(HOSTILE('mark').slice(0, 90));
    await page.getByTestId('consent').check();
    await page.getByTestId('sign').click();
    await page.locator('[data-testid="outcome"][data-state="signed"]').waitFor();
    await expectHarmless(page, 'signed');

    // The second signer declines with a reason of the same kind.
    await page.goto(linkIn(await inbox.invitation()));
    await page.getByTestId('decline-open').first().click();
    await page.getByTestId('decline-reason').fill(HOSTILE('reason'));
    await page.getByTestId('decline-confirm').click();
    await page.locator('[data-testid="outcome"][data-state="declined_by_me"]').waitFor();
    await expectHarmless(page, 'declined');
    await run.wait(20_000);
    expect(String(run.returnValues['status_code'])).to.equal('60');

    const portal = stage.portal.url;
    await page.goto(`${portal}/crm/deal/details/${DEAL}/`);
    await page.locator('[data-testid^="tab-"]', { hasText: 'Подписание' }).click();
    const tab = await appFrame(page);
    await tab.getByTestId('journal-toggle').first().click();
    await tab.getByText('[B]reason').first().waitFor();
    await expectHarmless(page, 'deal tab');

    await page.goto(`${portal}/marketplace/app/acme.countersign/`);
    const app = await appFrame(page);
    await app.getByTestId('open-signing').first().click();
    await app.getByTestId('signing-title').waitFor();
    await expectHarmless(page, 'signing');

    for (const tabName of ['me', 'employees', 'balance', 'settings']) {
      await app.getByTestId(`tab-${tabName}`).click();
      await app.getByTestId(tabName).waitFor();
      await expectHarmless(page, tabName);
    }

    const notification = await waitFor('a notification', () => stage.portal.notifications(12)[0]);
    expect(notification.message).to.not.contain('[B]');
    await page.close();
  });

  it('when all pages were shown, none complained of a script error or a refused inline script', () => {
    expect(
      browser.complaints.filter((each) => !/status of 4\d\d|about:blank|ERR_FILE_NOT_FOUND/.test(each)),
    ).to.deep.equal([]);
  });
});
