import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import type { SendOutcome } from '../ports/messenger.ts';
import { MessengerError } from './messenger-error.ts';

export type SendMessage = (message: SendMailOptions, key: string) => Promise<SendOutcome>;

interface SmtpFailure {
  readonly responseCode?: unknown;
  readonly command?: unknown;
}

/**
 * Refused for good is only what a server says about this recipient or this very message: a 5xx reply to RCPT TO or DATA
 * (RFC 5321 4.2.1). A 5xx to AUTH or MAIL FROM is the operator's configuration: it is tried again after the repair.
 */
function isRefusal(error: unknown): boolean {
  const { responseCode, command } = (error ?? {}) as SmtpFailure;
  return Number(responseCode) >= 500 && (command === 'RCPT TO' || command === 'DATA');
}

/** @param smtpUrl `smtp[s]://user:password@host:port` with nodemailer's options as query */
export function createSmtpSender(smtpUrl: string): SendMessage {
  const transport = createTransport(smtpUrl, {
    // A server that does not answer must not hold a worker: nodemailer's own time-outs go up to ten minutes.
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 60_000,
  } as SendMailOptions);
  return async (message) => {
    try {
      await transport.sendMail(message);
      return 'handed_over';
    } catch (error) {
      if (isRefusal(error)) return 'refused';
      const { responseCode, command } = error as SmtpFailure;
      // The library's message may quote the recipient: only what helps the operator is kept.
      const reply = typeof responseCode === 'number' ? ` (${responseCode} to ${String(command)})` : '';
      throw new MessengerError('mail_unavailable', `the mail server did not take the mail${reply}`, {
        cause: error,
      });
    }
  };
}
