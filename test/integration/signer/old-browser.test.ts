import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { openBrowser } from '../../support/browser.ts';
import type { TestBrowser } from '../../support/browser.ts';
import { openSignerWorld } from './signer-world.ts';
import type { SignerWorld } from './signer-world.ts';

/** What browsers learned after the end of 2023 (Chrome 119, Safari 17.2): a phone that is two years old has none of it. */
const FORGET = `
  for (const [from, names] of [
    [Map.prototype, ['getOrInsert', 'getOrInsertComputed']],
    [WeakMap.prototype, ['getOrInsert', 'getOrInsertComputed']],
    [Math, ['sumPrecise', 'f16round']],
    [Promise, ['try', 'withResolvers']],
    [Uint8Array, ['fromBase64', 'fromHex']],
    [Uint8Array.prototype, ['toBase64', 'toHex', 'setFromBase64', 'setFromHex']],
    [URL, ['parse']],
    [Set.prototype, ['union', 'difference', 'intersection', 'isSubsetOf']],
    [globalThis, ['Float16Array', 'Iterator']],
  ]) for (const name of names) delete from[name];
`;

describe("signer's page in a browser of two years ago", function () {
  this.timeout(60_000);
  let world: SignerWorld;
  let phone: TestBrowser;
  before(async () => {
    world = await openSignerWorld();
    phone = await openBrowser({ width: 360, height: 740, mobile: true });
  });
  after(async () => {
    await phone.close();
    await world.close();
  });

  it('when it shows the document, expected its pages and their text', async () => {
    const signing = await world.send();
    const page = await phone.context.newPage();
    await page.addInitScript(FORGET);
    const worker = new URL(
      '../../../node_modules/pdfjs-dist/legacy/build/pdf.worker.min.mjs',
      import.meta.url,
    );
    const body = FORGET + (await readFile(worker, 'utf8'));
    let started = 0;
    await phone.context.route('**/pdf.worker.min.mjs', (route) => {
      started += 1;
      return route.fulfill({ body, contentType: 'text/javascript' });
    });
    await page.goto(world.linkOf(signing, 's1'));
    await page.waitForSelector('.pdf-page[data-drawn] .textLayer span');
    expect(started).to.be.greaterThan(0);
    await page.close();
    expect(phone.complaints).to.deep.equal([]);
  });
});
