import { createHash, randomBytes } from 'node:crypto';
import { oid } from '../asn1/object-identifiers.ts';
import { childAt, readDer } from '../asn1/read-der.ts';
import { boolean, integer, nullValue, objectIdentifier, octetString, sequence } from '../asn1/write-der.ts';
import { checkSigner } from './check-signer.ts';
import { readTimestampToken } from './read-cms.ts';

/** An honest token with its chain has 2 to 8 KB; signatures leave this much room for one. */
export const TIMESTAMP_ROOM = 12_000;

/** How an answer of a time-stamp server failed its check. */
export class TimestampRefused extends Error {}

/**
 * Asks one RFC 3161 server to stamp `imprint` (a SHA-256) and checks that the answer is for this very question: nonce,
 * imprint and the token's own signature. `post` carries the query; its time limit and network rules are its own.
 */
export async function requestTimestamp(
  imprint: Uint8Array,
  post: (query: Uint8Array) => Promise<Uint8Array>,
): Promise<{ token: Uint8Array; time: Date }> {
  const nonce = randomBytes(8);
  nonce.writeUInt8((nonce.readUInt8(0) & 0x7f) | 0x40, 0); // a positive INTEGER of a fixed length
  const hash = sequence(objectIdentifier(oid.sha256), nullValue());
  const reply = await post(
    sequence(integer(1), sequence(hash, octetString(imprint)), integer(nonce), boolean(true)),
  );
  if (reply.length > TIMESTAMP_ROOM) throw new TimestampRefused('answer too large');
  const answer = readDer(reply);
  const status = childAt(childAt(answer, 0), 0).body[0];
  if (status === undefined || status > 1) throw new TimestampRefused(`status ${status}`); // 0 granted, 1 with changes
  const token = childAt(answer, 1).raw;

  const info = readTimestampToken(token);
  if (info.hashAlgorithm !== oid.sha256 || !info.imprint.equals(imprint)) {
    throw new TimestampRefused('imprint of something else');
  }
  if (!info.nonce?.equals(nonce)) throw new TimestampRefused('nonce of another question');
  const [signer] = info.signedData.signers;
  const content = info.signedData.content ?? Buffer.alloc(0);
  const check =
    signer && checkSigner(info.signedData, signer, (name) => createHash(name).update(content).digest());
  if (check?.outcome !== 'valid') throw new TimestampRefused('its own signature does not hold');
  if (!check.certificate?.x509.keyUsage?.includes(oid.timeStamping)) {
    throw new TimestampRefused('certificate is not for time-stamping');
  }
  return { token: Buffer.from(token), time: info.time };
}
