import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { timestampFrom } from '../../../app/pdf/cms/ask-timestamp-servers.ts';
import { readTimestampToken } from '../../../app/pdf/cms/read-cms.ts';
import { finishDocument } from '../../../app/pdf/sealing/finish-document.ts';
import { sealBundle } from '../../../app/pdf/sealing/seal-bundle.ts';
import { verifyDocument } from '../../../app/pdf/verify/verify-document.ts';
import { PdfEngineFailure } from '../../../app/ports/pdf-engine.ts';
import type { SealCertificate, TimestampPolicy } from '../../../app/ports/pdf-engine.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { startLocalAuthority } from '../../fixtures/pdf/local-authority.ts';
import type { LocalAuthority } from '../../fixtures/pdf/local-authority.ts';
import { aFinishRequest, contextFor, localNetwork, timestampsOf } from '../../fixtures/pdf/local-context.ts';
import { hasProgram, run } from '../../fixtures/pdf/outside-programs.ts';
import { aSealRequest, testCertificate } from '../../fixtures/pdf/test-engine.ts';

describe('time-stamps', function () {
  this.timeout(60_000);
  let authority: LocalAuthority;
  let certificate: SealCertificate;
  before(async () => {
    authority = await startLocalAuthority();
    certificate = await authority.issue();
  });
  afterEach(() => authority.reset());
  after(() => authority.close());

  const imprint = createHash('sha256').update('data').digest();
  const nowhere = 'http://127.0.0.1:9/secret-account';
  const ask = (urls: string[]): Promise<Uint8Array> =>
    timestampFrom({ urls }, localNetwork().postTimestampQuery, () => undefined)(imprint);
  const failureOf = (work: Promise<unknown>): Promise<PdfEngineFailure> =>
    work.then(
      () => expect.fail('it did not fail'),
      (error: unknown) => {
        expect(error).to.be.instanceOf(PdfEngineFailure);
        return error as PdfEngineFailure;
      },
    );

  it('when servers before it do not answer, expected the next one to be asked, and none after it', async () => {
    const token = await ask([
      nowhere,
      `${authority.url}/nothing-here`,
      authority.tsaUrl,
      `${authority.url}/unasked`,
    ]);
    expect(readTimestampToken(token).imprint.equals(imprint)).to.equal(true);
    expect(authority.asked).to.deep.equal(['/nothing-here', '/tsa']);
  });

  for (const trick of ['nonce', 'imprint', 'status', 'signature', 'noise', 'down'] as const) {
    it(`when the answer is wrong (${trick}), expected it not to be taken, and the host in the failure`, async () => {
      authority.behaviour.timestamps = trick;
      const failure = await failureOf(ask([nowhere, authority.tsaUrl]));
      expect(failure).to.include({ code: 'timestamp_unavailable', retryable: true });
      expect(failure.message).to.contain(new URL(authority.url).host).and.not.contain('secret-account');
    });
  }

  describe('when no server answers', () => {
    const policy = (whenDown: TimestampPolicy['whenDown']): TimestampPolicy => ({
      urls: [nowhere],
      whenDown,
    });
    const input = (): Uint8Array => new Uint8Array(pdfWithPages(['contract']));

    it('and sealing is to fail, expected that', async () => {
      const request = aSealRequest(input(), { timestamps: policy('fail') });
      expect((await failureOf(sealBundle(request, contextFor(certificate)))).code).to.equal(
        'timestamp_unavailable',
      );
    });

    it('and sealing is to go on, expected a lower level that says so', async () => {
      const request = aSealRequest(input(), { timestamps: policy('go_on') });
      const sealed = await sealBundle(request, contextFor(certificate));
      expect(sealed).to.deep.include({ level: 'B-B', warnings: ['timestamp_missing'] });
      const { signatures } = await verifyDocument(
        { pdf: sealed.pdf, at: new Date() },
        contextFor(certificate),
      );
      expect(signatures[0]).to.include({ integrity: 'valid', level: 'B-B' });
    });

    it('and finishing is to fail, expected that', async () => {
      const request = aSealRequest(input(), { timestamps: timestampsOf(authority) });
      const { pdf } = await sealBundle(request, contextFor(certificate));
      const failure = await failureOf(
        finishDocument(aFinishRequest(pdf, { timestamps: policy('fail') }), contextFor(certificate)),
      );
      expect(failure.code).to.equal('timestamp_unavailable');
    });

    it('and finishing is to go on with nothing else to add, expected the same bytes back', async () => {
      const plain = await testCertificate();
      const { pdf } = await sealBundle(aSealRequest(input()), contextFor(plain));
      const request = aFinishRequest(pdf, { timestamps: policy('go_on') });
      const done = await finishDocument(request, contextFor(plain));
      expect(done).to.deep.include({ level: 'B-B', warnings: ['timestamp_missing'] });
      expect(done.pdf).to.equal(pdf);
    });
  });

  if (hasProgram('openssl', 'time-stamp tokens before OpenSSL')) {
    it('when openssl checks a token, expected it to be over the data and by a believed authority', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
      const save = async (name: string, bytes: Uint8Array | string): Promise<string> => {
        await writeFile(join(folder, name), bytes);
        return join(folder, name);
      };
      try {
        const [token, data] = [
          await save('token.der', await ask([authority.tsaUrl])),
          await save('data', 'data'),
        ];
        const pem = async (name: string, der: Uint8Array): Promise<string> => {
          const out = join(folder, `${name}.pem`);
          run('openssl', ['x509', '-inform', 'DER', '-in', await save(name, der), '-out', out]);
          return out;
        };
        const trust = [
          '-CAfile',
          await pem('root', authority.root),
          '-untrusted',
          await pem('ca', authority.issuing),
        ];
        const { code, output } = run('openssl', [
          'ts',
          '-verify',
          '-data',
          data,
          '-in',
          token,
          '-token_in',
          ...trust,
        ]);
        expect(output).to.contain('Verification: OK');
        expect(code).to.equal(0);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
});
