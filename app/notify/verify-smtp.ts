import { createTransport } from 'nodemailer';

/** Connects and logs in without sending anything. @throws the server's refusal */
export async function verifySmtp(smtpUrl: string): Promise<void> {
  const transport = createTransport(smtpUrl);
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}
