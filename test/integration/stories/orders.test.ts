import { expect } from 'chai';
import type { JournalType } from '../../../app/domain/journal.ts';
import type { WorkflowRun } from '../../portal/types.ts';
import { OfficeClient, openApp, registerEmployee } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { codeIn, linkIn } from '../../support/read-outbox.ts';
import { signaturePng } from '../../support/signature-png.ts';
import { SignerClient } from '../../support/signer-client.ts';
import { CREDITS, expectSound, firedOn } from './expect-sound.ts';

const DIRECTOR = 7; // a signature, no mandate
const LAWYER = 15; // a signature and a mandate

describe('who signs when, and by which way', function () {
  this.timeout(60_000);
  let story: Story;

  before(async () => {
    story = await openStory({ env: { START_CREDITS: String(CREDITS) } });
    await registerEmployee(story.portal, DIRECTOR, { signature: signaturePng() });
    await registerEmployee(story.portal, LAWYER, { signature: signaturePng(), mandate: true });
  });
  after(() => story.close());
  beforeEach(() => story.rest());
  afterEach(() => expectSound(story));

  async function sent(properties: Record<string, unknown>): Promise<{ deal: number; run: WorkflowRun }> {
    const deal = story.deal();
    const run = await story.send(deal, {
      document_id: [await story.document(deal)],
      signer_2: [story.contact()],
      ...properties,
    });
    await story.idle();
    return { deal, run };
  }

  const invited = async (run: WorkflowRun): Promise<string[]> => {
    const files = (await story.letters(run, /^\d+-invite-/)).map(({ file }) => file);
    return files.map((file) => /invite-(s\d+)/.exec(file)?.[1] ?? '').sort();
  };
  const journal = async (run: WorkflowRun): Promise<JournalType[]> =>
    (await story.signing(run)).journal.map((entry) => entry.type);

  /** The link that a later signer will get, as the app derives it; nobody has mailed it yet. */
  async function linkOf(run: WorkflowRun, signerId: string): Promise<SignerClient> {
    const signing = await story.signing(run);
    const signer = signing.signers.find((each) => each.id === signerId)!;
    return new SignerClient(story.app.container.links.linkOf(signing, signer));
  }

  /** @param signed those who have signed may read what they signed */
  async function expectRefused(client: SignerClient, signed = false): Promise<void> {
    const page = await client.page();
    expect(page.html).not.to.include('data-consent-version');
    expect((await client.get('/document')).status).to.equal(signed ? 200 : 404);
    for (const [path, body] of [
      ['/opened', {}],
      ['/code', {}],
      ['/decline', { reason: 'I may' }],
    ] as const) {
      const answer = await client.post(path, body);
      expect(answer.status, path).to.equal(409);
      expect(await answer.json()).to.include({ error: 'state_changed' });
    }
    expect((await client.post('/confirm', { code: '123456' })).status).to.be.oneOf([409, 422]);
    const sign = { consentVersion: '1', bundleSha256: 'a', mark: { kind: 'typed', text: 'x' } };
    const answer = await client.post('/sign', sign);
    // A repeated signature is answered as the first one was.
    if (signed) expect(await answer.json()).to.deep.equal({ signed: true, already: true });
    else expect(answer.status).to.equal(409);
  }

  const sequences = [
    { order: 'company_first', first: 's1', others: ['s2', 's3'] },
    { order: 'counterparty_first', first: 's2', others: ['s1'] },
  ] as const;
  for (const { order, first, others } of sequences) {
    it(`when the order is ${order}, expected the others invited after the first, and their links refused before`, async () => {
      const two = order === 'company_first';
      const { deal, run } = await sent({
        order,
        signer_2: two ? [story.contact(), story.contact()] : [story.contact()],
      });
      expect(await invited(run)).to.deep.equal([first]);
      for (const other of others) await expectRefused(await linkOf(run, other));
      expect(await journal(run)).to.deep.equal(['created', 'sent', 'invited', 'delivered']);

      await story.sign(run, first);
      await story.idle();
      expect(await invited(run)).to.deep.equal([first, ...others].sort());
      await Promise.all(others.map((other) => story.sign(run, other)));
      await story.reaches(run, 'completed');
      expect(run.returnValues).to.include({ status_code: 50, response_code: 0 });
      expect(firedOn(story, deal)).to.deep.equal([
        'signing_sent',
        'signing_opened',
        'signing_partly_signed',
        'signing_completed',
      ]);
    });
  }

  it('when the order is parallel, expected everybody invited at once and any order taken', async () => {
    const { run } = await sent({ order: 'parallel', signer_2: [story.contact(), story.contact()] });
    expect(await invited(run)).to.deep.equal(['s1', 's2', 's3']);
    for (const signer of ['s3', 's1', 's2']) await story.sign(run, signer);
    await story.reaches(run, 'completed');
    expect(run.returnValues).to.include({ status_code: 50 });
    expect(await journal(run)).not.to.include('next_step');
  });

  it('when the mandate is recorded, expected the stored signature applied and no invitation to the employee', async () => {
    const { run } = await sent({ signer_1: `user_${LAWYER}`, company_signature: 'auto' });
    await story.reaches(run, 'partly_signed');
    expect(await invited(run)).to.deep.equal(['s2']);
    expect(await journal(run)).to.include('signed_by_mandate');
    expect(await journal(run)).not.to.include('mandate_missing');
    const [company] = (await story.signing(run)).signers;
    expect(company?.evidence).to.deep.include({ method: 'mandate', ip: '', address: '' });
    expect(company?.evidence?.mandate?.kind).to.equal('consent');
    await expectRefused(await linkOf(run, 's1'), true);

    await story.sign(run, 's2');
    await story.reaches(run, 'completed');
    expect(run.returnValues['response_text']).to.equal('Выполнено. Статус: Завершено.');
    const toCompany = await story.letters(run, /s1/);
    expect(toCompany.map(({ file }) => /mail-(\w+)/.exec(file)?.[1])).to.deep.equal(['completed']);
  });

  it('when the counterparty signs first, expected the mandate to be applied when its turn has come', async () => {
    const { run } = await sent({
      signer_1: `user_${LAWYER}`,
      company_signature: 'auto',
      order: 'counterparty_first',
    });
    expect(await journal(run)).not.to.include('signed_by_mandate');
    await story.sign(run, 's2');
    await story.reaches(run, 'completed');
    expect(await journal(run)).to.include('signed_by_mandate');
    expect(await invited(run)).to.deep.equal(['s2']);
  });

  it('when there is no mandate, expected the employee invited by link and the response to say so', async () => {
    const { run } = await sent({ company_signature: 'auto', return_when: 'accepted' });
    expect(await invited(run)).to.deep.equal(['s1']);
    expect(run.returnValues).to.include({ response_code: 0, status_code: 20 });
    expect(run.returnValues['response_text']).to.match(
      /нет действующего постоянного согласия, он приглашён по ссылке/,
    );
    expect(await journal(run)).not.to.include('signed_by_mandate');
  });

  it('when the mandate is revoked before its turn, expected an invitation by link instead', async () => {
    const user = 12;
    await registerEmployee(story.portal, user, { signature: signaturePng(), mandate: true });
    const { run } = await sent({
      signer_1: `user_${user}`,
      company_signature: 'auto',
      order: 'counterparty_first',
    });
    const own: OfficeClient = await openApp(story.portal, user);
    expect((await own.post('/office/me/mandate/revoke')).status).to.equal(200);
    await story.sign(run, 's2');
    await story.idle();
    expect(await journal(run)).to.include('mandate_missing');
    expect(await invited(run)).to.deep.equal(['s1', 's2']);
    await story.sign(run, 's1');
    await story.reaches(run, 'completed');
    expect(await journal(run)).not.to.include('signed_by_mandate');
  });

  it('when a contact has a phone only, expected link and code by SMS and no mail', async () => {
    const phone = '+7 921 765-43-21';
    const { run } = await sent({ order: 'parallel', signer_2: [story.contact({ email: '', phone })] });
    const invitation = await story.invitation(run, 's2');
    expect(invitation).to.include({ channel: 'sms', to: phone });
    expect(invitation.file).to.match(/\.sms\.json$/);
    const signer = new SignerClient(linkIn(invitation));
    await signer.open();
    expect(await (await signer.requestCode()).json()).to.include({ channel: 'sms' });
    const [message] = await story.letters(run, /^s2-code/);
    expect(message).to.include({ channel: 'sms', to: phone });
    expect(linkIn(message!)).to.equal('');
    expect((await signer.confirm(codeIn(message!))).status).to.equal(200);
    expect((await signer.sign()).status).to.equal(200);
    await story.sign(run, 's1');
    await story.reaches(run, 'completed');
    const [, contact] = (await story.signing(run)).signers;
    expect(contact?.evidence).to.include({ method: 'sms_code' });
    const toContact = await story.letters(run, /s2/);
    expect(toContact.map((each) => each.channel)).to.deep.equal(toContact.map(() => 'sms'));
  });
});
