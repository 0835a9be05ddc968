import type { SendMailOptions } from 'nodemailer';
import type { Mail } from '../ports/messenger.ts';
import { messageKey } from './message-key.ts';

/** Control characters and line ends: in a header they would begin a new one. Bidi controls would disguise a name. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

export const headerText = (text: string, maxLength: number): string =>
  text.replace(UNSAFE, ' ').replace(/\s+/g, ' ').trim().slice(0, maxLength);

/**
 * One plain address: no list, no comment, no quoted part, nothing a header or an SMTP command could be broken with. Used
 * on addresses that people typed into a CRM.
 */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[^\s@<>()[\]\\,;:"\p{C}]{1,253}$/u;
export const isMailAddress = (address: string): boolean => ADDRESS.test(address);

/** The parts of `Countersign <no-reply@example.com>`, or of a bare address. */
export function parseMailFrom(mailFrom: string): { name: string; address: string } {
  const [, name = '', address] = /^(.*?)<([^<>]+)>\s*$/.exec(mailFrom) ?? [];
  const parsed = address ? { name, address } : { name: '', address: mailFrom };
  return { name: parsed.name.replace(/"/g, '').trim(), address: parsed.address.trim() };
}

/**
 * A mail for nodemailer, with everything that comes from outside made harmless.
 * @param mailFrom value of MAIL_FROM; its address is always the sender's
 * @param date of the mail
 */
export function toMailMessage(mail: Mail, mailFrom: string, date: Date): SendMailOptions {
  const from = parseMailFrom(mailFrom);
  const domain = from.address.split('@')[1] || 'countersign.invalid';
  const replyTo = mail.replyTo && isMailAddress(mail.replyTo.address) ? mail.replyTo : undefined;
  return {
    messageId: `<${messageKey(mail.id)}@${domain}>`,
    date,
    from: { name: headerText(mail.fromName ?? '', 120) || from.name || 'Countersign', address: from.address },
    to: { name: headerText(mail.to.name, 120), address: mail.to.address },
    ...(replyTo && { replyTo: { name: headerText(replyTo.name, 120), address: replyTo.address } }),
    subject: headerText(mail.subject, 250),
    text: mail.text,
    html: mail.html,
    attachments: (mail.attachments ?? []).map(({ name, bytes, type }) => ({
      filename: headerText(name, 150).replace(/[\\/]/g, '_'),
      content: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      contentType: type,
    })),
    // RFC 3834: no vacation answer should come back to the signer's invitation.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
