import { Decimal128, type ObjectId, type Timestamp } from 'bson';
import type { Doc } from '../bson/codec.ts';
import { binaryParts, regexParts, residual } from '../bson/compare-values.ts';
import { rankOf, toNumber, typeRank, type NumberValue } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';

const end = Buffer.from([0]);
const endOfString = Buffer.from([0, 0]);

/**
 * The bytes of a value in an index, ordered by `Buffer.compare` as `compareValues` orders the values, and equal
 * exactly when the values are equal. No encoding is a prefix of another, so compound keys are concatenations.
 * @throws StoreError 2 for Decimal128, whose order against doubles has no short exact encoding.
 */
export function encodeKey(value: unknown, descending = false): Buffer {
  const parts: Buffer[] = [];
  appendValue(value, parts);
  const key = Buffer.concat(parts);
  return descending ? invert(key) : key;
}

/** Bytes in the opposite order: how a descending index field is stored. */
export const invert = (bytes: Buffer): Buffer => bytes.map((byte) => ~byte & 0xff) as Buffer;

/** The smallest key above every key that starts with `prefix`; undefined when there is none. */
export function keyAfterPrefix(prefix: Buffer): Buffer | undefined {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const byte = prefix[i]!;
    if (byte !== 0xff) return Buffer.concat([prefix.subarray(0, i), Buffer.from([byte + 1])]);
  }
  return undefined;
}

function appendValue(value: unknown, parts: Buffer[]): void {
  const rank = rankOf(value);
  parts.push(Buffer.from([rank]));
  switch (rank) {
    case typeRank.number:
      parts.push(encodeNumber(value as NumberValue));
      return;
    case typeRank.string:
      parts.push(escapeZeros(Buffer.from(String(value), 'utf8')), endOfString);
      return;
    case typeRank.object: {
      const doc = value as Doc;
      for (const field of Object.keys(doc)) {
        parts.push(Buffer.from([rankOf(doc[field])]), Buffer.from(field, 'utf8'), end);
        appendValue(doc[field], parts);
      }
      parts.push(end);
      return;
    }
    case typeRank.array:
      for (const element of value as unknown[]) appendValue(element, parts);
      parts.push(end);
      return;
    case typeRank.binary: {
      const { bytes, subtype } = binaryParts(value);
      const head = Buffer.alloc(5);
      head.writeUInt32BE(bytes.length);
      head[4] = subtype;
      parts.push(head, Buffer.from(bytes));
      return;
    }
    case typeRank.objectId:
      parts.push(Buffer.from((value as ObjectId).id));
      return;
    case typeRank.boolean:
      parts.push(Buffer.from([value ? 1 : 0]));
      return;
    case typeRank.date: {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(BigInt((value as Date).getTime()));
      bytes[0]! ^= 0x80;
      parts.push(bytes);
      return;
    }
    case typeRank.timestamp: {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64BE(BigInt.asUintN(64, (value as Timestamp).toBigInt()));
      parts.push(bytes);
      return;
    }
    case typeRank.regex: {
      const { pattern, flags } = regexParts(value);
      parts.push(Buffer.from(pattern), end, Buffer.from(flags), end);
      return;
    }
    default: // null, an empty array, MinKey and MaxKey are their rank alone
  }
}

/** Ten bytes: the double in sortable form, then what rounding a Long to a double took away. */
function encodeNumber(value: NumberValue): Buffer {
  if (value instanceof Decimal128) {
    throw new StoreError(2, 'Decimal128 is not supported in an indexed field');
  }
  const bytes = Buffer.alloc(10);
  const number = toNumber(value);
  bytes.writeUInt16BE(0x8000 + residual(value), 8);
  if (Number.isNaN(number)) return bytes;
  bytes.writeDoubleBE(number === 0 ? 0 : number, 0); // -0 equals 0
  if (number < 0) for (let i = 0; i < 8; i++) bytes[i] = ~bytes[i]! & 0xff;
  else bytes[0]! |= 0x80;
  return bytes;
}

/** Zero bytes inside a string become 00 FF, so that the closing 00 00 stays the lowest. */
function escapeZeros(bytes: Buffer): Buffer {
  if (!bytes.includes(0)) return bytes;
  return Buffer.from([...bytes].flatMap((byte) => (byte === 0 ? [0, 0xff] : [byte])));
}
