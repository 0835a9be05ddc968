import { headerBytes, maxMessageBytes } from './read-message.ts';

/**
 * Cuts a byte stream into messages: call it with every chunk, it returns the messages that became complete.
 * @throws Error on an impossible length.
 */
export function createMessageSplitter(): (chunk: Buffer) => Buffer[] {
  let chunks: Buffer[] = [];
  let available = 0;
  let needed = 4;
  return (chunk) => {
    chunks.push(chunk);
    available += chunk.length;
    const messages: Buffer[] = [];
    while (available >= needed) {
      const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, available);
      const length = bytes.readInt32LE(0);
      if (length < headerBytes || length > maxMessageBytes)
        throw new Error(`Impossible message length ${length}`);
      if (available < length) {
        chunks = [bytes];
        needed = length;
        break;
      }
      messages.push(bytes.subarray(0, length));
      chunks = [bytes.subarray(length)];
      available -= length;
      needed = 4;
    }
    return messages;
  };
}
