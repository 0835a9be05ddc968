import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { openBrowser } from '../../support/browser.ts';
import type { TestBrowser } from '../../support/browser.ts';
import { newSigner, signerOf } from '../../support/signing-builder.ts';
import { waitFor } from '../../support/wait-for.ts';
import { openSignerWorld } from './signer-world.ts';
import type { SignerWorld } from './signer-world.ts';

describe("signer's page in a browser", function () {
  this.timeout(60_000);
  let world: SignerWorld;
  let phone: TestBrowser;
  let desk: TestBrowser;
  before(async () => {
    world = await openSignerWorld();
    phone = await openBrowser({ width: 360, height: 740, mobile: true });
    desk = await openBrowser({ width: 1440, height: 900, locale: 'en-US' });
  });
  after(async () => {
    await phone.close();
    await desk.close();
    await world.close();
  });

  async function visit(browser: TestBrowser, link: string): Promise<Page> {
    const page = await browser.context.newPage();
    await page.goto(link);
    return page;
  }

  it('when a script runs the page but nobody touches it, expected no opening; with the first touch, one', async () => {
    const signing = await world.send();
    const page = await visit(phone, world.linkOf(signing, 's1'));
    await page.waitForSelector('.pdf-page[data-drawn]');
    const requests: string[] = [];
    page.on('request', (request) => requests.push(new URL(request.url()).pathname.split('/').at(-1) ?? ''));
    await page.evaluate(`window.dispatchEvent(new Event('pointerdown'))`);
    // Requests are seen in the order in which they are made: this one comes after any that the event caused.
    await page.evaluate(`fetch(location.pathname + '/status')`);
    expect(requests).to.deep.equal(['status']);
    expect((await world.read(signing)).status).to.equal('sent');
    await page.touchscreen.tap(100, 100);
    await waitFor('the opening', async () => (await world.read(signing)).status === 'opened');
    await page.close();
  });

  it('when a signer draws on a phone, expected the way from reading to "signed" without a fault', async () => {
    const signing = await world.send({}, 5);
    const page = await visit(phone, world.linkOf(signing, 's1'));
    await page.waitForSelector('.pdf-page[data-drawn] .textLayer span');
    expect(await page.locator('.pdf-page').count()).to.equal(5);
    expect(await page.locator('.pdf-page[data-drawn]').count()).to.be.lessThan(5);
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(360);
    await page.getByTestId('continue').click();
    await page.getByTestId('send-code').click();
    await page.getByTestId('code-input').waitFor();
    await page.getByTestId('code-input').fill(world.lastCode());
    await page.getByTestId('confirm-code').click();
    const canvas = page.getByTestId('signature-canvas');
    await canvas.waitFor();
    await page.getByTestId('sign').click();
    await page.getByTestId('mark-error').waitFor();
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + 40, box.y + 90);
    await page.mouse.down();
    for (let step = 0; step < 30; step++)
      await page.mouse.move(box.x + 40 + step * 6, box.y + 90 + Math.sin(step / 2) * 40);
    await page.mouse.up();
    await page.getByTestId('sign').click();
    await page.getByTestId('consent-error').waitFor();
    await page.getByTestId('consent').check();
    await page.getByTestId('sign').click();
    await page.locator('[data-testid=outcome][data-state=signed]').waitFor();
    const { evidence } = signerOf(await world.read(signing), 's1');
    expect(evidence?.mark.kind).to.equal('drawn');
    await page.goBack();
    await page.locator('[data-testid=outcome][data-state=signed]').waitFor();
    await page.close();
    expect(phone.complaints).to.deep.equal([]);
  });

  it('when only the keyboard is used, expected to sign with a typed name', async () => {
    const signing = await world.send({
      signers: [newSigner('s1', { language: 'en', name: 'Anna Petrova' }), newSigner('s2')],
    });
    const page = await visit(desk, world.linkOf(signing, 's1'));
    const press = (key: string) => page.keyboard.press(key);
    const active = 'document.activeElement';
    const focused = () => page.evaluate<string>(`${active}.getAttribute('data-testid') ?? ${active}.id`);
    const tabTo = async (handle: string) => {
      for (let presses = 0; presses < 40 && (await focused()) !== handle; presses++) await press('Tab');
      expect(await focused()).to.equal(handle);
    };
    await tabTo('continue');
    await press('Enter');
    expect(await focused()).to.equal('confirm-title');
    await tabTo('send-code');
    await press('Enter');
    await waitFor('the field of the code', async () => (await focused()) === 'code-input');
    await page.keyboard.type(world.lastCode());
    await press('Enter');
    await waitFor('the next step', async () => (await focused()) === 'sign-title');
    await tabTo('tab-draw');
    await press('ArrowRight');
    expect(await focused()).to.equal('tab-type');
    await tabTo('consent');
    await press('Space');
    await press('Tab');
    expect(await focused()).to.equal('sign');
    await press('Enter');
    await page.locator('[data-testid=outcome][data-state=signed]').waitFor();
    const { evidence } = signerOf(await world.read(signing), 's1');
    expect(evidence?.mark).to.deep.equal({ kind: 'typed', text: 'Anna Petrova' });
    await page.close();
    expect(desk.complaints).to.deep.equal([]);
  });

  it('when the hour of a session ends before signing, expected a new code to be asked for and the drawing kept', async () => {
    const signing = await world.send();
    const page = await desk.context.newPage();
    await page.clock.install();
    await page.goto(world.linkOf(signing, 's1'));
    const confirm = async (handle: string) => {
      await page.getByTestId(handle).click();
      await page.locator('[data-testid=send-again]:disabled').waitFor();
      await page.getByTestId('code-input').fill(world.lastCode());
      await page.getByTestId('confirm-code').click();
      await page.getByTestId('sign').waitFor();
    };
    await page.getByTestId('continue').click();
    await confirm('send-code');
    await page.getByTestId('tab-type').click();
    await page.getByTestId('typed-name').fill('И. Петров');
    await page.getByTestId('consent').check();
    world.pass(3601);
    await page.getByTestId('sign').click();
    await page.getByTestId('send-error').waitFor();
    await page.clock.fastForward(60_000);
    await confirm('send-again');
    await page.getByTestId('sign').click();
    await page.locator('[data-testid=outcome][data-state=signed]').waitFor();
    const { evidence } = signerOf(await world.read(signing), 's1');
    expect(evidence?.mark).to.deep.equal({ kind: 'typed', text: 'И. Петров' });
    await page.close();
    // The browser itself reports the refused request; scripts and policy have nothing to complain about.
    expect(desk.complaints.filter((each) => !each.includes('status of 401'))).to.deep.equal([]);
    desk.complaints.length = 0;
  });

  it('when a signer declines in the dialog, expected the focus kept there and the outcome shown', async () => {
    const signing = await world.send();
    const page = await visit(desk, world.linkOf(signing, 's1'));
    await page.getByTestId('decline-open').click();
    await page.getByTestId('decline-confirm').click();
    await page.getByTestId('decline-error').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('decline-dialog').waitFor({ state: 'hidden' });
    await page.getByTestId('decline-open').click();
    await page.getByTestId('decline-reason').fill('Цена <b>выше</b>');
    await page.getByTestId('decline-confirm').click();
    await page.locator('[data-testid=outcome][data-state=declined_by_me]').waitFor();
    expect(signerOf(await world.read(signing), 's1').declineReason).to.equal('Цена <b>выше</b>');
    await page.close();
    expect(desk.complaints).to.deep.equal([]);
  });
});
