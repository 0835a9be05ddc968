import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { appendRevision, pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { aSealRequest, sharedEngine } from '../../fixtures/pdf/test-engine.ts';
import { openVerifyWorld } from './verify-world.ts';
import type { VerifyWorld } from './verify-world.ts';

describe('the verification page on real files', function () {
  this.timeout(60_000);
  let world: VerifyWorld;
  let sealed: Uint8Array;
  before(async () => {
    // The seal's certificate is made when the tests start.
    const now = () => new Date(Date.now() + 1000);
    world = await openVerifyWorld({ now });
    const engine = await sharedEngine();
    world.pdf.verify = (request) => engine.verify(request);
    const request = aSealRequest(pdfWithPages(['First page', 'Second page']), { sealedAt: now() });
    ({ pdf: sealed } = await engine.sealBundle(request));
  });
  after(() => world.close());

  async function check(bytes: Uint8Array): Promise<string> {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(bytes)]), 'file.pdf');
    const response = await fetch(`${world.base}/verify?lang=en`, { method: 'POST', body: form });
    expect(response.status).to.equal(200);
    return response.text();
  }

  it('when it is what we sealed, expected green, its level, coverage and certification, and what the certificate proves', async () => {
    const html = await check(sealed);
    expect(html).to.include('data-headline="unchanged" data-tone="success"');
    expect(html).to.include('PAdES B-B (ETSI EN 319 142-1)').and.include('the whole file');
    expect(html).to.include('DocMDP 1').and.include('data-testid="self-issued"');
    expect(html).to.include('Подпись (договор)').and.include('not trusted');
  });

  it('when we issued it, expected that said of these very bytes alone', async () => {
    const sha256 = createHash('sha256').update(sealed).digest('hex');
    world.issued.set(sha256, { sha256, signingId: '8'.repeat(24), kind: 'signed', issuedAt: new Date() });
    expect(await check(sealed)).to.include('data-testid="issued"');
    const longer = Buffer.concat([sealed, Buffer.from('\n')]);
    expect(await check(longer)).to.not.include('data-testid="issued"');
  });

  it('when a signed byte is another, expected red and nothing green', async () => {
    const bytes = Buffer.from(sealed);
    bytes[bytes.indexOf('/MediaBox') + 12]! ^= 1;
    const html = await check(bytes);
    expect(html).to.include('data-verdict="broken"').and.include('data-tone="danger"');
    expect(html).not.to.include('data-tone="success"');
  });

  it('when its text was replaced afterwards, expected the change named with its page', async () => {
    const body = '<< /Length 38 >>\nstream\nBT /F1 20 Tf 60 700 Td (Evil) Tj ET   \nendstream';
    const number = Number(
      /(\d+) 0 obj\n<<[^>]*\/Length[^>]*>>\nstream\nBT/.exec(Buffer.from(sealed).toString('latin1'))?.[1],
    );
    const root = /\/Root (\d+ \d+ R)/.exec(Buffer.from(sealed).toString('latin1'))?.[1];
    const html = await check(appendRevision(sealed, [{ number, body }], root));
    expect(html).to.include('data-verdict="changed"').and.include('data-testid="forbidden"');
  });

  it('when nobody signed it, or it is no PDF, expected that said', async () => {
    expect(await check(pdfWithPages(['Plain']))).to.include('data-headline="unsigned"');
    expect(await check(Buffer.from('hello'))).to.include('data-headline="not_a_pdf"');
  });
});
