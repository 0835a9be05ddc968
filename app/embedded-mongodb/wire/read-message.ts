import { decode, type Doc } from '../bson/codec.ts';

// https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
export const opReply = 1;
export const opQuery = 2004;
export const opMsg = 2013;
export const headerBytes = 16;
export const maxMessageBytes = 48_000_000 + 16_384;

const checksumPresent = 1;
const moreToCome = 2;

export interface WireMessage {
  readonly requestId: number;
  /** How to answer; OP_QUERY is only ever the first message of a connection. */
  readonly opCode: typeof opQuery | typeof opMsg;
  readonly body: Doc;
  /** An unacknowledged write (w: 0): no answer may be sent. */
  readonly silent: boolean;
}

/** @throws Error when the bytes are no message the server knows; the connection is of no more use then. */
export function readMessage(bytes: Buffer): WireMessage {
  const requestId = bytes.readInt32LE(4);
  const opCode = bytes.readInt32LE(12);
  if (opCode === opQuery) {
    const nameEnd = bytes.indexOf(0, headerBytes + 4);
    return { requestId, opCode, silent: false, body: readDocument(bytes, nameEnd + 9) };
  }
  if (opCode !== opMsg) throw new Error(`Unsupported wire protocol operation ${opCode}`);
  const flags = bytes.readUInt32LE(headerBytes);
  const end = bytes.length - (flags & checksumPresent ? 4 : 0);
  let body: Doc | undefined;
  const sequences: Doc = {};
  for (let at = headerBytes + 4; at < end;) {
    const kind = bytes[at]!;
    const length = bytes.readInt32LE(at + 1);
    if (kind === 0) body = readDocument(bytes, at + 1);
    else if (kind === 1) readSequence(bytes.subarray(at + 1, at + 1 + length), sequences);
    else throw new Error(`Unsupported OP_MSG section ${kind}`);
    at += 1 + length;
  }
  if (!body) throw new Error('OP_MSG without a body');
  return { requestId, opCode, silent: (flags & moreToCome) !== 0, body: { ...body, ...sequences } };
}

/** A list of documents sent beside the body: the `documents` of an insert. */
function readSequence(section: Buffer, into: Doc): void {
  const nameEnd = section.indexOf(0, 4);
  const documents: Doc[] = [];
  for (let at = nameEnd + 1; at < section.length; at += section.readInt32LE(at)) {
    documents.push(readDocument(section, at));
  }
  into[section.toString('utf8', 4, nameEnd)] = documents;
}

function readDocument(bytes: Buffer, at: number): Doc {
  const length = bytes.readInt32LE(at);
  if (length < 5 || at + length > bytes.length) throw new Error('Truncated BSON document');
  return decode(bytes.subarray(at, at + length));
}
