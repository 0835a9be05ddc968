import type { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Secrets } from '../ports/secrets.ts';

export interface SignedTokens<T> {
  /** @param ttlS seconds for which the token is good */
  issue(payload: T, ttlS: number): string;
  /** The payload, or undefined when the token is forged, changed, out of date or of another purpose. */
  read(token: string | undefined): T | undefined;
}

/**
 * Short-lived tokens that a page carries instead of a cookie: payload and expiry in clear, signed by APP_SECRET.
 * @param purpose keeps tokens of different pages apart
 * @param schema what a payload must look like after a deployment changed it
 */
export function createSignedTokens<T extends object>(
  purpose: string,
  schema: z.ZodType<T>,
  deps: { secrets: Secrets; clock: Clock },
): SignedTokens<T> {
  const { secrets, clock } = deps;
  return {
    issue(payload, ttlS) {
      const body = { ...payload, exp: Math.floor(clock.now().getTime() / 1000) + ttlS };
      const text = Buffer.from(JSON.stringify(body)).toString('base64url');
      return `${text}.${secrets.mac(purpose, text)}`;
    },
    read(token) {
      const [text, mac, rest] = (token ?? '').split('.');
      if (!text || !mac || rest !== undefined || !secrets.isMac(mac, purpose, text)) return undefined;
      const body = JSON.parse(Buffer.from(text, 'base64url').toString()) as { exp: number };
      if (body.exp * 1000 <= clock.now().getTime()) return undefined;
      const parsed = schema.safeParse(body);
      return parsed.success ? parsed.data : undefined;
    },
  };
}
