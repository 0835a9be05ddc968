import { expect } from 'chai';
import { createPostTimestampQuery } from '../../../app/tsa/post-timestamp-query.ts';
import { startTimestampServer } from '../../support/timestamp-server.ts';

describe('asking a time-stamp server', () => {
  it('when it does not answer, expected it left alone for half a minute, and then asked again', async () => {
    const server = await startTimestampServer();
    let now = new Date('2026-11-22T10:00:00Z');
    const post = createPostTimestampQuery({ clock: { now: () => now }, timeoutMs: 100 });
    const failure = (): Promise<unknown> =>
      post(server.url, Buffer.from('query')).then(
        () => undefined,
        (error: unknown) => error,
      );
    try {
      server.answerOnly(0);
      expect(await failure()).to.be.instanceOf(Error);
      expect(server.queries()).to.equal(1);
      expect(String(await failure())).to.include('a moment ago');
      expect(server.queries()).to.equal(1);
      now = new Date(now.getTime() + 31_000);
      await failure();
      expect(server.queries()).to.equal(2);
    } finally {
      server.close();
    }
  });
});
