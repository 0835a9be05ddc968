import { expect } from 'chai';
import { deadlineFor, TIMESTAMP_SERVER_MS } from '../../../app/pdf/jobs/deadline-for.ts';

describe('the deadline of a job', () => {
  it('when the file is large, expected more time for every MiB of it', () => {
    const pdf = new Uint8Array(3 * 2 ** 20);
    expect(deadlineFor('verify', { pdf })).to.equal(15_000 + 3_000);
    expect(deadlineFor('prepareBundle', { parts: [{ bytes: pdf }, { bytes: pdf }] })).to.equal(36_000);
  });

  it('when no time-stamp server says anything, expected the job to outlive them all and to say so', () => {
    const pdf = new Uint8Array(0);
    const timestamps = (count: number) => ({ urls: Array<string>(count).fill('http://tsa.example.test') });
    for (const operation of ['openForSigning', 'applySignature', 'sealBundle'] as const) {
      const alone = deadlineFor(operation, { pdf });
      expect(deadlineFor(operation, { pdf, timestamps: timestamps(5) })).to.equal(
        alone + 5 * TIMESTAMP_SERVER_MS,
      );
    }
  });
});
