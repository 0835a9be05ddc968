/** Writes DER (X.690): just what CMS, ESS and time-stamp queries need. */

export function tlv(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Uint8Array.of(tag, body.length), body]);
  const length: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest & 0xff);
  return Buffer.concat([Uint8Array.of(tag, 0x80 | length.length, ...length), body]);
}

export const sequence = (...items: Uint8Array[]): Buffer => tlv(0x30, ...items);
/** SET OF in DER order (X.690, 11.6). */
export const setOf = (...items: Uint8Array[]): Buffer =>
  tlv(0x31, ...items.toSorted((a, b) => Buffer.compare(a, b)));
export const octetString = (bytes: Uint8Array): Buffer => tlv(0x04, bytes);
export const nullValue = (): Buffer => Buffer.from([0x05, 0x00]);
export const boolean = (value: boolean): Buffer => tlv(0x01, Uint8Array.of(value ? 0xff : 0x00));

/** Non-negative INTEGER from a small number or big-endian bytes; shortest form. */
export function integer(value: number | Uint8Array): Buffer {
  let bytes = typeof value === 'number' ? Buffer.from(hexOfEvenLength(value), 'hex') : Buffer.from(value);
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  bytes = bytes.subarray(start);
  return tlv(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes);
}

const hexOfEvenLength = (value: number): string => {
  const hex = value.toString(16);
  return hex.length % 2 ? `0${hex}` : hex;
};

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift((left & 0x7f) | 0x80);
    }
    bytes.push(...groups);
  }
  return tlv(0x06, Uint8Array.from(bytes));
}

/** The same element under another tag: IMPLICIT tagging. */
export function retag(tag: number, element: Uint8Array): Buffer {
  const copy = Buffer.from(element);
  copy[0] = tag;
  return copy;
}
