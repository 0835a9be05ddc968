import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { PdfEngine, VerificationResult } from '../../../app/ports/pdf-engine.ts';
import { drawnSignature } from '../../fixtures/pdf/make-png.ts';
import { openBrowser } from '../../support/browser.ts';
import type { TestBrowser } from '../../support/browser.ts';
import { T0, later } from '../../support/signing-builder.ts';
import { aFinding, aVerification } from '../../support/verification-builder.ts';
import { openVerifyWorld } from './verify-world.ts';
import type { VerifyWorld } from './verify-world.ts';

const FILE = { name: 'Договор № 17.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') };

const changed = (): VerificationResult =>
  aVerification({
    verdict: 'changed',
    signatures: [
      aFinding({
        name: 'Anna',
        reason: 'Approval',
        claimedTime: T0,
        timestamp: { time: later(3), valid: true, authority: 'TSA', trust: 'anchored' },
        changesAfter: [{ code: 'page_content', path: '/Pages/Kids[1]', permitted: false, page: 2 }],
      }),
    ],
    changedPages: [
      {
        page: 2,
        width: 595,
        height: 842,
        places: [{ x: 100, y: 421, width: 119, height: 84.2, permitted: false }],
        signed: drawnSignature(),
        now: drawnSignature(),
      },
    ],
  });

describe('the verification page in a browser', function () {
  this.timeout(60_000);
  let world: VerifyWorld;
  let desk: TestBrowser;
  let phone: TestBrowser;
  before(async () => {
    world = await openVerifyWorld();
    desk = await openBrowser({ locale: 'en-US' });
    phone = await openBrowser({ width: 360, height: 740, mobile: true });
  });
  after(async () => {
    await desk.close();
    await phone.close();
    await world.close();
  });
  afterEach(() => {
    expect([...desk.complaints, ...phone.complaints]).to.deep.equal([]);
  });

  async function open(browser: TestBrowser, verify: PdfEngine['verify'], path = '/verify'): Promise<Page> {
    world.pdf.verify = verify;
    const page = await browser.context.newPage();
    await page.goto(world.base + path);
    return page;
  }
  const focused = (page: Page) => page.evaluate<string>('document.activeElement.dataset.testid');
  const fits = (page: Page) =>
    page.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth');

  it('when a changed file is checked by keyboard, expected the answer in focus and its change by page', async () => {
    const page = await open(desk, async () => changed());
    await page.getByTestId('verify-file').setInputFiles(FILE);
    await page.getByTestId('verify-submit').focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-testid=verdict][data-tone=danger]').waitFor();
    expect(await focused(page)).to.equal('verdict-title');
    expect(await page.getByTestId('file-name').innerText()).to.equal(FILE.name);
    expect(await page.getByTestId('signature-status').innerText()).to.equal('Changed afterwards');
    expect(await page.getByTestId('forbidden').innerText()).to.include('(page 2)');
    expect(await page.getByTestId('time').innerText()).to.include('trusted time');
    expect(await page.getByTestId('claimed').innerText()).to.include('not trusted');
    expect(await page.getByTestId('reason').innerText()).to.equal('Approval');
    await page.close();
  });

  it('when a page changed, expected it before and now, the place outlined where it is, and larger by keyboard', async () => {
    const page = await open(desk, async () => changed());
    await page.getByTestId('verify-file').setInputFiles(FILE);
    await page.getByTestId('verify-submit').click();
    const pictures = page.getByTestId('changed-page').locator('img');
    await pictures.nth(1).waitFor();
    expect(await pictures.count()).to.equal(2);
    expect(await pictures.nth(1).getAttribute('alt')).to.include('Page 2 as it is now; 1 place changed');
    const drawn = `[...document.querySelectorAll('[data-page] img')].every((image) => image.naturalWidth > 0)`;
    expect(await page.evaluate(drawn)).to.equal(true);
    const picture = (await pictures.nth(1).boundingBox())!;
    const place = (await page.getByTestId('place-forbidden').nth(1).boundingBox())!;
    const share = (place.y + place.height / 2 - picture.y) / picture.height;
    expect(share).to.be.closeTo((421 + 42.1) / 842, 0.01);
    expect((place.x + place.width / 2 - picture.x) / picture.width).to.be.closeTo(159.5 / 595, 0.01);
    await page.getByTestId('larger').focus();
    await page.keyboard.press('Space');
    expect((await pictures.nth(1).boundingBox())!.width).to.be.at.least(900);
    expect(await fits(page)).to.equal(true);
    await page.close();
  });

  it('when it is read on a phone or printed, expected no sideways scrolling and nothing to click on paper', async () => {
    const page = await open(phone, async () => changed(), '/verify?lang=ru');
    await page.getByTestId('verify-file').setInputFiles(FILE);
    await page.getByTestId('verify-submit').click();
    await page.getByTestId('verdict').waitFor();
    expect(await fits(page)).to.equal(true);
    const [before, now] = await page.getByTestId('changed-page').locator('img').all();
    expect((await now!.boundingBox())!.y).to.be.greaterThan((await before!.boundingBox())!.y + 100);
    await page.emulateMedia({ media: 'print' });
    for (const handle of ['verify-file', 'larger', 'lang-en'])
      expect(await page.getByTestId(handle).isVisible(), handle).to.equal(false);
    expect(await page.getByTestId('sha256').isVisible()).to.equal(true);
    await page.close();
  });

  it('when a file is dropped beside the field, expected it chosen and the page kept', async () => {
    const page = await open(desk, async () => aVerification());
    await page.evaluate(`(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['%PDF-1.7'], 'dropped.pdf', { type: 'application/pdf' }));
      document.querySelector('h1').dispatchEvent(
        new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    })()`);
    await page.getByText('dropped.pdf').waitFor();
    await page.getByTestId('verify-submit').click();
    await page.locator('[data-testid=verdict][data-headline=unchanged]').waitFor();
    // The field of the next file is a new one and works as well.
    await page.getByTestId('verify-file').setInputFiles(FILE);
    await page.getByTestId('verify-submit').click();
    await page.getByText(FILE.name).waitFor();
    await page.close();
  });

  it('when a check takes its time, expected that said and a way to stop', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const page = await open(desk, async () => {
      await gate;
      return aVerification();
    });
    await page.getByTestId('verify-file').setInputFiles(FILE);
    await page.getByTestId('verify-submit').click();
    await page.getByText('Checking the signatures…').waitFor();
    await page.getByTestId('verify-cancel').click();
    await page.getByTestId('verify-submit').waitFor();
    release();
    await page.getByTestId('verify-submit').click();
    await page.getByTestId('verdict').waitFor();
    await page.close();
  });

  it('when the file is too large, expected that said without sending it', async () => {
    const page = await open(desk, async () => aVerification());
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.method()));
    await page.evaluate(`(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(50 * 1024 * 1024 + 1)], 'big.pdf'));
      document.querySelector('input[type=file]').files = transfer.files;
    })()`);
    await page.getByTestId('verify-submit').click();
    await page.getByTestId('verify-problem').getByText('larger than 50 MB').waitFor();
    expect(requests).to.deep.equal([]);
    await page.close();
  });

  it('when the connection is gone, expected that said and the next try to work', async () => {
    const page = await open(desk, async () => aVerification());
    await page.getByTestId('verify-file').setInputFiles(FILE);
    await desk.context.setOffline(true);
    await page.getByTestId('verify-submit').click();
    await page.getByTestId('verify-problem').getByText('Check the connection').waitFor();
    await desk.context.setOffline(false);
    await page.getByTestId('verify-submit').click();
    await page.getByTestId('verdict').waitFor();
    await page.close();
    const own = (each: string) => !each.includes('ERR_INTERNET_DISCONNECTED');
    desk.complaints.splice(0, Infinity, ...desk.complaints.filter(own));
  });

  it('when scripts are off, expected the same answer', async () => {
    world.pdf.verify = async () => changed();
    const page = await desk.context.newPage();
    await page.route('**/*.js', (route) => route.fulfill({ body: '', contentType: 'text/javascript' }));
    await page.goto(`${world.base}/verify?lang=en`);
    await page.getByTestId('verify-file').setInputFiles(FILE);
    await page.getByTestId('verify-submit').click();
    await page.locator('[data-testid=verdict][data-verdict=changed]').waitFor();
    expect(await page.getByTestId('changed-page').count()).to.equal(1);
    await page.close();
  });
});
