import { expect } from 'chai';
import { newSigner, signerOf } from '../../support/signing-builder.ts';
import { signaturePng } from '../../support/signature-png.ts';
import { EVIL, isHarmless } from './harmless.ts';
import { openSignerWorld } from './signer-world.ts';
import type { SignerWorld } from './signer-world.ts';

describe('signing and declining', () => {
  let world: SignerWorld;
  beforeEach(async () => {
    world = await openSignerWorld();
  });
  afterEach(() => world.close());

  const bodyOf = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
  const drawn = { kind: 'drawn', image: `data:image/png;base64,${signaturePng().toString('base64')}` };

  it('when a signer signs with a drawing, expected evidence, the picture stored and the next one invited', async () => {
    const signing = await world.send();
    const client = await world.identified(signing, 's1');
    expect(await bodyOf(await client.sign(drawn))).to.deep.equal({ signed: true, already: false });
    const after = await world.read(signing);
    const { evidence, status } = signerOf(after, 's1');
    expect(status).to.equal('signed');
    expect(evidence).to.include({
      method: 'email_code',
      ip: '127.0.0.1',
      bundleSha256: signing.bundle!.sha256,
    });
    expect(evidence?.consentVersion).to.match(/^1-ru-[0-9a-f]{16}$/);
    if (evidence?.mark.kind !== 'drawn') throw new Error('not drawn');
    expect(Buffer.from(await world.files.get(evidence.mark.fileId)).equals(signaturePng())).to.equal(true);
    expect(signerOf(after, 's2').status).to.equal('sent');
    expect((await client.page()).html).to.include('data-state="signed"');
  });

  it('when the request comes twice, at once, later, or with another drawing, expected one signature', async () => {
    const signing = await world.send();
    const client = await world.identified(signing, 's1');
    const second = { ...drawn, image: `data:image/png;base64,${signaturePng(300, 100).toString('base64')}` };
    const answers = await Promise.all([client.sign(drawn), client.sign(drawn), client.sign(second)]);
    const bodies = await Promise.all(answers.map(bodyOf));
    expect(
      bodies.every((body) => body['signed'] === true),
      JSON.stringify(bodies),
    ).to.equal(true);
    expect(bodies.filter((body) => body['already'] === false)).to.have.length(1);
    const again = await client.post('/sign', { consentVersion: 'x', bundleSha256: 'y', mark: drawn });
    expect(await bodyOf(again)).to.deep.equal({ signed: true, already: true });
    const after = await world.read(signing);
    expect(after.journal.filter((entry) => entry.type === 'signed')).to.have.length(1);
    expect(after.effects.filter((effect) => effect.kind === 'settle')).to.have.length(1);
    const mark = signerOf(after, 's1').evidence?.mark;
    if (mark?.kind !== 'drawn') throw new Error('not drawn');
    expect(await world.files.has(mark.fileId)).to.equal(true);
  });

  it('when nobody has confirmed, expected 401 and nothing changed', async () => {
    const signing = await world.send();
    expect(await bodyOf(await world.client(signing, 's1').sign())).to.include({ error: 'not_identified' });
    expect((await world.read(signing)).revision).to.equal(signing.revision);
  });

  it('when consent, document or mark are not as shown, expected what is wrong, and no signature', async () => {
    const signing = await world.send();
    const client = await world.identified(signing, 's1');
    const consentVersion = /data-consent-version="([^"]+)"/.exec((await client.page()).html)![1]!;
    const good = {
      consentVersion,
      bundleSha256: signing.bundle!.sha256,
      mark: { kind: 'typed', text: 'Иван' },
    };
    const wrong: [object, string, number][] = [
      [{ ...good, consentVersion: '' }, 'consent_missing', 422],
      [{ ...good, consentVersion: '0-ru-0000000000000000' }, 'page_outdated', 409],
      [{ ...good, bundleSha256: 'b'.repeat(64) }, 'page_outdated', 409],
      [{ ...good, mark: { kind: 'typed', text: ' ' } }, 'mark_missing', 422],
      [{ ...good, mark: { kind: 'typed', text: 'я'.repeat(101) } }, 'mark_too_long', 422],
      [{ ...good, mark: { kind: 'drawn', image: 'data:image/svg+xml,<svg/>' } }, 'mark_invalid', 422],
      [{ ...good, mark: { kind: 'stamp' } }, 'bad_request', 400],
      [{ consentVersion: { $ne: '' } }, 'bad_request', 400],
    ];
    for (const [body, error, status] of wrong) {
      const answer = await client.post('/sign', body);
      expect(answer.status, error).to.equal(status);
      const json = await bodyOf(answer);
      expect(json).to.include({ error });
      expect(json['reference']).to.be.a('string');
      expect(json['message']).to.be.a('string');
    }
    const stale = await client.post('/sign', { ...good, bundleSha256: 'b'.repeat(64), mark: drawn });
    expect(stale.status).to.equal(409);
    expect(signerOf(await world.read(signing), 's1').status).to.equal('opened');
    expect((await client.post('/sign', good)).status).to.equal(200);
  });

  it('when another site posts a form, expected a refusal', async () => {
    const signing = await world.send();
    for (const type of [
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await fetch(`${world.linkOf(signing, 's1')}/decline`, {
        method: 'POST',
        headers: { 'Content-Type': type, Accept: 'application/json' },
        body: 'reason=x',
      });
      expect(answer.status, type).to.equal(400);
    }
    expect((await world.read(signing)).status).to.equal('sent');
  });

  it('when a signer declines, expected the reason kept, the end for all, and a second request harmless', async () => {
    const signing = await world.send();
    const client = world.client(signing, 's1');
    expect(await bodyOf(await client.decline('  '))).to.include({ error: 'reason_missing' });
    expect(await bodyOf(await client.decline('я'.repeat(1001)))).to.include({ error: 'reason_too_long' });
    expect(await bodyOf(await client.decline(' Цена\r\n\r\n\r\nвыше\u202e '))).to.deep.equal({
      declined: true,
      already: false,
    });
    expect(await bodyOf(await client.decline('снова'))).to.deep.equal({ declined: true, already: true });
    const after = await world.read(signing);
    expect(after.status).to.equal('declined');
    expect(signerOf(after, 's1').declineReason).to.equal('Цена\n\nвыше');
    expect((await client.page()).html).to.include('data-state="declined_by_me"');
    const other = await world.client(signing, 's2').page();
    expect(other.html).to.include('data-state="declined"').and.not.include('Цена');
    expect((await client.sign()).status).to.equal(409);
  });

  it('when one of two parallel signers declines while the other signs, expected one outcome', async () => {
    const signers = [newSigner('s1'), newSigner('s2', { step: 1 })];
    const signing = await world.send({ order: 'parallel', signers });
    const [one, two] = [await world.identified(signing, 's1'), await world.identified(signing, 's2')];
    const [declined, signed] = await Promise.all([one.decline('нет'), two.sign()]);
    expect(declined.status).to.equal(200);
    expect([200, 409]).to.include(signed.status);
    const after = await world.read(signing);
    expect(after.status).to.equal('declined');
    expect(signerOf(after, 's2').status).to.equal(signed.status === 200 ? 'signed' : 'cancelled');
  });

  it('when names, title, subject, message and reason carry markup and line ends, expected harmless text everywhere', async () => {
    const signing = await world.send({
      title: EVIL,
      subject: EVIL,
      message: `${EVIL}\n${EVIL}`,
      initiator: { userId: '1', name: EVIL, email: 'a@b.test' },
      signers: [newSigner('s1', { name: EVIL }), newSigner('s2', { name: EVIL })],
    });
    const client = await world.identified(signing, 's1');
    const pages = [(await client.page()).html, (await world.client(signing, 's2').page()).html];
    const typed = await client.sign({ kind: 'typed', text: EVIL.slice(0, 90) });
    expect(typed.status).to.equal(200);
    pages.push((await client.page()).html);
    const second = world.client(signing, 's2');
    pages.push((await second.page()).html);
    expect((await second.decline(EVIL)).status).to.equal(200);
    pages.push((await client.page()).html, (await second.page()).html);
    for (const html of pages) expect(isHarmless(html)).to.equal(true);
    const mark = signerOf(await world.read(signing), 's1').evidence?.mark;
    expect(mark?.kind === 'typed' && /[\r\n]/.test(mark.text)).to.equal(false);
    expect(isHarmless(world.mails[0]!.html)).to.equal(true);
    expect((await client.get('/document')).headers.get('bcc')).to.equal(null);
  });
});
