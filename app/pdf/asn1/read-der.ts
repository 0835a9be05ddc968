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
  if (buffer[offset + 1] === INDEFINITE) return readIndefinite(buffer, offset, seen, depth);
  const element = readHeader(buffer, offset);
  const children: Asn1Node[] = [];
  if (element.constructed) {
    for (let at = 0; at < element.body.length;) {
      const child = readElement(element.body, at, seen, depth + 1);
      children.push(child);
      at += child.raw.length;
    }
  }
  return { ...element, children };
}

const INDEFINITE = 0x80;

function byteAt(buffer: Buffer, index: number): number {
  const byte = buffer[index];
  if (byte === undefined) throw new Asn1Error('cut off');
  return byte;
}

function readHeader(buffer: Buffer, offset: number): ShallowNode {
  const tag = byteAt(buffer, offset);
  if ((tag & 0x1f) === 0x1f) throw new Asn1Error('tag number above 30');
  let position = offset + 1;
  let length = byteAt(buffer, position++);
  if (length >= INDEFINITE) {
    const count = length & 0x7f;
    if (count === 0) throw new Asn1Error('indefinite length');
    if (count > 4) throw new Asn1Error('length of more than 4 bytes');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + byteAt(buffer, position++);
  }
  const end = position + length;
  if (end > buffer.length) throw new Asn1Error('cut off');
  const constructed = (tag & 0x20) !== 0;
  return { tag, constructed, raw: buffer.subarray(offset, end), body: buffer.subarray(position, end) };
}

function readIndefinite(buffer: Buffer, offset: number, seen: { nodes: number }, depth: number): Asn1Node {
  const tag = byteAt(buffer, offset);
  if ((tag & 0x1f) === 0x1f) throw new Asn1Error('tag number above 30');
  if (!(tag & 0x20)) throw new Asn1Error('indefinite length of a primitive');
  const start = offset + 2;
  let position = start;
  const children: Asn1Node[] = [];
  while (byteAt(buffer, position) !== 0 || byteAt(buffer, position + 1) !== 0) {
    const child = readElement(buffer, position, seen, depth + 1);
    children.push(child);
    position += child.raw.length;
  }
  const raw = buffer.subarray(offset, position + 2);
  return { tag, constructed: true, raw, body: buffer.subarray(start, position), children };
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

/** Content of a BIT STRING that holds bytes: a signature or a key. */
export function readBitString(node: Asn1Node): Buffer {
  if (node.tag !== 0x03 || node.body[0] !== 0) throw new Asn1Error('not a string of whole bytes');
  return node.body.subarray(1);
}

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

/** UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5: two digits from 50 on are of the 20th century). */
export function readTime(node: Asn1Node): Date {
  if (node.tag !== 0x17) return readGeneralizedTime(node);
  const century = node.body.toString('latin1', 0, 2) >= '50' ? '19' : '20';
  return readGeneralizedTime({ ...node, body: Buffer.concat([Buffer.from(century), node.body]) });
}

/** An element whose content has not been read. */
export type ShallowNode = Omit<Asn1Node, 'children'>;

/** Tag and body of one element of definite length, without reading what is inside. */
export function readShallow(bytes: Uint8Array, offset = 0): ShallowNode {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return readHeader(buffer, offset);
}

/** The elements in a constructed body, one at a time: a list of a million costs no more memory than one of them. */
export function* elementsOf(body: Buffer): Generator<ShallowNode> {
  for (let at = 0; at < body.length;) {
    const element = readHeader(body, at);
    yield element;
    at += element.raw.length;
  }
}
