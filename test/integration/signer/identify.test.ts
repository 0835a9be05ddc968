import { expect } from 'chai';
import { newSigner, signerOf } from '../../support/signing-builder.ts';
import { SignerClient } from '../../support/signer-client.ts';
import { openSignerWorld } from './signer-world.ts';
import type { SignerWorld } from './signer-world.ts';

describe('identification by code', () => {
  let world: SignerWorld;
  beforeEach(async () => {
    world = await openSignerWorld();
  });
  afterEach(() => world.close());

  const wrongOf = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
  const bodyOf = async (answer: Response) => (await answer.json()) as Record<string, unknown>;

  it('when the right code is entered, expected a strict, hidden cookie for this path only', async () => {
    const signing = await world.send();
    const client = world.client(signing, 's1');
    expect(await bodyOf(await client.requestCode())).to.deep.equal({
      channel: 'email',
      address: 's***@example.test',
      pauseS: 30,
      ttlS: 300,
    });
    const [mail] = world.mails;
    expect(mail?.to.address).to.equal('s1@example.test');
    expect(mail?.replyTo).to.equal(undefined);
    const answer = await client.confirm(world.lastCode());
    expect(answer.status).to.equal(200);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie)
      .to.match(/HttpOnly/)
      .and.match(/SameSite=Strict/)
      .and.match(/Path=\/s(;|$)/)
      .and.match(/Max-Age=3600/);
    expect(cookie).not.to.include('nonce-s1');
    expect(await bodyOf(await client.get('/status'))).to.include({ identified: true });
    const { journal, signers } = await world.read(signing);
    expect(journal.map((entry) => entry.type)).to.include.members(['opened', 'code_sent', 'identified']);
    expect(JSON.stringify(journal)).not.to.include(world.lastCode());
    expect(signers[0]?.code).to.equal(undefined);
  });

  it('when there is only a phone, expected the code by SMS', async () => {
    const signing = await world.send({
      signers: [newSigner('s1', { email: '', phone: '+79123456789' }), newSigner('s2')],
    });
    const client = world.client(signing, 's1');
    expect(await bodyOf(await client.requestCode())).to.include({ channel: 'sms', address: '+7 *** ** 89' });
    expect(world.mails).to.deep.equal([]);
    const code = /\d{6}/.exec(world.messages[0]!.text)![0];
    expect((await client.confirm(code)).status).to.equal(200);
    await client.sign();
    expect(signerOf(await world.read(signing), 's1').evidence).to.include({
      method: 'sms_code',
      address: '+7 *** ** 89',
    });
  });

  it('when the code is wrong, expected how many tries are left; after five the right one is locked too', async () => {
    const signing = await world.send();
    const client = world.client(signing, 's1');
    await client.requestCode();
    const code = world.lastCode();
    for (const left of [4, 3, 2, 1]) {
      const answer = await client.confirm(wrongOf(code));
      expect(answer.status).to.equal(422);
      const body = await bodyOf(answer);
      expect(body).to.include({ error: 'code_wrong', left });
      expect(body['reference']).to.be.a('string');
    }
    expect(await bodyOf(await client.confirm(wrongOf(code)))).to.include({ error: 'code_locked' });
    expect(await bodyOf(await client.confirm(code))).to.include({ error: 'code_locked' });
    expect(
      (await world.read(signing)).journal.filter((entry) => entry.type === 'code_locked'),
    ).to.have.length(1);
    world.pass(30);
    await client.requestCode();
    expect((await client.confirm(world.lastCode())).status).to.equal(200);
  });

  it('when wrong codes come all at once, expected each to cost a try', async () => {
    const signing = await world.send();
    const client = world.client(signing, 's1');
    await client.requestCode();
    const code = world.lastCode();
    const guesses = await Promise.all(Array.from({ length: 12 }, () => client.confirm(wrongOf(code))));
    expect(guesses.every((answer) => !answer.ok)).to.equal(true);
    const { code: state } = signerOf(await world.read(signing), 's1');
    expect(state?.triesLeft).to.be.lessThan(5);
    const wrong = (await Promise.all(guesses.map(bodyOf))).filter((body) => body['error'] === 'code_wrong');
    expect(wrong.length).to.be.at.most(4);
  });

  it('when a code is five minutes old or used, expected a refusal that says so', async () => {
    const signing = await world.send();
    const client = world.client(signing, 's1');
    await client.requestCode();
    const code = world.lastCode();
    world.pass(301);
    expect(await bodyOf(await client.confirm(code))).to.include({ error: 'code_expired' });
    await client.requestCode();
    const second = world.lastCode();
    expect((await client.confirm(second)).status).to.equal(200);
    expect((await client.confirm(second)).status, 'a double click in the same browser').to.equal(200);
    const stranger = new SignerClient(client.link);
    expect(await bodyOf(await stranger.confirm(second))).to.include({ error: 'code_missing' });
  });

  it('when codes are asked for too fast or too often, expected to be told when to go on', async () => {
    const signing = await world.send();
    const client = world.client(signing, 's1');
    const [one, two] = await Promise.all([client.requestCode(), client.requestCode()]);
    expect([one.status, two.status].sort()).to.deep.equal([200, 429]);
    expect(world.mails).to.have.length(1);
    for (let sent = 2; sent <= 5; sent++) {
      world.pass(30);
      expect((await client.requestCode()).status).to.equal(200);
    }
    expect(new Set(world.mails.map((mail) => mail.id)).size).to.equal(5);
    world.pass(31);
    const answer = await client.requestCode();
    expect(answer.status).to.equal(429);
    expect(await bodyOf(answer)).to.include({ error: 'code_exhausted', minutes: 60 });
    expect(world.mails).to.have.length(5);
    world.pass(3600);
    expect((await client.requestCode()).status).to.equal(200);
  });

  it('when the mail service fails once, expected the same mail again; when it refuses, the sender to see it', async () => {
    const signing = await world.send();
    const client = world.client(signing, 's1');
    world.answers.push(new Error('timeout'));
    expect((await client.requestCode()).status).to.equal(200);
    expect(world.mails.map((mail) => mail.id)).to.deep.equal([world.mails[0]!.id, world.mails[0]!.id]);
    world.pass(31);
    world.answers.push(new Error('down'), new Error('down'));
    const failed = await client.requestCode();
    expect(failed.status).to.equal(503);
    expect(await bodyOf(failed)).to.include({ error: 'code_not_sent' });
    world.pass(31);
    world.answers.push('refused');
    expect(await bodyOf(await client.requestCode())).to.include({ error: 'code_undeliverable' });
    expect(signerOf(await world.read(signing), 's1').delivery).to.include({
      channel: 'email',
      state: 'failed',
    });
  });

  it("when a session is another signer's, of an old link or an hour old, expected none", async () => {
    const signing = await world.send({
      order: 'parallel',
      signers: [newSigner('s1'), newSigner('s2', { step: 1 })],
    });
    const client = await world.identified(signing, 's1');
    const cookie = (await world.identified(signing, 's2')).get('/status');
    expect(await bodyOf(await cookie)).to.include({ identified: true });
    const other = world.client(signing, 's2');
    expect(await bodyOf(await other.get('/status'))).to.include({ identified: false });
    world.pass(3601);
    expect(await bodyOf(await client.get('/status'))).to.include({ identified: false });
    const answer = await client.sign();
    expect(answer.status).to.equal(401);
    expect(await bodyOf(answer)).to.include({ error: 'not_identified' });
  });
});
