import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { createAssetRoutes } from '../../../app/http/assets.ts';
import { createServer } from '../../../app/http/create-server.ts';
import { createRateLimiting } from '../../../app/http/rate-limit.ts';
import { createRender } from '../../../app/http/render.ts';
import { createSignerRoutes } from '../../../app/http/signer-routes.ts';
import { createSignerSessions } from '../../../app/http/signer-session.ts';
import { createLogger } from '../../../app/logger.ts';
import { createLetterComposer } from '../../../app/notify/create-letter-composer.ts';
import type { Mail, Messenger, SendOutcome, Sms } from '../../../app/ports/messenger.ts';
import type { NewSigning } from '../../../app/domain/transitions/create-signing.ts';
import { markSent } from '../../../app/domain/transitions/send.ts';
import type { Signing } from '../../../app/domain/signing.ts';
import { createChangeSigning } from '../../../app/signing/change-signing.ts';
import { createSignerActions } from '../../../app/signing/signer/create-signer-actions.ts';
import { createSignerLinks } from '../../../app/signing/signer/signer-links.ts';
import { createRateCounter } from '../../../app/storage/create-rate-counter.ts';
import { makePdf } from '../../portal/seed/pdf.ts';
import { SignerClient } from '../../support/signer-client.ts';
import { T0, buildSigning } from '../../support/signing-builder.ts';
import { openTestStore } from '../../support/store.ts';

/** The signer's pages on real Express and the real store, with a clock to turn and a messenger that keeps what it gets. */
export async function openSignerWorld() {
  let now = new Date(T0.getTime() + 60_000);
  const clock = { now: () => now };
  const store = await openTestStore({ clock });
  const mails: Mail[] = [];
  const messages: Sms[] = [];
  const answers: (SendOutcome | Error)[] = [];
  const answer = (): SendOutcome => {
    const next = answers.shift() ?? 'handed_over';
    if (next instanceof Error) throw next;
    return next;
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
  const logged: string[] = [];
  const log = createLogger(
    'debug',
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        logged.push(chunk.toString());
        done();
      },
    }),
  );
  const { signings, files, secrets } = store;
  const render = createRender('test', true);
  const jobs = { wakeSigning: async () => {}, wakeRun: async () => {} };
  const publicUrl = 'http://127.0.0.1';
  const links = createSignerLinks({ secrets, publicUrl });
  const letters = createLetterComposer({ publicUrl });
  const changeSigning = createChangeSigning({ signings, clock, jobs });
  const actions = createSignerActions({
    signings,
    changeSigning,
    links,
    secrets,
    messenger,
    letters,
    files,
    clock,
  });
  const routes = createSignerRoutes({
    render,
    actions,
    sessions: createSignerSessions({ secrets, clock, publicUrl }),
    limits: createRateLimiting({ counter: createRateCounter({ connection: store.connection, clock }) }),
    files,
    clock,
    publicUrl,
  });
  const app = createServer({
    mounts: [
      ['/s', routes],
      ['/assets', createAssetRoutes()],
    ],
    render,
    log,
    trustProxy: [],
    https: false,
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  let count = 0;
  /** Stores a signing that is sent, with a real PDF as its bundle: one of so many pages, or the one that is given. */
  async function send(fields: Partial<NewSigning> = {}, pages = 2, given?: Uint8Array): Promise<Signing> {
    count += 1;
    const id = count.toString(16).padStart(24, '0');
    const language = fields.language ?? 'ru';
    const pdf =
      given ?? (await makePdf({ title: 'Договор поставки № 17', deal: 'Поставка', pages, language }));
    const file = (fileId: string) => ({
      fileId,
      name: `${fileId}.pdf`,
      sha256: createHash('sha256').update(pdf).digest('hex'),
      size: pdf.length,
      pages,
    });
    const bundle = file(`bundle-${id}`);
    const agreement = fields.withAgreement ? file(`agreement-${id}`) : undefined;
    const about = { portalId: 'portal-a', name: 'bundle.pdf', type: 'application/pdf' };
    for (const each of [bundle, agreement]) if (each) await files.put(each.fileId, pdf, about);
    const documents = [{ ref: `doc-${id}`, title: 'Договор поставки № 17', file: bundle }];
    const created = await signings.create(buildSigning({ id, documents, ...fields }));
    return signings.save(markSent(created, { bundle, ...(agreement && { agreement }) }, T0));
  }

  const linkOf = (signing: Signing, signerId: string): string => {
    const signer = signing.signers.find((each) => each.id === signerId)!;
    return `${origin}/s/${links.tokenOf(signing, signer)}`;
  };

  /** The digits of the newest code that was sent. */
  const lastCode = (): string =>
    /(?<!\d)\d{6}(?!\d)/.exec(mails.at(-1)?.text ?? messages.at(-1)?.text ?? '')?.[0] ?? '';

  /** A client that has confirmed its code. */
  async function identified(signing: Signing, signerId: string): Promise<SignerClient> {
    const client = new SignerClient(linkOf(signing, signerId));
    await client.requestCode();
    await client.confirm(lastCode());
    return client;
  }

  return {
    store,
    signings,
    files,
    secrets,
    links,
    letters,
    messenger,
    changeSigning,
    mails,
    messages,
    /** What the messenger answers next, in order. */
    answers,
    logged,
    origin,
    send,
    linkOf,
    client: (signing: Signing, signerId: string) => new SignerClient(linkOf(signing, signerId)),
    lastCode,
    identified,
    read: async (signing: Signing) => (await signings.get(signing.id))!,
    now: () => now,
    pass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
    },
  };
}

export type SignerWorld = Awaited<ReturnType<typeof openSignerWorld>>;
