import { createHmac, randomBytes } from 'node:crypto';

/** `length` random hex characters. */
export function randomHex(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length);
}

export function sign(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
