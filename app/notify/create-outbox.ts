import { randomUUID } from 'node:crypto';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import type { SendOutcome, Sms } from '../ports/messenger.ts';

export interface Outbox {
  putMail(message: SendMailOptions, key: string): Promise<SendOutcome>;
  putSms(sms: Sms, key: string): Promise<SendOutcome>;
}

/**
 * Mails and messages as files, for development and the demo: `<key>.eml` (RFC 5322, any mail program opens it) and
 * `<key>.sms.json`. A file is there completely or not at all, and the first one of a key stays.
 */
export function createOutbox(folder: string): Outbox {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  async function store(name: string, content: string | Buffer): Promise<SendOutcome> {
    await mkdir(folder, { recursive: true });
    const draft = join(folder, `.${randomUUID()}.tmp`);
    await writeFile(draft, content, { mode: 0o600 });
    try {
      // Unlike a rename, a link fails when the name is taken: the same mail again is not a new one.
      await link(draft, join(folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await rm(draft, { force: true });
    }
    return 'handed_over';
  }

  return {
    async putMail(message, key) {
      const { message: bytes } = await transport.sendMail(message);
      return store(`${key}.eml`, bytes as Buffer);
    },
    putSms: ({ id, to, text }, key) =>
      store(`${key}.sms.json`, `${JSON.stringify({ id, to, text }, undefined, 2)}\n`),
  };
}
