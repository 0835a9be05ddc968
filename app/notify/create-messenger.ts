import { join } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import type { Messenger } from '../ports/messenger.ts';
import { createOutbox } from './create-outbox.ts';
import { createSmsGateway } from './create-sms-gateway.ts';
import { createSmtpSender } from './create-smtp-sender.ts';
import type { SendMessage } from './create-smtp-sender.ts';
import { isMailAddress, toMailMessage } from './mail-message.ts';
import { messageKey } from './message-key.ts';

const PHONE = /^\+?[\d\s()./-]{5,25}$/;

/**
 * Mail by SMTP and messages by an HTTP gateway; each goes to the outbox folder where it is not configured.
 * @param options.smtpUrl, options.smsUrl empty: the outbox `<dataDir>/outbox`
 * @param options.mailFrom `Name <address>`; the address of every mail we send
 */
export function createMessenger(options: {
  smtpUrl: string;
  smsUrl: string;
  mailFrom: string;
  dataDir: string;
  clock: Clock;
}): Messenger {
  const { smtpUrl, smsUrl, mailFrom, dataDir, clock } = options;
  const outbox = createOutbox(join(dataDir, 'outbox'));
  const sendMessage: SendMessage = smtpUrl
    ? createSmtpSender(smtpUrl)
    : (mail, key) => outbox.putMail(mail, key);
  const gateway = smsUrl ? createSmsGateway(smsUrl) : undefined;

  return {
    sendMail: async (mail) => {
      if (!isMailAddress(mail.to.address)) return 'refused';
      return sendMessage(toMailMessage(mail, mailFrom, clock.now()), messageKey(mail.id));
    },
    sendSms: async (sms) => {
      if (!PHONE.test(sms.to)) return 'refused';
      return gateway ? gateway(sms) : outbox.putSms(sms, messageKey(sms.id));
    },
  };
}
