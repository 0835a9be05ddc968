import { expect } from 'chai';
import type { VerificationResult } from '../../../app/ports/pdf-engine.ts';
import { PdfEngineFailure } from '../../../app/ports/pdf-engine.ts';
import { signerSigned } from '../../../app/domain/transitions/signer-actions.ts';
import { evidence, later, sentSigning } from '../../support/signing-builder.ts';
import { aFinding, aVerification } from '../../support/verification-builder.ts';
import { startOfficeApp } from '../office/office-app.ts';
import type { OfficeApp } from '../office/office-app.ts';
import { ROOT_PEM } from './verify-world.ts';

const found = (fields: Partial<VerificationResult> = {}): VerificationResult =>
  aVerification({ verdict: 'unsigned', signatures: [], ...fields });

describe('/verify', () => {
  let app: OfficeApp;
  beforeEach(async () => {
    app = await startOfficeApp({});
  });
  afterEach(() => app.close());

  const upload = (
    accept: string,
    { field = 'file', name = 'a.pdf', bytes = Buffer.from('%PDF-1.7'), path = '/verify' } = {},
  ) => {
    const form = new FormData();
    form.set(field, new Blob([new Uint8Array(bytes)]), name);
    return fetch(app.base + path, { method: 'POST', headers: { accept }, body: form });
  };

  it('when anyone opens it, expected a page with a form in both languages that nobody may frame', async () => {
    for (const [lang, title] of [
      ['en', 'Check a signed PDF'],
      ['ru', 'Проверка подписанного PDF'],
    ] as const) {
      const response = await fetch(`${app.base}/verify?lang=${lang}`);
      expect(response.headers.get('content-security-policy')).to.match(/frame-ancestors 'none'$/);
      expect(await response.text())
        .to.include(title)
        .and.include('data-testid="verify-file"');
    }
  });

  it('when a file is sent for JSON, expected the engine’s findings, and that the engine got the very bytes', async () => {
    let given: unknown;
    app.pdf.verify = async (request) => {
      given = request;
      return found();
    };
    const response = await upload('application/json');
    expect(response.headers.get('content-type')).to.match(/json/);
    expect(await response.json()).to.deep.include({ verdict: 'unsigned', sha256: 'a'.repeat(64) });
    expect(given).to.deep.include({ pdf: Buffer.from('%PDF-1.7'), at: app.now() });
  });

  it('when a file that we issued is sent, expected since when, and nothing that the file itself does not say', async () => {
    const signing = await app.signings.create(sentSigning());
    await app.issued.add({
      sha256: 'a'.repeat(64),
      signingId: signing.id,
      kind: 'signed',
      issuedAt: later(9),
    });
    app.pdf.verify = async () => aVerification();
    const json = await (await upload('application/json')).text();
    expect(JSON.parse(json)).to.deep.include({
      issued: { kind: 'signed', issuedAt: later(9).toISOString() },
    });
    const html = await (await upload('text/html')).text();
    expect(html).to.include('data-headline="issued"').and.include('Unchanged, signed by Seal');
    for (const answer of [json, html]) {
      const told = [signing.id, 'CS-01234567', signing.title, ...signing.signers.map(({ name }) => name)];
      for (const secret of told) expect(answer).not.to.include(secret);
    }
  });

  it('when the file is sent from the page of a code, expected whether it belongs to that code', async () => {
    const id = '8'.repeat(24);
    await app.issued.add({ sha256: 'a'.repeat(64), signingId: id, kind: 'signed', issuedAt: later(9) });
    app.pdf.verify = async () => aVerification();
    const own = await (await upload('text/html', { path: `/verify/${id}` })).text();
    expect(own).to.include('This file is of signing CS-88888888');
    const other = await (await upload('text/html', { path: `/verify/${'7'.repeat(24)}` })).text();
    expect(other).to.include('not a file that Countersign issued for signing CS-77777777');
  });

  it('when pages look different, expected pictures for people, and for programs when they ask', async () => {
    const png = new Uint8Array([1, 2, 3]);
    const place = { x: 10, y: 20, width: 30, height: 40, permitted: false };
    const page = { page: 2, width: 600, height: 800, places: [place] };
    const asked: unknown[] = [];
    app.pdf.verify = async ({ pictures }) => {
      asked.push(pictures);
      const changed = pictures ? { ...page, signed: png, now: png } : page;
      return aVerification({ verdict: 'changed', changedPages: [changed] });
    };
    const html = await (await upload('text/html')).text();
    expect(html).to.include('src="data:image/png;base64,AQID"');
    expect(html).to.match(/place-forbidden"[^>]*x="7"\s+y="17"\s+width="36"\s+height="46"/);
    const bare: unknown = await (await upload('application/json')).json();
    expect(bare).to.deep.include({ changedPages: [page] });
    const full: unknown = await (await upload('application/json', { path: '/verify?pictures=1' })).json();
    expect(full).to.deep.include({ changedPages: [{ ...page, signed: 'AQID', now: 'AQID' }] });
    // Both get the answer of the same check.
    expect(asked).to.deep.equal([6, 6, 6]);
  });

  it('when the seal is self-issued, expected that said and its root for download', async () => {
    app.pdf.verify = async () => aVerification({ signatures: [aFinding({ trust: 'ours' })] });
    const html = await (await upload('text/html')).text();
    expect(html).to.include('data-testid="self-issued"').and.include('href="/verify/root.pem"');
    const root = await fetch(`${app.base}/verify/root.pem`);
    expect(root.headers.get('content-disposition')).to.include('countersign-root.pem');
    expect(await root.text()).to.equal(ROOT_PEM);
  });

  it('when it was changed after the seal, expected that no word of being issued is said', async () => {
    app.pdf.verify = async () => found({ verdict: 'changed' });
    const html = await (await upload('text/html')).text();
    expect(html).to.include('data-verdict="changed"').and.not.include('data-testid="issued"');
  });

  it('when the file’s name is hostile, expected it as plain text', async () => {
    app.pdf.verify = async () => found();
    const html = await (await upload('text/html', { name: '<img src=x onerror=alert(1)>.pdf' })).text();
    expect(html).to.include('&lt;img src=x').and.not.include('<img src=x');
  });

  it('when nothing or another field is sent, expected a clear 400 in either form', async () => {
    for (const options of [{ field: 'other' }, { bytes: Buffer.alloc(0) }]) {
      const json = await upload('application/json', options);
      expect(json.status).to.equal(400);
      expect(await json.json()).to.include({ error: 'no_file' });
      const html = await upload('text/html', options);
      expect(html.status).to.equal(400);
      expect(await html.text()).to.include('data-testid="verify-problem"');
    }
    const wrong = await fetch(`${app.base}/verify`, {
      method: 'POST',
      body: new URLSearchParams({ a: 'b' }),
    });
    expect(wrong.status).to.equal(400);
    const cut = await fetch(`${app.base}/verify`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    });
    expect(cut.status).to.equal(400);
  });

  it('when the file is larger than 50 MB, expected 413 and the engine not asked', async () => {
    let asked = false;
    app.pdf.verify = async () => {
      asked = true;
      return found();
    };
    const response = await upload('application/json', { bytes: Buffer.alloc(50 * 1024 * 1024 + 1) });
    expect([response.status, asked]).to.deep.equal([413, false]);
    const html = await upload('text/html', { bytes: Buffer.alloc(50 * 1024 * 1024 + 1) });
    expect(html.status).to.equal(413);
    expect(await html.text())
      .to.include('larger than 50 MB')
      .and.include('data-testid="verify-file"');
  });

  it('when many files come from one address at once, expected some turned away until others are done', async () => {
    let release = () => undefined as void;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    app.pdf.verify = async () => {
      await gate;
      return found();
    };
    const statuses: number[] = [];
    const all = Array.from({ length: 6 }, async () => {
      statuses.push((await upload('application/json')).status);
      if (statuses.length === 4) release();
    });
    await Promise.all(all);
    expect(statuses).to.deep.equal([429, 429, 429, 429, 200, 200]);
    expect((await upload('application/json')).status).to.equal(200);
  });

  it('when the engine is down, expected 503 without its message', async () => {
    app.pdf.verify = () => Promise.reject(new PdfEngineFailure('crashed', 'worker 3 died: /secret/path'));
    const response = await upload('application/json');
    expect(response.status).to.equal(503);
    expect(await response.text()).not.to.include('/secret/path');
    const html = await (await upload('text/html')).text();
    expect(html).to.include('says nothing about the file').and.include('data-testid="verify-reference"');
    expect(html).to.include('data-testid="verify-file"').and.not.include('/secret/path');
  });

  it('when the code of a finished signing is scanned, expected its number and a request for the file', async () => {
    const signing = sentSigning();
    const both = signerSigned(signerSigned(signing, 's1', evidence(), later(5)), 's2', evidence(), later(6));
    await app.signings.create(both);
    const known = await (await fetch(`${app.base}/verify/${signing.id}?lang=en`)).text();
    expect(known).to.include('belongs to signing CS-01234567').and.not.include(signing.title);
    expect(known).to.not.include('data-testid="link-not-issued"');
    const changed = await (await fetch(`${app.base}/verify/${signing.id}?h=${'c'.repeat(64)}`)).text();
    expect(changed).to.include('data-testid="link-not-issued"');
    const unknown = await (await fetch(`${app.base}/verify/${'9'.repeat(24)}?h=zzz`)).text();
    expect(unknown).to.include('knows no finished signing');
    expect((await fetch(`${app.base}/verify/%3Cscript%3E`)).status).to.equal(404);
  });

  it('when the signing is gone but its file was issued, expected that the link still says so', async () => {
    const id = '8'.repeat(24);
    await app.issued.add({ sha256: 'b'.repeat(64), signingId: id, kind: 'signed', issuedAt: later(9) });
    const html = await (await fetch(`${app.base}/verify/${id}?h=${'B'.repeat(64)}`)).text();
    expect(html).to.include('belongs to signing CS-88888888').and.include('data-testid="link-issued"');
    expect(html).to.include(`action="/verify/${id}?lang=en&amp;h=${'b'.repeat(64)}"`);
    const other = await (await fetch(`${app.base}/verify/${'7'.repeat(24)}?h=${'b'.repeat(64)}`)).text();
    expect(other).to.include('knows no finished signing');
  });

  it('when terms and privacy are opened directly, expected them in both languages', async () => {
    for (const [path, text] of [
      ['/terms?lang=en', 'Terms of use'],
      ['/terms?lang=ru', 'Условия использования'],
      ['/privacy?lang=en', 'What is stored'],
      ['/privacy?lang=ru', 'Что хранится'],
    ] as const) {
      const response = await fetch(app.base + path);
      expect(response.status).to.equal(200);
      expect(await response.text()).to.include(text);
    }
  });
});
