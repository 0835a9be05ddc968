import { encode } from '../bson/codec.ts';
import type { Reply } from '../commands/command.ts';
import type { CursorBatch } from '../commands/cursors.ts';
import { headerBytes, opMsg, opQuery, opReply, type WireMessage } from './read-message.ts';

const end = Buffer.from([0]);

/** The answer to a message, in the form the request asks for. */
export function writeMessage(request: WireMessage, reply: Reply, requestId: number): Buffer {
  const parts = isCursorBatch(reply) ? encodeCursorBatch(reply) : [encode(reply)];
  const prefix = request.opCode === opQuery ? replyPrefix() : messagePrefix();
  const length = parts.reduce((sum, part) => sum + part.length, headerBytes + prefix.length);
  const header = Buffer.alloc(headerBytes);
  header.writeInt32LE(length, 0);
  header.writeInt32LE(requestId, 4);
  header.writeInt32LE(request.requestId, 8);
  header.writeInt32LE(request.opCode === opQuery ? opReply : opMsg, 12);
  return Buffer.concat([header, prefix, ...parts], length);
}

/** OP_MSG: four bytes of flags and the kind of the one section. */
const messagePrefix = (): Buffer => Buffer.alloc(5);

/** OP_REPLY: flags, cursor id, starting position, number of documents. */
function replyPrefix(): Buffer {
  const prefix = Buffer.alloc(20);
  prefix.writeInt32LE(8, 0); // AwaitCapable, always set
  prefix.writeInt32LE(1, 16);
  return prefix;
}

const isCursorBatch = (reply: Reply): reply is CursorBatch =>
  typeof reply.cursor === 'object' && reply.cursor !== null && 'namespace' in reply.cursor;

/** `{ cursor: { <field>: [documents], id, ns }, ok: 1 }`, with the documents as they are stored. */
function encodeCursorBatch({ cursor }: CursorBatch): Buffer[] {
  const elements = cursor.documents.flatMap((document, i) => [Buffer.from(`\x03${i}\0`, 'latin1'), document]);
  const array = framed(elements);
  const id = Buffer.alloc(8);
  id.writeBigInt64LE(cursor.id);
  const namespace = Buffer.from(`${cursor.namespace}\0`, 'utf8');
  const fields = [
    Buffer.from(`\x04${cursor.field}\0`, 'latin1'),
    ...array,
    Buffer.from('\x12id\0', 'latin1'),
    id,
    Buffer.from('\x02ns\0', 'latin1'),
    int32(namespace.length),
    namespace,
  ];
  const ok = encode({ ok: 1 }).subarray(4, -1);
  return framed([Buffer.from('\x03cursor\0', 'latin1'), ...framed(fields), ok]);
}

/** A BSON document or array around encoded elements: length, elements, zero. */
function framed(elements: readonly Buffer[]): Buffer[] {
  const length = elements.reduce((sum, element) => sum + element.length, 5);
  return [int32(length), ...elements, end];
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
