import { expect } from 'chai';
// @ts-expect-error plain JavaScript of the browser
import { openRanges } from '../../../public/viewer/range-source.js';

interface Ranges {
  requestDataRange(begin: number, end: number): void;
}
type Open = (
  library: object,
  fetchPart: () => Promise<Response>,
  failed: (error: unknown) => void,
) => Promise<{ range: Ranges }>;

describe('parts of a document for the viewer', () => {
  it('when pdf.js has given a part up before it came, expected no error in the page', async () => {
    const delivered = Promise.withResolvers<number>();
    class PDFDataRangeTransport {
      onDataRange(begin: number): void {
        delivered.resolve(begin);
        throw new Error('no reader found');
      }
    }
    const failures: unknown[] = [];
    const part = async () =>
      new Response(new Uint8Array(10), { headers: { 'content-range': 'bytes 0-9/1000000' } });
    const { range } = await (openRanges as Open)({ PDFDataRangeTransport }, part, (error) =>
      failures.push(error),
    );
    const escaped: unknown[] = [];
    const note = (reason: unknown): void => void escaped.push(reason);
    process.on('unhandledRejection', note);
    try {
      range.requestDataRange(65_536, 131_072);
      expect(await delivered.promise).to.equal(65_536);
      await new Promise((resolve) => setImmediate(resolve));
      expect([...escaped, ...failures]).to.deep.equal([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });
});
