import { expect } from 'chai';
import sinon from 'sinon';
import { pdfOfScans } from '../../fixtures/pdf/pdf-of-scans.ts';
import { openBrowser } from '../../support/browser.ts';
import type { TestBrowser } from '../../support/browser.ts';
import { waitFor } from '../../support/wait-for.ts';
import { openSignerWorld } from './signer-world.ts';
import type { SignerWorld } from './signer-world.ts';

const PAGES = 30;
const MEBIBYTE = 1 << 20;

describe('a large document on a phone', function () {
  this.timeout(60_000);
  let world: SignerWorld;
  let phone: TestBrowser;
  let link: string;
  const document = pdfOfScans(PAGES);
  before(async () => {
    world = await openSignerWorld();
    phone = await openBrowser({ width: 360, height: 740, mobile: true });
    const signing = await world.send({}, PAGES, document);
    link = world.linkOf(signing, 's1');
  });
  after(async () => {
    await phone.close();
    await world.close();
  });
  afterEach(() => sinon.restore());

  /** Counts what is read from the store, which is what goes over the line. */
  function countBytes(): () => number {
    const read = sinon.spy(world.files, 'getRange');
    return () => read.getCalls().reduce((sum, { args: [, start, end] }) => sum + (end - start), 0);
  }

  it('when it is opened, expected the first page for a quarter of the file, and the last one when it is looked at', async () => {
    expect(document.length).to.be.greaterThan(15_000_000);
    const bytes = countBytes();
    const page = await phone.context.newPage();
    const workers: string[] = [];
    page.on('request', (request) => request.url().includes('worker') && workers.push(request.url()));
    await page.goto(link);
    await page.locator('.pdf-page[data-page="1"][data-drawn]').waitFor();
    expect(bytes(), 'for the first page').to.be.lessThan(4 * MEBIBYTE);
    expect(await page.locator('.pdf-page').count()).to.equal(PAGES);

    await page.locator(`.pdf-page[data-page="${PAGES}"]`).scrollIntoViewIfNeeded();
    await page.locator(`.pdf-page[data-page="${PAGES}"][data-drawn]`).waitFor();
    expect(bytes(), 'for the pages that were looked at').to.be.lessThan(9 * MEBIBYTE);
    expect(await page.getByTestId('page-number').innerText()).to.equal(`${PAGES} / ${PAGES}`);
    const drawn = await page.locator('.pdf-page[data-drawn]').count();
    expect(drawn, 'pages kept in memory').to.be.lessThan(8);
    await page.close();
    expect(phone.complaints).to.deep.equal([]);
  });

  it('when the line breaks for a moment, expected the part asked for again', async () => {
    const page = await phone.context.newPage();
    let broken = 0;
    await page.route('**/document', (route) =>
      route.request().headers()['range']?.startsWith('bytes=0-') || broken >= 2
        ? route.continue()
        : (broken++, route.abort('connectionreset')),
    );
    await page.goto(link);
    await page.locator('.pdf-page[data-page="1"][data-drawn]').waitFor();
    expect(broken).to.equal(2);
    await page.close();
    phone.complaints.length = 0;
  });

  it('when the document cannot be had at all, expected that said and the file offered', async () => {
    const page = await phone.context.newPage();
    await page.route('**/document', (route) =>
      route.request().headers()['range']?.startsWith('bytes=0-')
        ? route.continue()
        : route.abort('connectionreset'),
    );
    await page.goto(link);
    await page.getByTestId('preview-failed').waitFor();
    await page.close();
    phone.complaints.length = 0;
  });

  it('when somebody saves it and goes away half-way, expected no more read than was sent', async () => {
    const bytes = countBytes();
    const stop = new AbortController();
    const response = await fetch(`${link}/document?download=1`, { signal: stop.signal });
    expect(Number(response.headers.get('content-length'))).to.equal(document.length);
    await response.body!.getReader().read();
    stop.abort();
    let before = -1;
    await waitFor('the reading to end', () => {
      const ended = bytes() === before;
      before = bytes();
      return ended;
    });
    expect(bytes()).to.be.lessThan(document.length);
  });

  it('when it is saved, expected every byte', async () => {
    const saved = new Uint8Array(await (await fetch(`${link}/document?download=1`)).arrayBuffer());
    expect(Buffer.compare(saved, document)).to.equal(0);
  });
});
