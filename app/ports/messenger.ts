export interface Mail {
  /** The same id again is the same mail: goes into Message-ID, and the outbox keeps one file of it. */
  readonly id: string;
  readonly to: { readonly name: string; readonly address: string };
  /** Shown as the sender's name; the address is the operator's. */
  readonly fromName?: string;
  readonly replyTo?: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments?: readonly {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly type: string;
  }[];
}

export interface Sms {
  readonly id: string;
  readonly to: string;
  readonly text: string;
}

/** `refused`: the service will not take it, ever (bad address). A fault on the way throws and is tried again. */
export type SendOutcome = 'handed_over' | 'refused';

export interface Messenger {
  sendMail(mail: Mail): Promise<SendOutcome>;
  sendSms(sms: Sms): Promise<SendOutcome>;
}
