import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import sinon from 'sinon';
import type { StoredFile } from '../../../app/domain/signing.ts';
import { pdfOfScans } from '../../fixtures/pdf/pdf-of-scans.ts';
import { openBrowser } from '../../support/browser.ts';
import type { TestBrowser } from '../../support/browser.ts';
import { buildSigning } from '../../support/signing-builder.ts';
import { startOfficeApp } from './office-app.ts';
import type { OfficeApp } from './office-app.ts';

const ADMIN = { portalId: 'portal-a', id: '1', name: 'Admin', isAdmin: true };

describe('a document in the office', function () {
  this.timeout(60_000);
  let app: OfficeApp;
  let browser: TestBrowser;
  const pdf = pdfOfScans(12);
  before(async () => {
    app = await startOfficeApp({ admin: ADMIN });
    browser = await openBrowser({ width: 1280, height: 900, locale: 'en-US' });
    const file: StoredFile = {
      fileId: 'scan',
      name: 'scan.pdf',
      sha256: createHash('sha256').update(pdf).digest('hex'),
      size: pdf.length,
      pages: 12,
    };
    await app.files.put('scan', pdf, { portalId: 'portal-a', name: 'scan.pdf', type: 'application/pdf' });
    await app.signings.create(buildSigning({ documents: [{ ref: '300', title: 'Contract', file }] }));
  });
  after(async () => {
    await browser.close();
    await app.close();
  });
  afterEach(() => sinon.restore());

  /** As the portal does: a form post with the person's token. */
  async function openOffice(): Promise<Page> {
    const page = await browser.context.newPage();
    await page.goto(`${app.base}/terms`);
    const opened = page.waitForURL('**/app?**');
    await page.evaluate(`(() => {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = '/app?DOMAIN=127.0.0.1:1&PROTOCOL=0&LANG=en&APP_SID=0123456789abcdef';
      for (const [name, value] of Object.entries({ AUTH_ID: 'admin', PLACEMENT: 'DEFAULT' })) {
        const field = document.createElement('input');
        field.name = name;
        field.value = value;
        form.append(field);
      }
      document.body.append(form);
      form.submit();
    })()`);
    await opened;
    await page.getByTestId('open-signing').first().click();
    await page.getByTestId('signing-title').waitFor();
    return page;
  }

  it('when a file is opened, expected its first page without the whole file, and the next ones by scrolling', async () => {
    const read = sinon.spy(app.files, 'getRange');
    const page = await openOffice();
    await page.getByTestId('view-source-1').click();
    const dialog = page.getByTestId('document-dialog');
    await dialog.locator('.pdf-page[data-page="1"][data-drawn]').waitFor();
    const bytes = read.getCalls().reduce((sum, { args: [, start, end] }) => sum + (end - start), 0);
    expect(bytes).to.be.lessThan(pdf.length / 2);
    expect(await page.getByTestId('page-number').innerText()).to.equal('1 / 12');
    await page.getByTestId('pages').focus();
    await page.keyboard.press('End');
    await dialog.locator('.pdf-page[data-page="12"][data-drawn]').waitFor();
    expect(await page.getByTestId('page-number').innerText()).to.equal('12 / 12');
    await page.keyboard.press('Escape');
    expect(await dialog.isVisible()).to.equal(false);
    expect(await dialog.locator('.pdf-page').count()).to.be.greaterThan(0);
    await page.getByTestId('view-source-1').click();
    await dialog.locator('.pdf-page[data-page="1"][data-drawn]').waitFor();
    await page.close();
    expect(browser.complaints).to.deep.equal([]);
  });

  it('when a file is downloaded, expected it whole under its name', async () => {
    const page = await openOffice();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByTestId('file-source-1').click(),
    ]);
    expect(download.suggestedFilename()).to.equal('Contract.pdf');
    await page.close();
  });
});
