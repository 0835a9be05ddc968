import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

/** A mail or SMS as it lies in the outbox folder. */
export interface OutboxMessage {
  readonly file: string;
  readonly channel: 'mail' | 'sms';
  readonly at: Date;
  readonly to: string;
  readonly from: string;
  readonly replyTo: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/**
 * Everything in `DATA_DIR/outbox`, oldest first; empty while the folder does not exist.
 * @param wanted by file name, so that a large outbox need not be parsed whole
 */
export async function readOutbox(
  folder: string,
  wanted: (file: string) => boolean = () => true,
): Promise<OutboxMessage[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return [];
  }
  const messages = await Promise.all(
    names
      .filter((name) => /\.(eml|sms\.json)$/.test(name) && wanted(name))
      .map((name) => readMessage(folder, name)),
  );
  return messages.sort((a, b) => a.at.getTime() - b.at.getTime());
}

async function readMessage(folder: string, file: string): Promise<OutboxMessage> {
  const path = join(folder, file);
  const [bytes, { mtime }] = await Promise.all([readFile(path), stat(path)]);
  const base = { file, at: mtime, from: '', replyTo: '', subject: '', html: '', attachments: [] };
  if (file.endsWith('.sms.json')) {
    const { to, text } = JSON.parse(bytes.toString('utf8')) as { to: string; text: string };
    return { ...base, channel: 'sms', to, text };
  }
  const mail = await PostalMime.parse(bytes);
  return {
    ...base,
    channel: 'mail',
    to: mail.to?.map((each) => each.address ?? '').join(', ') ?? '',
    from: `${mail.from?.name ?? ''} <${mail.from?.address ?? ''}>`,
    replyTo: mail.replyTo?.map((each) => each.address ?? '').join(', ') ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    attachments: mail.attachments.map((each) => ({
      name: each.filename ?? '',
      bytes: typeof each.content === 'string' ? Buffer.from(each.content) : new Uint8Array(each.content),
    })),
  };
}

/** The personal link in an invitation. */
export const linkIn = (message: OutboxMessage): string =>
  /https?:\/\/[^\s"<>]+\/s\/[\w.-]+/.exec(message.text)?.[0] ?? '';

/** The one-time code in a message. */
export const codeIn = (message: OutboxMessage): string => /(?<!\d)\d{6}(?!\d)/.exec(message.text)?.[0] ?? '';
