import axios from 'axios';
import type { SendOutcome, Sms } from '../ports/messenger.ts';
import { MessengerError } from './messenger-error.ts';

const TIMEOUT_MS = 10_000;
/** Answers that say "later", although they begin with a 4 (RFC 9110, RFC 6585). */
const LATER = new Set([408, 425, 429]);
/** The operator's key is wrong: not the recipient's fault, and right again after the repair. */
const UNAUTHORISED = new Set([401, 403, 407]);

/** POSTs `{to, text}` to the operator's gateway. Any 2xx is "taken", any other 4xx "will not take it". */
export function createSmsGateway(url: string): (sms: Sms) => Promise<SendOutcome> {
  return async ({ id, to, text }) => {
    let status: number;
    try {
      const answer = await axios.post(
        url,
        { to, text },
        {
          timeout: TIMEOUT_MS,
          signal: AbortSignal.timeout(TIMEOUT_MS + 5_000),
          // A redirect would carry the recipient's number and a code to a place nobody configured.
          maxRedirects: 0,
          maxContentLength: 64 * 1024,
          headers: { 'Idempotency-Key': id },
          proxy: false,
          validateStatus: () => true,
        },
      );
      status = answer.status;
    } catch (error) {
      // Without the cause: axios keeps the request, and with it the text, on its errors.
      const code = axios.isAxiosError(error) ? error.code : undefined;
      throw new MessengerError('sms_unavailable', `the SMS gateway did not answer (${code ?? 'no answer'})`);
    }
    if (status >= 200 && status < 300) return 'handed_over';
    if (status >= 400 && status < 500 && !LATER.has(status) && !UNAUTHORISED.has(status)) return 'refused';
    throw new MessengerError('sms_unavailable', `the SMS gateway answered ${status}`);
  };
}
