import { expect } from 'chai';
import { openBrowser } from '../support/browser.ts';
import type { TestBrowser } from '../support/browser.ts';
import { openStage } from '../support/run-app.ts';
import type { Stage } from '../support/run-app.ts';

describe('the application page without a connection', function () {
  this.timeout(120_000);
  let stage: Stage;
  let browser: TestBrowser;

  before(async () => {
    stage = await openStage();
    browser = await openBrowser({ width: 1280, height: 900 });
  });

  after(async () => {
    await browser?.close();
    await stage?.close();
  });

  it('when a section cannot be loaded, it says so and does not pass for the one that is shown', async () => {
    const page = await browser.context.newPage();
    await page.goto(`${stage.portal.url}/marketplace/app/acme.countersign/`);
    const app = page.frameLocator('[data-testid=app-frame]');
    await app.getByTestId('signings').waitFor();
    await page.route('**/office/balance', (route) => route.abort());
    await app.getByTestId('tab-balance').click();
    await app.getByTestId('toast-failed').getByText('Проверьте связь').waitFor();
    expect(await app.getByTestId('tab-signings').getAttribute('aria-current')).to.equal('page');
    expect(await app.getByTestId('tab-balance').getAttribute('aria-current')).to.equal(null);

    await page.unroute('**/office/balance');
    await app.getByTestId('tab-balance').click();
    await app.getByTestId('balance').waitFor();
    expect(await app.getByTestId('tab-balance').getAttribute('aria-current')).to.equal('page');
  });
});
