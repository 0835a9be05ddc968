import { expect } from 'chai';
import { cancelSigning, expireSigning, failSigning } from '../../../app/domain/transitions/end-signing.ts';
import { remindSigners } from '../../../app/domain/transitions/end-signing.ts';
import { signerDeclined } from '../../../app/domain/transitions/signer-actions.ts';
import { createLetterComposer } from '../../../app/notify/create-letter-composer.ts';
import type { LetterComposer, LetterRequest } from '../../../app/ports/letter-composer.ts';
import { later, newSigner, sentSigning, signerOf, storedFile } from '../../support/signing-builder.ts';

// The use cases' own type on purpose: the composer has to fit it.
const letters: LetterComposer = createLetterComposer({ publicUrl: 'https://sign.example' });
const link = 'https://sign.example/s/secret-link-of-s1';
const signing = sentSigning({ message: 'Добрый день!\nЖду до пятницы.' });
const s1 = signerOf(signing, 's1');
const KINDS: LetterRequest['kind'][] = [
  'invitation',
  'reminder',
  'code',
  'completed',
  'cancelled',
  'declined',
  'expired',
  'error',
];

describe('letters', () => {
  it('when a signer is invited, expected who asks, what for, until when, the message and one button', async () => {
    const { subject, fromName, text, html } = await letters.mail({
      kind: 'invitation',
      signing,
      signer: s1,
      link,
    });
    expect(subject).to.equal('Подпишите, пожалуйста: Договор поставки № 17');
    expect(fromName).to.equal('Мария Соколова через Countersign');
    for (const part of [
      'Мария Соколова',
      'Договор поставки № 17',
      'Подпись',
      '6 декабря 2026',
      'Жду до пятницы.',
    ]) {
      expect(text).to.include(part);
      expect(html).to.include(part);
    }
    expect(text).to.include(link);
    expect(html.split(`href="${link}"`)).to.have.length(2);
    expect(html).to.include('lang="ru"').and.include('color-scheme');
  });

  it("when the initiator set a subject, expected it; when the signer's language is English, expected English", async () => {
    const own = sentSigning({
      subject: 'Срочно',
      signers: [newSigner('s1', { language: 'en' }), newSigner('s2')],
    });
    const letter = await letters.mail({
      kind: 'invitation',
      signing: own,
      signer: signerOf(own, 's1'),
      link,
    });
    expect(letter.subject).to.equal('Срочно');
    expect(letter.fromName).to.equal('Мария Соколова via Countersign');
    expect(letter.text)
      .to.include('Read and sign')
      .and.not.match(/Прочитать/);
  });

  it('when a colleague reminds, expected the letter in the name of the colleague', async () => {
    const actor = { kind: 'user', id: '9', name: 'Олег Котов' } as const;
    const reminded = remindSigners(signing, actor, 's1', later(9));
    const letter = await letters.mail({ kind: 'reminder', signing: reminded, signer: s1, link });
    expect(letter.fromName).to.equal('Олег Котов через Countersign');
    expect(letter.text).to.include('Олег Котов напоминает');
  });

  it('when a code is sent, expected the code in the text, not in the subject, and no link', async () => {
    const letter = await letters.mail({ kind: 'code', signing, signer: s1, link, code: '042137' });
    expect(letter.subject).not.to.include('042137');
    expect(letter.text).to.include('042137').and.not.include(link);
    expect(letter.html).to.include('042137').and.not.include(link);
  });

  it('when it is completed, expected fingerprint, check link and whether the file is attached', async () => {
    const done = { ...signing, signedFile: storedFile('signed') };
    const attached = await letters.mail({
      kind: 'completed',
      signing: done,
      signer: s1,
      link,
      attached: true,
    });
    const sha256 = 'a'.repeat(64);
    expect(attached.text)
      .to.include(sha256)
      .and.include(`https://sign.example/verify/${signing.id}?h=${sha256}`);
    expect(attached.text).to.include('приложены');
    const large = await letters.mail({ kind: 'completed', signing: done, signer: s1, link, attached: false });
    expect(large.text).to.include('слишком велик');
  });

  it('when somebody declined, expected the reason for the initiator only', async () => {
    const declined = signerDeclined(signing, 's1', 'Цена выше согласованной', later(5));
    const initiator = await letters.mail({ kind: 'declined', signing: declined });
    expect(initiator.text).to.include('Цена выше согласованной').and.include('Подписант s1');
    const other = await letters.mail({
      kind: 'declined',
      signing: declined,
      signer: signerOf(declined, 's2'),
      link,
    });
    expect(other.text).not.to.include('Цена выше');
    expect(other.html).not.to.include('Цена выше');
  });

  it('when it stopped with an error, expected the reference for the initiator', async () => {
    const failed = failSigning(signing, { text: 'x', reference: 'ref-4711' }, later(5));
    expect((await letters.mail({ kind: 'error', signing: failed })).text).to.include('ref-4711');
  });

  it("when the initiator's copy is written, expected no signer's link or address in it", async () => {
    const user = { kind: 'user', id: '12', name: 'Мария Соколова' } as const;
    const states = [
      cancelSigning(signing, user, 'ошибка', later(5)),
      expireSigning(signing, later(30 * 24 * 60)),
      signing,
    ];
    for (const state of states) {
      for (const kind of KINDS) {
        const { text, html } = await letters.mail({
          kind,
          signing: state,
          link: 'https://portal.example/deal/77',
        });
        for (const part of [text, html])
          expect(part, kind).not.to.match(/\/s\/|s1@example|s2@example|nonce-/);
      }
    }
  });

  for (const language of ['ru', 'en'] as const) {
    for (const kind of KINDS) {
      it(`when a ${kind} letter is written in ${language}, expected every text to be there, as mail and as SMS`, async () => {
        const one = { ...s1, language };
        const { subject, text, html } = await letters.mail({
          kind,
          signing,
          signer: one,
          link,
          code: '042137',
        });
        const sms = letters.sms({ kind, signing, signer: one, link, code: '042137' });
        for (const part of [subject, text, html, sms])
          expect(part).not.to.match(/undefined|\{\w+[,}]|\[object/);
        const initiator = await letters.mail({ kind, signing: { ...signing, language }, link });
        expect(initiator.subject).not.to.equal('');
      });
    }
  }

  it('when names, title, message and reason carry markup, expected text, never markup', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    const hostile = sentSigning({
      title: evil,
      subject: evil,
      message: `${evil}\n${evil}`,
      initiator: { userId: '1', name: evil, email: 'a@b.test' },
      signers: [newSigner('s1', { name: evil }), newSigner('s2', { name: evil })],
    });
    const declined = signerDeclined(hostile, 's1', evil, later(5));
    for (const kind of KINDS) {
      for (const signer of [signerOf(declined, 's2'), undefined]) {
        const { html } = await letters.mail({
          kind,
          signing: declined,
          ...(signer && { signer }),
          link: `https://x/"><b>`,
        });
        expect(html, kind).not.to.include('<img').and.not.include('"><b>');
      }
    }
  });

  it('when a title is long, expected the SMS short enough for three parts, the link whole', () => {
    const long = { ...signing, title: 'Д'.repeat(300) };
    const sms = letters.sms({ kind: 'invitation', signing: long, signer: s1, link });
    expect(sms).to.include(link);
    expect(sms.length - link.length).to.be.lessThan(100);
  });
});
