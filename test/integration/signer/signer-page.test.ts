import { expect } from 'chai';
import { markCompleted, markSealed } from '../../../app/domain/transitions/end-signing.ts';
import { cancelSigning } from '../../../app/domain/transitions/end-signing.ts';
import { signerOf } from '../../support/signing-builder.ts';
import { openSignerWorld } from './signer-world.ts';
import type { SignerWorld } from './signer-world.ts';

const stateIn = (html: string): string =>
  /data-state="(\w+)"/.exec(html)?.[1] ?? (html.includes('data-testid="signer-page"') ? 'sign' : 'none');

describe("signer's page", () => {
  let world: SignerWorld;
  before(async () => {
    world = await openSignerWorld();
  });
  after(() => world.close());

  it('when a link is loaded, even often and by HEAD, expected the page and nothing recorded', async () => {
    const signing = await world.send();
    const client = world.client(signing, 's1');
    const { status, html } = await client.page();
    expect(status).to.equal(200);
    expect(stateIn(html)).to.equal('sign');
    await client.page();
    await client.get('/document');
    await client.get('/status');
    await fetch(client.link, { method: 'HEAD' });
    expect((await world.read(signing)).revision).to.equal(signing.revision);
  });

  it('when it is answered, expected no inline script, no referrer, no cache, no index, no frame', async () => {
    const signing = await world.send();
    const answer = await fetch(world.linkOf(signing, 's1'));
    const html = await answer.text();
    expect(answer.headers.get('content-security-policy'))
      .to.include("frame-ancestors 'none'")
      .and.include("script-src 'self'");
    expect(answer.headers.get('referrer-policy')).to.equal('no-referrer');
    expect(answer.headers.get('cache-control')).to.equal('no-store');
    expect(answer.headers.get('x-robots-tag')).to.include('noindex');
    expect(html).not.to.match(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
  });

  it("when the page's script says that a person is there, expected it recorded once", async () => {
    const signing = await world.send();
    const client = world.client(signing, 's1');
    expect((await client.post('/opened')).status).to.equal(204);
    expect((await client.post('/opened')).status).to.equal(204);
    const opened = await world.read(signing);
    expect(opened.status).to.equal('opened');
    expect(opened.journal.filter((entry) => entry.type === 'opened')).to.have.length(1);
  });

  it("when it is not the signer's turn, expected a page that says so, and neither document nor action", async () => {
    const signing = await world.send();
    const client = world.client(signing, 's2');
    const { html } = await client.page();
    expect(stateIn(html)).to.equal('not_yet');
    expect((await client.get('/document')).status).to.equal(404);
    for (const path of ['/opened', '/code', '/decline']) {
      const answer = await client.post(path, { reason: 'x' });
      expect(answer.status, path).to.equal(409);
      expect(await answer.json()).to.include({ error: 'state_changed' });
    }
    expect(world.mails).to.deep.equal([]);
    expect((await world.read(signing)).revision).to.equal(signing.revision);
  });

  it('when the link is wrong, cut or revoked, expected the same clear page with a reference', async () => {
    const signing = await world.send();
    const link = world.linkOf(signing, 's1');
    const other = await world.send();
    await world.signings.save({
      ...signing,
      signers: signing.signers.map((signer) =>
        signer.id === 's1' ? { ...signer, linkNonce: 'new' } : signer,
      ),
    });
    const links = [
      link,
      `${link.slice(0, -4)}AAAA`,
      link.slice(0, -3),
      `${world.origin}/s/x`,
      link.replace(signing.id, other.id),
    ];
    for (const each of links) {
      const answer = await fetch(each, { headers: { Accept: 'text/html', 'Accept-Language': 'ru' } });
      const html = await answer.text();
      expect(answer.status, each).to.equal(404);
      expect(stateIn(html)).to.equal('invalid');
      expect(html).to.include(answer.headers.get('x-request-id'));
      const post = await fetch(`${each}/opened`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
      });
      expect(post.status).to.equal(404);
    }
  });

  it('when the deadline has passed, expected "expired" although no sweep has come, and no signature', async () => {
    const signing = await world.send({ expiresAt: new Date(world.now().getTime() + 60_000) });
    const client = await world.identified(signing, 's1');
    const { html } = await client.page();
    const consentVersion = /data-consent-version="([^"]+)"/.exec(html)?.[1];
    world.pass(61);
    expect(stateIn((await client.page()).html)).to.equal('expired');
    const mark = { kind: 'typed', text: 'Иван' };
    const answer = await client.post('/sign', { consentVersion, bundleSha256: signing.bundle!.sha256, mark });
    expect(answer.status).to.equal(409);
    expect((await client.get('/document')).status).to.equal(404);
    expect(signerOf(await world.read(signing), 's1').status).not.to.equal('signed');
  });

  it('when it is cancelled, expected that on the page, and no action', async () => {
    const signing = await world.send();
    const client = await world.identified(signing, 's1');
    const actor = { kind: 'user', id: '12' } as const;
    await world.changeSigning(signing.id, (each, now) => cancelSigning(each, actor, 'secret reason', now));
    const { html } = await client.page();
    expect(stateIn(html)).to.equal('cancelled');
    expect(html).not.to.include('secret reason');
    expect((await client.sign()).status).to.equal(409);
  });

  it('when it is completed, expected progress, fingerprint, check link and the files', async () => {
    const signing = await world.send();
    for (const id of ['s1', 's2'])
      expect((await (await world.identified(signing, id)).sign()).status).to.equal(200);
    await world.changeSigning(signing.id, (each, now) => {
      const sealed = markSealed(each, { signedFile: each.bundle!, report: each.bundle! }, 'B-B', now);
      return markCompleted(sealed, {}, now);
    });
    const client = world.client(signing, 's2');
    const { html } = await client.page();
    expect(stateIn(html)).to.equal('completed');
    expect(html).to.include(signing.bundle!.sha256).and.include('/verify/');
    expect(html).not.to.match(/s1@example|\+7/);
    const file = await client.get('/files/signed?download=1');
    expect(file.headers.get('content-type')).to.equal('application/pdf');
    expect(file.headers.get('content-disposition')).to.match(/^attachment/);
    expect((await file.arrayBuffer()).byteLength).to.equal(signing.bundle!.size);
    for (const kind of ['agreement', 'source', '__proto__', 'constructor']) {
      expect((await client.get(`/files/${kind}`)).status, kind).to.equal(404);
    }
    expect(await (await client.get('/status')).json()).to.include({
      state: 'completed',
      signed: 2,
      total: 2,
    });
  });

  it('when it is not completed, expected no finished files', async () => {
    const client = world.client(await world.send(), 's1');
    for (const kind of ['signed', 'report'])
      expect((await client.get(`/files/${kind}`)).status).to.equal(404);
  });

  it('when the document is asked for in ranges, expected exactly these bytes', async () => {
    const signing = await world.send({ title: 'Договор "№ 17"\r\nX-Evil: 1' });
    const client = world.client(signing, 's1');
    const whole = await client.document();
    const part = await client.get('/document', { Range: 'bytes=10-19' });
    expect(part.status).to.equal(206);
    expect(part.headers.get('content-range')).to.equal(`bytes 10-19/${whole.length}`);
    expect(Buffer.from(await part.arrayBuffer()).equals(Buffer.from(whole.subarray(10, 20)))).to.equal(true);
    expect((await client.get('/document', { Range: `bytes=${whole.length}-` })).status).to.equal(416);
    const changed = await client.get('/document', { Range: 'bytes=0-9', 'If-Range': '"other"' });
    expect(changed.status).to.equal(200);
    expect(changed.headers.get('x-evil')).to.equal(null);
    expect(changed.headers.get('content-disposition')).to.match(
      /^inline; filename="[\w .()-]+"; filename\*=UTF-8''[\w.%~!-]+$/,
    );
  });

  it("when the reader's language is chosen, expected it; else the signer's", async () => {
    const signing = await world.send();
    const link = world.linkOf(signing, 's1');
    const read = async (url: string) => (await fetch(url, { headers: { 'Accept-Language': 'de' } })).text();
    expect(await read(link))
      .to.include('lang="ru"')
      .and.include('Прочитайте документ');
    expect(await read(`${link}?lang=en`))
      .to.include('lang="en"')
      .and.include('Read the document');
  });

  it('when wrong links are tried again and again, expected 429', async () => {
    const own = await openSignerWorld();
    try {
      let last = 0;
      for (let tries = 0; tries < 32; tries++) last = (await fetch(`${own.origin}/s/wrong-${tries}`)).status;
      expect(last).to.equal(429);
      const signing = await own.send();
      expect((await own.client(signing, 's1').page()).status).to.equal(200);
    } finally {
      await own.close();
    }
  });

  it('when everything above was logged, expected no link and no code in it', () => {
    const log = world.logged.join('');
    expect(log).to.include('/s/');
    expect(log).not.to.match(/\/s\/[0-9a-f]{24}-s\d/);
    for (const mail of world.mails) {
      const code = /\d{6}/.exec(mail.text)?.[0] ?? 'none';
      expect(log).not.to.include(`"${code}"`);
    }
  });
});
