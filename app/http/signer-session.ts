import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Signer, Signing } from '../domain/signing.ts';
import type { Clock } from '../ports/clock.ts';
import type { Secrets } from '../ports/secrets.ts';
import { createSignedTokens } from './signed-token.ts';

export const SIGNER_SESSION_TTL_S = 3600;

const schema = z.object({
  signingId: z.string(),
  signerId: z.string(),
  /** Fingerprint of the link's random value: a new link ends the session too. */
  bond: z.string(),
  /** Where the right code had been sent. */
  channel: z.enum(['email', 'sms']),
});

export interface SignerSessions {
  /** This browser has proved to be the signer's, for an hour. */
  start(res: Response, signing: Signing, signer: Signer, channel: 'email' | 'sms'): void;
  read(req: Request, signing: Signing, signer: Signer): { channel: 'email' | 'sms' } | undefined;
}

/**
 * A signed cookie, one per signer so that two links in one browser do not push each other out. It reaches no script, no
 * other site's requests and no other path.
 */
export function createSignerSessions(deps: {
  secrets: Secrets;
  clock: Clock;
  publicUrl: string;
}): SignerSessions {
  const { secrets, publicUrl } = deps;
  const tokens = createSignedTokens('signer', schema, deps);
  const secure = publicUrl.startsWith('https:');

  const nameOf = (signing: Signing, signer: Signer): string =>
    `cs_${createHash('sha256').update(`${signing.id}:${signer.id}`).digest('hex').slice(0, 16)}`;
  const bondOf = (signing: Signing, signer: Signer): string =>
    secrets.mac('signer-session', signing.id, signer.id, signer.linkNonce);

  return {
    start(res, signing, signer, channel) {
      const payload = { signingId: signing.id, signerId: signer.id, bond: bondOf(signing, signer), channel };
      res.cookie(nameOf(signing, signer), tokens.issue(payload, SIGNER_SESSION_TTL_S), {
        httpOnly: true,
        sameSite: 'strict',
        secure,
        path: '/s',
        maxAge: SIGNER_SESSION_TTL_S * 1000,
      });
    },
    read(req, signing, signer) {
      const session = tokens.read(cookieOf(req, nameOf(signing, signer)));
      const ours = session?.signingId === signing.id && session.signerId === signer.id;
      if (!ours || !secrets.isMac(session.bond, 'signer-session', signing.id, signer.id, signer.linkNonce))
        return;
      return { channel: session.channel };
    },
  };
}

/** The value of a cookie whose characters need no decoding (base64url and dots). */
function cookieOf(req: Request, name: string): string | undefined {
  for (const part of (req.get('cookie') ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
