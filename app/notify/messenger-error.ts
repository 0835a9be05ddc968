/** A mail or message did not get through this time: the service could not be reached, or asked us to come back. */
export class MessengerError extends Error {
  readonly code: 'mail_unavailable' | 'sms_unavailable';
  readonly retryable = true;
  constructor(code: MessengerError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MessengerError';
    this.code = code;
  }
}
