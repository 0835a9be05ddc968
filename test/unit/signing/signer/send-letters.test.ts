import { expect } from 'chai';
import { createEffect } from '../../../../app/domain/effect.ts';
import type { Effect } from '../../../../app/domain/effect.ts';
import type { Signing } from '../../../../app/domain/signing.ts';
import { cancelSigning, failSigning, resumeSigning } from '../../../../app/domain/transitions/end-signing.ts';
import { signerSigned } from '../../../../app/domain/transitions/signer-actions.ts';
import { createLetterComposer } from '../../../../app/notify/create-letter-composer.ts';
import type { Mail, Messenger, SendOutcome, Sms } from '../../../../app/ports/messenger.ts';
import type { PortalInstallation } from '../../../../app/ports/portal-store.ts';
import type { EffectHandler } from '../../../../app/signing/effects/effect-handler.ts';
import { createSendInvitation } from '../../../../app/signing/effects/send-invitation.ts';
import {
  ATTACHED_MAX_BYTES,
  NoticeRefused,
  createSendNotice,
} from '../../../../app/signing/effects/send-notice.ts';
import { createSignerLinks } from '../../../../app/signing/signer/signer-links.ts';
import { createSecrets } from '../../../../app/storage/create-secrets.ts';
import {
  evidence,
  later,
  newSigner,
  pending,
  sentSigning,
  signerOf,
  storedFile,
} from '../../../support/signing-builder.ts';

const publicUrl = 'https://sign.example';
const links = createSignerLinks({ secrets: createSecrets({ secret: 'a secret for tests only' }), publicUrl });
const letters = createLetterComposer({ publicUrl });
const clock = { now: () => later(1) };

function openMessenger(outcome: SendOutcome | Error = 'handed_over') {
  const mails: Mail[] = [];
  const messages: Sms[] = [];
  const answer = (): SendOutcome => {
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const messenger: Messenger = {
    sendMail: async (mail) => {
      mails.push(mail);
      return answer();
    },
    sendSms: async (sms) => {
      messages.push(sms);
      return answer();
    },
  };
  return { messenger, mails, messages };
}

async function run(handler: EffectHandler, signing: Signing, effect: Effect): Promise<Signing> {
  const apply = await handler(signing, effect);
  return apply ? apply(signing, later(2)) : signing;
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('effect: invitation', () => {
  const invite = createEffect('invite', 3, later(0), 's1');

  it('when the signer has an e-mail, expected the link by mail, replies to the initiator, and the delivery recorded', async () => {
    const { messenger, mails } = openMessenger();
    const signing = sentSigning();
    const after = await run(createSendInvitation({ messenger, letters, links, clock }), signing, invite);
    const link = links.linkOf(signing, signerOf(signing, 's1'));
    expect(mails).to.have.length(1);
    expect(mails[0]).to.deep.include({
      id: `${signing.id}-3-invite-s1`,
      to: { name: 'Подписант s1', address: 's1@example.test' },
      replyTo: { name: 'Мария Соколова', address: 'maria@example.test' },
    });
    expect(mails[0]!.text).to.include(link);
    expect(signerOf(after, 's1').delivery).to.deep.equal({
      channel: 'email',
      state: 'handed_over',
      at: later(2),
    });
    expect(JSON.stringify(after.journal)).not.to.include('/s/');
  });

  it('when it is run again after a crash, expected the same mail id', async () => {
    const { messenger, mails } = openMessenger();
    const handler = createSendInvitation({ messenger, letters, links, clock });
    await handler(sentSigning(), invite);
    await handler(sentSigning(), invite);
    expect(new Set(mails.map((mail) => mail.id)).size).to.equal(1);
  });

  it('when there is only a phone, expected an SMS', async () => {
    const { messenger, mails, messages } = openMessenger();
    const signing = sentSigning({
      signers: [newSigner('s1', { email: '', phone: '+79123456789' }), newSigner('s2')],
    });
    const after = await run(createSendInvitation({ messenger, letters, links, clock }), signing, invite);
    expect(mails).to.deep.equal([]);
    expect(messages[0]).to.include({ to: '+79123456789' });
    expect(signerOf(after, 's1').delivery).to.include({ channel: 'sms', state: 'handed_over' });
  });

  for (const [what, outcome, fields] of [
    ['the service refuses the address', 'refused', {}],
    ['there is no address at all', 'handed_over', { email: '', phone: '' }],
  ] as const) {
    it(`when ${what}, expected a visible failure and no further try`, async () => {
      const { messenger } = openMessenger(outcome);
      const signing = sentSigning({ signers: [newSigner('s1', fields), newSigner('s2')] });
      const after = await run(createSendInvitation({ messenger, letters, links, clock }), signing, invite);
      expect(signerOf(after, 's1').delivery).to.include({ state: 'failed' });
      expect(after.journal.at(-1)?.type).to.equal('undelivered');
      expect(pending(after).filter((effect) => effect === 'notify')).to.have.length.greaterThan(0);
    });
  }

  it('when the service cannot be reached, expected the error to go to the runner, which tries again', async () => {
    const { messenger } = openMessenger(Object.assign(new Error('down'), { retryable: true }));
    const handler = createSendInvitation({ messenger, letters, links, clock });
    expect(await errorOf(handler(sentSigning(), invite))).to.include({ retryable: true });
  });

  it('when the signing is stopped by an error, expected the letter to wait until it is resumed', async () => {
    const { messenger, mails } = openMessenger();
    const handler = createSendInvitation({ messenger, letters, links, clock });
    const stopped = failSigning(sentSigning(), { text: 'x', reference: 'r' }, later(1));
    expect(await errorOf(handler(stopped, invite))).to.include({ code: 'signing_stopped', retryable: true });
    expect(mails).to.deep.equal([]);
    await handler(resumeSigning(stopped, { kind: 'user', id: '12' }, later(2)), invite);
    expect(mails).to.have.length(1);
  });

  it('when it is over, signed or not their turn, expected nothing to be sent', async () => {
    const { messenger, mails } = openMessenger();
    const handler = createSendInvitation({ messenger, letters, links, clock });
    const signed = signerSigned(sentSigning(), 's1', evidence(), later(1));
    const cancelled = cancelSigning(sentSigning(), { kind: 'user', id: '12' }, '', later(1));
    for (const [signing, target] of [
      [signed, 's1'],
      [cancelled, 's1'],
      [sentSigning(), 's2'],
      [sentSigning(), 's9'],
    ] as const) {
      expect(await handler(signing, createEffect('remind', 9, later(1), target))).to.equal(undefined);
    }
    expect(mails).to.deep.equal([]);
  });
});

describe('effect: notice', () => {
  const signed = (size: number): Signing => ({
    ...sentSigning(),
    signedFile: { ...storedFile('signed'), size, name: 'Договор' },
    report: storedFile('report'),
  });
  const files = {
    get: async (id: string) => Buffer.from(id),
    getRange: async (id: string, start: number, end: number) => Buffer.from(id).subarray(start, end),
    put: async () => {},
    has: async () => true,
    factsOf: async () => undefined,
    remove: async () => {},
    purgePortal: async () => 0,
  };
  const portal = { clientEndpoint: 'https://acme.bitrix24.ru/rest/' } as PortalInstallation;
  const portals = { get: async () => portal };
  const noticeOf = (messenger: Messenger) => createSendNotice({ messenger, letters, links, files, portals });
  const mail = (target: string): Effect => createEffect('mail', 9, later(0), target);

  it('when it is completed, expected signed file and report attached and the own link for the signer', async () => {
    const { messenger, mails } = openMessenger();
    const signing = signed(1000);
    expect(await noticeOf(messenger)(signing, mail('completed:s1'))).to.equal(undefined);
    expect(mails[0]!.attachments?.map((each) => each.name)).to.deep.equal(['Договор.pdf', 'report.pdf']);
    expect(mails[0]!.text).to.include(links.linkOf(signing, signerOf(signing, 's1')));
    expect(mails[0]!.id).to.equal(`${signing.id}-9-mail-completed:s1`);
  });

  it('when the signed file is larger than 10 MB, expected the report alone, and a text that says where the file is', async () => {
    const { messenger, mails } = openMessenger();
    await noticeOf(messenger)(signed(ATTACHED_MAX_BYTES + 1), mail('completed:s1'));
    expect(mails[0]!.attachments?.map((each) => each.name)).to.deep.equal(['report.pdf']);
    expect(mails[0]!.text).to.include('слишком велик');
  });

  it("when it goes to the initiator, expected a link into the portal and never a signer's", async () => {
    for (const kind of ['completed', 'cancelled', 'declined', 'expired', 'error']) {
      const { messenger, mails } = openMessenger();
      await noticeOf(messenger)(signed(1000), mail(`${kind}:initiator`));
      const [sent] = mails;
      expect(sent?.to.address).to.equal('maria@example.test');
      expect(sent?.replyTo).to.equal(undefined);
      expect(sent?.text).to.include('https://acme.bitrix24.ru/crm/deal/details/77/');
      expect(`${sent?.text}${sent?.html}`).not.to.include('/s/');
    }
  });

  it('when it is refused, expected it on the signer; for the initiator an error that is not tried again', async () => {
    const { messenger } = openMessenger('refused');
    const after = await run(noticeOf(messenger), signed(1000), mail('completed:s2'));
    expect(signerOf(after, 's2').delivery).to.include({ state: 'failed' });
    const error = await errorOf(noticeOf(messenger)(signed(1000), mail('completed:initiator')));
    expect(error).to.be.instanceOf(NoticeRefused).and.include({ retryable: false });
  });

  it('when the initiator has no e-mail or the recipient is gone, expected nothing and no fault', async () => {
    const { messenger, mails } = openMessenger();
    const signing = { ...signed(1000), initiator: { userId: '1', name: 'A', email: '' } };
    await noticeOf(messenger)(signing, mail('expired:initiator'));
    await noticeOf(messenger)(signing, mail('expired:s9'));
    expect(mails).to.deep.equal([]);
    expect(await errorOf(noticeOf(messenger)(signing, mail('party:s1')))).to.include({ retryable: false });
  });
});
