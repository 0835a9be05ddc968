import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { Secrets } from '../ports/secrets.ts';

const FORMAT = 'v1';
/** NIST SP 800-38D, 5.2.1.1 and 8.2: 96-bit iv, 128-bit tag. */
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed text that cannot be opened; says why, never what was in it. */
export class SealBroken extends Error {
  readonly code = 'SEAL_BROKEN';
  readonly retryable = false;
  constructor(reason: string) {
    super(`cannot open a sealed text: ${reason}`);
    this.name = 'SealBroken';
  }
}

/** The keys that grow out of one secret: RFC 5869, with a different `info` for every use. */
function createKeyRing(secret: string) {
  const derive = (purpose: string, bytes = 32): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `countersign ${purpose}`, bytes));
  const macKeys = new Map<string, Buffer>();
  const macKey = (purpose: string): Buffer => {
    const key = macKeys.get(purpose) ?? derive(`mac ${purpose}`);
    macKeys.set(purpose, key);
    return key;
  };
  return {
    /** Says which secret sealed a text, and nothing about the secret. */
    id: derive('key id', 6).toString('base64url'),
    sealKey: derive('seal'),
    // JSON keeps the parts apart: ('a', 'bc') and ('ab', 'c') are different.
    mac: (purpose: string, parts: readonly string[]): string =>
      createHmac('sha256', macKey(purpose)).update(JSON.stringify(parts)).digest('base64url'),
  };
}

const isSame = (given: string, wanted: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/**
 * Sealing and fingerprints under APP_SECRET. A sealed text is `v1.<key id>.<iv, tag and ciphertext in base64url>`, with
 * the context as additional authenticated data.
 * @param secret APP_SECRET
 * @param oldSecret APP_SECRET_OLD; empty when no rotation is under way
 */
export function createSecrets({ secret, oldSecret = '' }: { secret: string; oldSecret?: string }): Secrets {
  if (!secret) throw new Error('APP_SECRET is empty');
  const current = createKeyRing(secret);
  const rings = oldSecret ? [current, createKeyRing(oldSecret)] : [current];

  return {
    seal: (plain, context) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, current.sealKey, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      const bytes = Buffer.concat([iv, cipher.getAuthTag(), body]);
      return [FORMAT, current.id, bytes.toString('base64url')].join('.');
    },
    open: (sealed, context) => {
      const [format, keyId, text = '', ...rest] = sealed.split('.');
      if (format !== FORMAT || rest.length > 0) throw new SealBroken('it is not in our format');
      const ring = rings.find((each) => each.id === keyId);
      if (!ring) throw new SealBroken('it was sealed under another APP_SECRET');
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length < IV_BYTES + TAG_BYTES) throw new SealBroken('it is too short');
      const decipher = createDecipheriv(CIPHER, ring.sealKey, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      try {
        const body = bytes.subarray(IV_BYTES + TAG_BYTES);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch {
        throw new SealBroken('it was changed, or belongs to another context');
      }
    },
    mac: (purpose, ...parts) => current.mac(purpose, parts),
    isMac: (given, purpose, ...parts) =>
      rings.map((ring) => isSame(given, ring.mac(purpose, parts))).some((same) => same),
  };
}
