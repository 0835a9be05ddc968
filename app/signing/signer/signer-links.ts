import type { Signer, Signing } from '../../domain/signing.ts';
import type { Secrets } from '../../ports/secrets.ts';

const PURPOSE = 'signer-link';
/** Signing id, signer id, 43 characters of HMAC-SHA256. The logger masks the whole of it in `/s/…`. */
const TOKEN = /^([\w-]{1,64})-(s\d{1,4})-([\w-]{43})$/;

export interface SignerLinks {
  /** The signer's own link. Goes into mails and messages to that signer and nowhere else. */
  linkOf(signing: Signing, signer: Signer): string;
  tokenOf(signing: Signing, signer: Signer): string;
  /** Which signing and signer a token speaks of, still unproven; undefined when it is not a token at all. */
  parse(token: string): { signingId: string; signerId: string } | undefined;
  /** Whether the token is this signer's and not revoked; constant time. */
  matches(token: string, signing: Signing, signer: Signer): boolean;
}

/**
 * Links are derived, not stored: a keyed fingerprint of the signer's random value. Nobody guesses one without APP_SECRET,
 * the database does not contain any, and a new `linkNonce` revokes the old link.
 * @param deps.publicUrl origin without a trailing slash
 */
export function createSignerLinks(deps: { secrets: Secrets; publicUrl: string }): SignerLinks {
  const { secrets, publicUrl } = deps;

  const tokenOf = (signing: Signing, signer: Signer): string => {
    const mac = secrets.mac(PURPOSE, signing.id, signer.id, signer.linkNonce);
    const token = `${signing.id}-${signer.id}-${mac}`;
    if (!TOKEN.test(token)) throw new Error(`no link can be made for ${signing.id} ${signer.id}`);
    return token;
  };

  return {
    tokenOf,
    linkOf: (signing, signer) => `${publicUrl}/s/${tokenOf(signing, signer)}`,
    parse(token) {
      const [, signingId, signerId] = TOKEN.exec(token) ?? [];
      return signingId && signerId ? { signingId, signerId } : undefined;
    },
    matches(token, signing, signer) {
      const mac = TOKEN.exec(token)?.[3] ?? '';
      return secrets.isMac(mac, PURPOSE, signing.id, signer.id, signer.linkNonce);
    },
  };
}
