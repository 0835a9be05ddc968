import { deflateSync } from 'node:zlib';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect } from 'chai';
import { DocumentRefused, PdfEngineFailure } from '../../../app/ports/pdf-engine.ts';
import { assemble, pdfWithPages, stream } from '../../fixtures/pdf/build-pdf.ts';
import { aSealRequest, startTestEngine, testCertificate } from '../../fixtures/pdf/test-engine.ts';

const at = new Date('2026-11-22T12:00:00Z');
const healthy = (): Uint8Array => new Uint8Array(pdfWithPages(['healthy']));
const failureOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );
/** An object stream that says it is small and inflates to 200 MB as soon as its object is asked for. */
const bomb = (): Uint8Array =>
  new Uint8Array(
    Buffer.from(
      pdfWithPages(['x'], {
        more: [
          stream(
            deflateSync(Buffer.alloc(200 << 20, 0x20)),
            '/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode',
          ),
        ],
      }),
    ),
  );

describe('jobs of the PDF engine', function () {
  this.timeout(60_000);

  it('when a job passes its deadline, expected a typed failure and the next job to work', async () => {
    const engine = await startTestEngine({ deadlines: { verify: 1, sealBundle: 1 } });
    try {
      const verified = await engine.verify({ pdf: healthy(), at });
      expect(verified).to.deep.include({ verdict: 'not_a_pdf', warnings: ['too_complex'] });
      const sealing = await failureOf(engine.sealBundle(aSealRequest(healthy())));
      expect(sealing).to.be.instanceOf(PdfEngineFailure).and.include({ code: 'timeout' });
      expect((await engine.prepareBundle({ parts: [{ name: 'a', bytes: healthy() }] })).pages).to.equal(1);
    } finally {
      await engine.close();
    }
  });

  it('when intake takes too long, expected the document to be refused', async () => {
    const engine = await startTestEngine({ deadlines: { prepareBundle: 1 } });
    try {
      const refused = await failureOf(engine.prepareBundle({ parts: [{ name: 'a', bytes: healthy() }] }));
      expect(refused).to.be.instanceOf(DocumentRefused).and.include({ reason: 'too_complex' });
    } finally {
      await engine.close();
    }
  });

  it('when a file takes more memory than allowed, expected its worker alone to die', async () => {
    const lost: unknown[] = [];
    const log = { warn: (...words: unknown[]) => void lost.push(words) };
    const engine = await startTestEngine({ memoryLimitMb: 300, log });
    try {
      const small = await engine.prepareBundle({ parts: [{ name: 'a', bytes: healthy() }] });
      expect(small.pages, 'an honest file has room').to.equal(1);
      const large = Buffer.concat([healthy(), Buffer.alloc(150 << 20, 0x20)]);
      const refused = await failureOf(
        engine.prepareBundle({ parts: [{ name: 'a', bytes: large }], limits: { maxBytes: 1 << 30 } }),
      );
      expect(refused).to.be.instanceOf(DocumentRefused).and.include({ reason: 'too_complex' });
      expect(lost).to.have.length(1);
    } finally {
      await engine.close();
    }
  });

  it('when one stray character would make the parser run for ever, expected an answer at once', async () => {
    // libpdf 0.4.2 reads a lone parenthesis in a dictionary again and again; such a file is not given to it.
    const endless = (more: string): Buffer =>
      assemble([
        `<< /Type /Catalog /Pages 2 0 R /X << /A 1 ) /B 2 ${more} >> >>`,
        '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>',
      ]);
    const engine = await startTestEngine();
    try {
      const unsigned = await engine.verify({ pdf: endless(''), at });
      expect(unsigned).to.deep.include({ verdict: 'not_a_pdf', warnings: ['unreadable'] });
      const signed = await engine.verify({ pdf: endless('/ByteRange [0 1 2 3]'), at });
      expect(signed.verdict).to.equal('broken');
    } finally {
      await engine.close();
    }
  });

  it('when a bomb is verified or taken in, expected an answer within seconds', async () => {
    const engine = await startTestEngine({ deadlines: { verify: 8_000, prepareBundle: 8_000 } });
    const file = bomb();
    try {
      const [taken, verified] = await Promise.all([
        failureOf(engine.prepareBundle({ parts: [{ name: 'a', bytes: file }] })),
        failureOf(engine.verify({ pdf: file, at })),
      ]);
      const honest = (outcome: unknown): boolean =>
        outcome === 'no failure' || outcome instanceof DocumentRefused || outcome instanceof PdfEngineFailure;
      expect([taken, verified].map(honest)).to.deep.equal([true, true]);
    } finally {
      await engine.close();
    }
  });

  it('when a job is cancelled, running or waiting, expected it to end and the others to go on', async () => {
    const engine = await startTestEngine();
    try {
      const running = new AbortController();
      const waiting = new AbortController();
      const first = failureOf(engine.sealBundle(aSealRequest(healthy()), { signal: running.signal }));
      const second = failureOf(engine.sealBundle(aSealRequest(healthy()), { signal: waiting.signal }));
      const third = engine.sealBundle(aSealRequest(healthy()));
      waiting.abort();
      running.abort();
      expect(await first).to.include({ code: 'cancelled' });
      expect(await second).to.include({ code: 'cancelled' });
      expect((await third).pages).to.equal(2);
      const late = engine.sealBundle(aSealRequest(healthy()), { signal: AbortSignal.abort() });
      expect(await failureOf(late)).to.include({ code: 'cancelled' });
    } finally {
      await engine.close();
    }
  });

  it('when the engine is closed, expected every job to be told', async () => {
    const engine = await startTestEngine();
    const jobs = [1, 2, 3].map(() => failureOf(engine.sealBundle(aSealRequest(healthy()))));
    await engine.close();
    for (const job of await Promise.all(jobs)) expect(job).to.include({ code: 'closed', retryable: true });
    expect(await failureOf(engine.verify({ pdf: healthy(), at }))).to.include({ code: 'closed' });
  });

  it('when the key cannot sign, expected a failure and no document', async () => {
    const certificate = await testCertificate();
    const engine = await startTestEngine({
      certificate: { ...certificate, sign: async () => Promise.reject(new Error('token removed')) },
    });
    try {
      const failure = await failureOf(engine.sealBundle(aSealRequest(healthy())));
      expect(failure)
        .to.be.instanceOf(PdfEngineFailure)
        .and.include({ code: 'internal', message: 'token removed' });
    } finally {
      await engine.close();
    }
  });

  it('when the key is not the certificate’s, expected a failure and no document', async () => {
    const certificate = await testCertificate();
    const engine = await startTestEngine({
      certificate: { ...certificate, sign: async () => new Uint8Array(384) },
    });
    try {
      const failure = await failureOf(engine.sealBundle(aSealRequest(healthy())));
      expect(failure).to.include({ message: 'the sealing key does not match its certificate' });
    } finally {
      await engine.close();
    }
  });

  it('when ten documents are sealed at once, expected the event loop to stay free', async () => {
    const engine = await startTestEngine({ workers: 2 });
    try {
      await engine.sealBundle(aSealRequest(healthy()));
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      await Promise.all(Array.from({ length: 10 }, () => engine.sealBundle(aSealRequest(healthy()))));
      delay.disable();
      expect(delay.percentile(99) / 1e6, 'ms; sealing here would block for a second').to.be.below(250);
    } finally {
      await engine.close();
    }
  });
});
