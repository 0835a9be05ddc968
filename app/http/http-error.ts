import type { TextValues } from '../i18n/translator.ts';

/** A request that is answered with a clear, localised refusal: `text` is a key of the catalog area `http`. */
export class HttpError extends Error {
  readonly status: number;
  readonly text: string;
  readonly values: TextValues;
  constructor(status: number, text: string, values: TextValues = {}) {
    super(`${status} ${text}`);
    this.name = 'HttpError';
    this.status = status;
    this.text = text;
    this.values = values;
  }
}
