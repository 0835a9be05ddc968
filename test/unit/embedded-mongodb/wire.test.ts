import { expect } from 'chai';
import { decode, encode, type Doc } from '../../../app/embedded-mongodb/bson/codec.ts';
import { readMessage } from '../../../app/embedded-mongodb/wire/read-message.ts';
import { createMessageSplitter } from '../../../app/embedded-mongodb/wire/split-messages.ts';
import { writeMessage } from '../../../app/embedded-mongodb/wire/write-message.ts';

function opMsg(flags: number, sections: Buffer[], trailer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([...sections, trailer]);
  const head = Buffer.alloc(20);
  head.writeInt32LE(20 + body.length, 0);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(2013, 12);
  head.writeUInt32LE(flags, 16);
  return Buffer.concat([head, body]);
}
const bodySection = (doc: Doc): Buffer => Buffer.concat([Buffer.from([0]), encode(doc)]);
function sequenceSection(name: string, docs: Doc[]): Buffer {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...docs.map(encode)]);
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeInt32LE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

describe('embedded store: wire framing', () => {
  it('when documents come as a sequence with a checksum after it, they are part of the body', () => {
    const message = readMessage(
      opMsg(
        1,
        [bodySection({ insert: 'c' }), sequenceSection('documents', [{ a: 'x' }, { a: 'y' }])],
        Buffer.alloc(4),
      ),
    );
    expect(message.body).to.deep.equal({ insert: 'c', documents: [{ a: 'x' }, { a: 'y' }] });
    expect(message.requestId).to.equal(7);
  });

  it('when moreToCome is set, the message wants no answer', () => {
    expect(readMessage(opMsg(2, [bodySection({ insert: 'c' })])).silent).to.equal(true);
  });

  it('when messages are cut and joined at any byte, the same messages come out', () => {
    const stream = Buffer.concat([1, 2, 3].map((n) => opMsg(0, [bodySection({ ping: 'x'.repeat(n * 10) })])));
    for (const size of [1, 3, 20, stream.length]) {
      const split = createMessageSplitter();
      const messages: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size)
        messages.push(...split(stream.subarray(at, at + size)));
      expect(Buffer.concat(messages).equals(stream), `chunks of ${size}`).to.equal(true);
      expect(messages).to.have.length(3);
    }
  });

  it('when a length is impossible, the stream is refused', () => {
    const split = createMessageSplitter();
    expect(() => split(Buffer.from([1, 0, 0, 0]))).to.throw('Impossible message length');
  });

  it('when a cursor batch is written, it is one valid BSON document', () => {
    const request = { requestId: 7, opCode: 2013, body: {}, silent: false } as const;
    const documents = [encode({ a: 'x' }), encode({ b: 'y' })];
    const cursor = { id: 5n, namespace: 'db.c', field: 'firstBatch', documents } as const;
    const bytes = writeMessage(request, { cursor }, 1);
    expect(bytes.readInt32LE(0)).to.equal(bytes.length);
    const { cursor: shown, ok } = decode(bytes.subarray(21));
    expect(shown).to.deep.include({ firstBatch: [{ a: 'x' }, { b: 'y' }], ns: 'db.c' });
    expect(Number(ok)).to.equal(1);
  });
});
