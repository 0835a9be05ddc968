/** Reads BER/DER of unknown origin: bounded in depth and number of elements, never reads past the end. */

export interface Asn1Node {
  tag: number;
  constructed: boolean;
  /** Header and content. */
  raw: Buffer;
  body: Buffer;
  children: Asn1Node[];
}

export class Asn1Error extends Error {}

const MAX_DEPTH = 64;
const MAX_NODES = 20_000;

/** Parses one element from `offset`; what follows it is not looked at. */
export function readDer(bytes: Uint8Array, offset = 0): Asn1Node {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return readElement(buffer, offset, { nodes: 0 }, 0);
}

function readElement(buffer: Buffer, offset: number, seen: { nodes: number }, depth: number): Asn1Node {
  if (depth > MAX_DEPTH || ++seen.nodes > MAX_NODES) throw new Asn1Error('too complex');
  const byteAt = (index: number): number => {
    const byte = buffer[index];
    if (byte === undefined) throw new Asn1Error('cut off');
    return byte;
  };
  const tag = byteAt(offset);
  if ((tag & 0x1f) === 0x1f) throw new Asn1Error('tag number above 30');
  const constructed = (tag & 0x20) !== 0;
  let position = offset + 1;
  let length = byteAt(position++);

  if (length === 0x80) {
    if (!constructed) throw new Asn1Error('indefinite length of a primitive');
    const start = position;
    const children: Asn1Node[] = [];
    while (byteAt(position) !== 0 || byteAt(position + 1) !== 0) {
      const child = readElement(buffer, position, seen, depth + 1);
      children.push(child);
      position += child.raw.length;
    }
    return {
      tag,
      constructed,
      raw: buffer.subarray(offset, position + 2),
      body: buffer.subarray(start, position),
      children,
    };
  }
  if (length > 0x80) {
    const count = length & 0x7f;
    if (count > 4) throw new Asn1Error('length of more than 4 bytes');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + byteAt(position++);
  }
  const end = position + length;
  if (end > buffer.length) throw new Asn1Error('cut off');
  const children: Asn1Node[] = [];
  if (constructed) {
    const inner = buffer.subarray(0, end);
    for (let at = position; at < end;) {
      const child = readElement(inner, at, seen, depth + 1);
      children.push(child);
      at += child.raw.length;
    }
  }
  return {
    tag,
    constructed,
    raw: buffer.subarray(offset, end),
    body: buffer.subarray(position, end),
    children,
  };
}

/** The child at `index`; an Asn1Error when it is missing. */
export function childAt(node: Asn1Node | undefined, index: number): Asn1Node {
  const child = node?.children[index];
  if (!child) throw new Asn1Error('element missing');
  return child;
}

export function readObjectIdentifier(node: Asn1Node): string {
  const [first] = node.body;
  if (node.tag !== 0x06 || first === undefined) throw new Asn1Error('not an object identifier');
  const top = Math.min(2, Math.floor(first / 40));
  const arcs = [top, first - top * 40];
  let arc = 0;
  for (const byte of node.body.subarray(1)) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

/** Content of an OCTET STRING, also of one in pieces (BER). */
export const readOctetString = (node: Asn1Node): Buffer =>
  node.constructed ? Buffer.concat(node.children.map(readOctetString)) : node.body;

/** GeneralizedTime as RFC 3161 and RFC 5280 write it. */
export function readGeneralizedTime(node: Asn1Node): Date {
  const text = node.body.toString('latin1');
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(text);
  if (!match) throw new Asn1Error('time');
  const [, year, month, day, hour, minute, second] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time.getTime())) throw new Asn1Error('time');
  return time;
}
