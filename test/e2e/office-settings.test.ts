import { expect } from 'chai';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import type { TestBrowser } from '../support/browser.ts';
import { openStage } from '../support/run-app.ts';
import type { Stage } from '../support/run-app.ts';
import { makeP12 } from '../fixtures/pdf/make-p12.ts';

/** Where pictures of the pages go when somebody wants to look at them. */
const { SCREENSHOTS } = process.env;

interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { data: Uint8Array };
  };
}

describe('the settings of documents in the browser', function () {
  this.timeout(120_000);
  let stage: Stage;
  let browser: TestBrowser;
  let page: Page;
  let app: FrameLocator;

  before(async () => {
    stage = await openStage();
  });
  after(() => stage?.close());
  afterEach(async () => {
    // The browser itself complains of every answer that is a refusal.
    const complaints = browser.complaints.filter((text) => !/status of (409|422)/.test(text));
    expect(complaints).to.deep.equal([]);
    await browser.close();
  });

  /** @param width of the frame; the portal's own page stands around it */
  const openSettings = async (width: number) => {
    browser = await openBrowser({ width: 1440, height: 900 });
    page = await browser.context.newPage();
    await page.goto(`${stage.portal.url}/marketplace/app/acme.countersign/`);
    app = page.frameLocator('[data-testid=app-frame]');
    await app.getByTestId('signings').waitFor();
    const frame = await app.locator('html').evaluate((root) => root.ownerDocument.defaultView!.innerWidth);
    await page.setViewportSize({ width: 1440 - frame + width, height: 900 });
    await app.getByTestId('tab-settings').click();
    await app.getByTestId('all-settings').waitFor();
  };
  const click = (id: string) => app.getByTestId(id).click();
  const expectToast = (text: string) => app.getByTestId('toast').getByText(text).waitFor();
  const picture = async (name: string) => {
    if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });
  };
  /** How far the content is wider than its frame. */
  const overhang = () =>
    app.locator('html').evaluate((root) => root.scrollWidth - root.ownerDocument.defaultView!.innerWidth);

  const darkPixels = (drawn: Locator) =>
    drawn.evaluate((element) => {
      const canvas = element as unknown as Canvas;
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let dark = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at]! < 100 && data[at + 3]! > 200) dark++;
      return dark;
    });

  for (const width of [1280, 360]) {
    it(`when the frame is ${width} px wide, an administrator sets everything and nothing is wider than it`, async () => {
      await openSettings(width);
      await picture(`settings-${width}`);

      await click('mode-one_seal');
      await click('level-B-T');
      await click('tsa-wait');
      await app.getByTestId('flatten_forms').check();
      await click('save-documents');
      await expectToast('Настройки сохранены');
      expect(await app.getByTestId('mode-one_seal').isChecked()).to.equal(true);
      expect(await app.getByTestId('flatten_forms').isChecked()).to.equal(true);

      await click('agreement-fields');
      await click('agreement-ru-toggle');
      const text = app.getByTestId('agreement-ru-text');
      await text.fill('# Соглашение\n\nСторона {{кампания}} согласна.');
      await click('agreement-ru-show');
      await app.getByTestId('agreement-ru-errors').getByText('Строка 3').waitFor();
      expect(await text.inputValue(), 'what was written stays').to.include('{{кампания}}');
      await picture(`agreement-errors-${width}`);

      await text.fill('# Соглашение\n\nСторона {{компания}} согласна.');
      await click('agreement-ru-show');
      const drawn = app.getByTestId('agreement-ru-preview').getByRole('img', { name: 'Страница 1 из 1' });
      await drawn.waitFor();
      expect(await darkPixels(drawn), 'letters').to.be.greaterThan(50);
      expect(await app.getByTestId('agreement-ru-errors').count(), 'mended').to.equal(0);
      await picture(`agreement-preview-${width}`);
      await click('agreement-ru-save');
      await expectToast('Текст соглашения сохранён');
      expect(await app.getByTestId('agreement-ru-state').textContent()).to.equal('Свой текст');

      await click('certificate-toggle');
      await app.getByTestId('certificate-file').setInputFiles({
        name: 'company.p12',
        mimeType: 'application/x-pkcs12',
        buffer: Buffer.from(await makeP12({ password: 'пароль' })),
      });
      await app.getByTestId('certificate-password').fill('другой');
      await click('save-certificate');
      await app.getByTestId('toast-failed').getByText('Пароль не подходит').waitFor();
      await app.getByTestId('certificate-password').fill('пароль');
      await click('save-certificate');
      await app.getByTestId('certificate').getByText('Test Company').first().waitFor();
      await picture(`settings-set-${width}`);
      expect(await overhang()).to.be.at.most(0);

      await click('remove-certificate');
      const confirm = await app.getByTestId('remove-certificate-confirm').boundingBox();
      expect(confirm!.y, 'opens where the reader is').to.be.within(0, 900 - confirm!.height);
      await picture(`remove-certificate-${width}`);
      await click('remove-certificate-confirm');
      await app.getByTestId('certificate-state').getByText('Сертификат оператора').waitFor();
      await click('agreement-ru-reset');
      await click('agreement-ru-reset-confirm');
      await app.getByTestId('agreement-ru-state').getByText('Стандартный текст').waitFor();
    });
  }
});
