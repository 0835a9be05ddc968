import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import PostalMime from 'postal-mime';
import { createMessenger } from '../../../app/notify/create-messenger.ts';
import { MessengerError } from '../../../app/notify/messenger-error.ts';
import type { Mail, Messenger } from '../../../app/ports/messenger.ts';
import { T0 } from '../../support/signing-builder.ts';
import { startSmtpCatcher } from './smtp-catcher.ts';

const clock = { now: () => T0 };
const mailFrom = 'Countersign <no-reply@sign.example>';
const mailOf = (fields: Partial<Mail> = {}): Mail => ({
  id: 'abc-3-invite-s1',
  to: { name: 'Иван Петров', address: 'ivan@example.test' },
  fromName: 'Мария Соколова через Countersign',
  replyTo: { name: 'Мария Соколова', address: 'maria@example.test' },
  subject: 'Подпишите: Договор № 17',
  text: 'Текст письма',
  html: '<p>Текст письма</p>',
  ...fields,
});

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

let dataDir: string;
let open: (fields?: { smtpUrl?: string; smsUrl?: string }) => Messenger;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cs-messenger-'));
  open = ({ smtpUrl = '', smsUrl = '' } = {}) =>
    createMessenger({ smtpUrl, smsUrl, mailFrom, dataDir, clock });
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const outbox = async (): Promise<string[]> => (await readdir(join(dataDir, 'outbox'))).sort();

describe('messenger: outbox', () => {
  it('when a mail is sent, expected one RFC 5322 file that a mail program can read', async () => {
    const attachments = [{ name: 'Договор.pdf', bytes: Buffer.from('%PDF'), type: 'application/pdf' }];
    expect(await open().sendMail(mailOf({ attachments }))).to.equal('handed_over');
    const [file = ''] = await outbox();
    expect(file).to.equal('abc-3-invite-s1.eml');
    const mail = await PostalMime.parse(await readFile(join(dataDir, 'outbox', file)));
    expect(mail.from).to.deep.include({
      name: 'Мария Соколова через Countersign',
      address: 'no-reply@sign.example',
    });
    expect(mail.to?.[0]).to.deep.include({ name: 'Иван Петров', address: 'ivan@example.test' });
    expect(mail.replyTo?.[0]).to.deep.include({ address: 'maria@example.test' });
    expect(mail.subject).to.equal('Подпишите: Договор № 17');
    expect(mail.text?.trim()).to.equal('Текст письма');
    expect(mail.html?.trim()).to.equal('<p>Текст письма</p>');
    expect(mail.messageId).to.equal('<abc-3-invite-s1@sign.example>');
    expect(mail.date).to.equal(T0.toISOString());
    expect(mail.attachments[0]?.filename).to.equal('Договор.pdf');
  });

  it('when the same mail comes again, expected still one file, and the first one', async () => {
    const messenger = open();
    await Promise.all([
      messenger.sendMail(mailOf()),
      messenger.sendMail(mailOf()),
      messenger.sendMail(mailOf()),
    ]);
    await messenger.sendMail(mailOf({ subject: 'changed' }));
    expect(await outbox()).to.deep.equal(['abc-3-invite-s1.eml']);
    const text = await readFile(join(dataDir, 'outbox', 'abc-3-invite-s1.eml'), 'utf8');
    expect(text).not.to.include('changed');
  });

  it('when ids would be bad file names or differ in case only, expected safe and different files', async () => {
    const messenger = open();
    const ids = ['../../etc/passwd', 'a:b', 'A:B', 'a/b', 'ABC', 'abc', '.hidden', 'x'.repeat(300)];
    for (const id of ids) await messenger.sendMail(mailOf({ id }));
    const files = await outbox();
    expect(files).to.have.length(ids.length);
    expect(new Set(files.map((file) => file.toLowerCase())).size).to.equal(ids.length);
    for (const file of files) expect(file).to.match(/^[\w][\w.-]*\.eml$/);
  });

  it('when a message is sent, expected one JSON file', async () => {
    const sms = { id: 'm1', to: '+79123456789', text: 'Код 123456' };
    expect(await open().sendSms(sms)).to.equal('handed_over');
    const text = await readFile(join(dataDir, 'outbox', 'm1.sms.json'), 'utf8');
    expect(JSON.parse(text)).to.deep.equal(sms);
  });

  it('when an address is none, expected a refusal and no file', async () => {
    const messenger = open();
    const addresses = [
      '',
      'ivan',
      'a@b@c',
      'a b@c.d',
      'a@b.c,d@e.f',
      'a@b.c>\r\nRCPT TO:<x@y.z',
      'Ivan <a@b.c>',
      'a@b.c\u0000',
    ];
    for (const address of addresses) {
      expect(await messenger.sendMail(mailOf({ to: { name: '', address } })), address).to.equal('refused');
    }
    expect(await messenger.sendSms({ id: 'm', to: 'call me', text: '' })).to.equal('refused');
    expect(await errorOf(outbox())).to.include({ code: 'ENOENT' });
  });
});

describe('messenger: header injection', () => {
  it('when names and subject carry line ends, expected no header of theirs', async () => {
    const evil = 'X\r\nBcc: victim@evil.test\r\n\r\n<b>body</b>\u2028Y\nZ: 1';
    const attachments = [
      { name: `../a"\r\nX-Evil: 1.pdf`, bytes: Buffer.from('x'), type: 'application/pdf' },
    ];
    await open().sendMail(
      mailOf({
        fromName: evil,
        subject: evil,
        to: { name: evil, address: 'ivan@example.test' },
        replyTo: { name: evil, address: 'maria@example.test' },
        attachments,
      }),
    );
    const source = await readFile(join(dataDir, 'outbox', 'abc-3-invite-s1.eml'), 'utf8');
    const mail = await PostalMime.parse(source);
    const names = mail.headers.map((header) => header.key);
    expect(names).not.to.include.members(['bcc']);
    expect(names).not.to.include('x-evil');
    expect(names).not.to.include('z');
    expect(mail.to).to.have.length(1);
    expect(mail.subject).to.equal('X Bcc: victim@evil.test <b>body</b> Y Z: 1');
    expect(mail.text?.trim()).to.equal('Текст письма');
  });

  it('when the reply address is forged, expected no Reply-To instead of a broken one', async () => {
    const replyTo = { name: 'M', address: 'a@b.c\r\nBcc: x@y.z' };
    await open().sendMail(mailOf({ replyTo }));
    const mail = await PostalMime.parse(await readFile(join(dataDir, 'outbox', 'abc-3-invite-s1.eml')));
    expect(mail.replyTo).to.equal(undefined);
  });

  it('when a mail names files and addresses to fetch, expected nothing to be read', async () => {
    const html = '<img src="/etc/hostname"><img src="file:///etc/hostname">';
    await open().sendMail(mailOf({ html }));
    const mail = await PostalMime.parse(await readFile(join(dataDir, 'outbox', 'abc-3-invite-s1.eml')));
    expect(mail.html?.trim()).to.equal(html);
    expect(mail.attachments).to.deep.equal([]);
  });
});

describe('messenger: SMTP', () => {
  let server: Awaited<ReturnType<typeof startSmtpCatcher>>;
  beforeEach(async () => {
    server = await startSmtpCatcher();
  });
  afterEach(() => server.close());

  it('when a mail is sent, expected it at the server, from our address, with the id in Message-ID', async () => {
    expect(await open({ smtpUrl: server.url }).sendMail(mailOf())).to.equal('handed_over');
    expect(server.mails).to.have.length(1);
    expect(server.mails[0]).to.deep.include({ from: 'no-reply@sign.example', to: ['ivan@example.test'] });
    const mail = await PostalMime.parse(server.mails[0]!.source);
    expect(mail.messageId).to.equal('<abc-3-invite-s1@sign.example>');
    expect(mail.headers.find((header) => header.key === 'auto-submitted')?.value).to.equal('auto-generated');
    expect(await errorOf(outbox())).to.include({ code: 'ENOENT' });
  });

  for (const refuse of [{ rcpt: 550 }, { rcpt: 553 }, { data: 554 }]) {
    it(`when the server says ${JSON.stringify(refuse)}, expected "refused"`, async () => {
      Object.assign(server.refuse, refuse);
      expect(await open({ smtpUrl: server.url }).sendMail(mailOf())).to.equal('refused');
    });
  }
  for (const refuse of [{ rcpt: 450 }, { data: 452 }, { from: 550 }]) {
    it(`when the server says ${JSON.stringify(refuse)}, expected an error that may be tried again`, async () => {
      Object.assign(server.refuse, refuse);
      const error = await errorOf(open({ smtpUrl: server.url }).sendMail(mailOf()));
      expect(error)
        .to.be.instanceOf(MessengerError)
        .and.include({ code: 'mail_unavailable', retryable: true });
      expect((error as Error).message).not.to.include('ivan@example.test');
    });
  }

  it('when nobody answers, expected an error that may be tried again', async () => {
    await server.close();
    const error = await errorOf(open({ smtpUrl: server.url }).sendMail(mailOf()));
    expect(error).to.be.instanceOf(MessengerError).and.include({ retryable: true });
  });
});

describe('messenger: SMS gateway', () => {
  const sms = { id: 'm1', to: '+79123456789', text: 'Код 123456' };
  let status = 200;
  let requests: { body: string; path: string | undefined }[] = [];
  const gateway = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      requests.push({ body, path: req.url });
      res.writeHead(status, { Location: '/elsewhere' }).end();
    });
  });
  let smsUrl: string;
  before(async () => {
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
    smsUrl = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/send`;
  });
  beforeEach(() => {
    requests = [];
  });
  after(() => gateway.close());

  it('when it takes the message, expected one POST with number and text', async () => {
    status = 202;
    expect(await open({ smsUrl }).sendSms(sms)).to.equal('handed_over');
    expect(requests.map((each) => JSON.parse(each.body) as object)).to.deep.equal([
      { to: sms.to, text: sms.text },
    ]);
  });
  for (const code of [400, 404, 422]) {
    it(`when it answers ${code}, expected "refused"`, async () => {
      status = code;
      expect(await open({ smsUrl }).sendSms(sms)).to.equal('refused');
    });
  }
  for (const code of [302, 401, 408, 429, 500, 503]) {
    it(`when it answers ${code}, expected an error that may be tried again, and no redirect followed`, async () => {
      status = code;
      const error = await errorOf(open({ smsUrl }).sendSms(sms));
      expect(error)
        .to.be.instanceOf(MessengerError)
        .and.include({ code: 'sms_unavailable', retryable: true });
      expect((error as Error).message).not.to.include('123456');
      expect(requests.map((each) => each.path)).to.deep.equal(['/send']);
    });
  }
});
