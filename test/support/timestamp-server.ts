import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTimestampAuthority } from '../fixtures/pdf/timestamp-authority.ts';

export interface TimestampServer {
  readonly url: string;
  /** DER certificate of the authority. */
  readonly certificate: Uint8Array;
  /** How many queries have come in. */
  queries(): number;
  /** Queries after the n-th are taken and never answered. */
  answerOnly(count: number): void;
  /** Every query is refused with 503, until told otherwise. */
  refuse(on: boolean): void;
  close(): void;
}

/** An RFC 3161 server on the loopback. */
export async function startTimestampServer(now: () => Date = () => new Date()): Promise<TimestampServer> {
  const authority = await createTimestampAuthority(now);
  let queries = 0;
  let answered = Infinity;
  let refusing = false;
  const server = createServer((req, res) => {
    queries += 1;
    if (queries > answered) return;
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      if (refusing) res.writeHead(503).end();
      else {
        res.writeHead(200, { 'Content-Type': 'application/timestamp-reply' });
        res.end(authority.answer(Buffer.concat(parts)));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`,
    certificate: authority.certificate,
    queries: () => queries,
    answerOnly: (count) => (answered = count),
    refuse: (on) => (refusing = on),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
