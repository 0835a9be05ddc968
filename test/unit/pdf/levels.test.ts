import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDF } from '@libpdf/core';
import { expect } from 'chai';
import { finishDocument } from '../../../app/pdf/sealing/finish-document.ts';
import { sealBundle } from '../../../app/pdf/sealing/seal-bundle.ts';
import { readValidationData } from '../../../app/pdf/verify/read-validation-data.ts';
import { verifyDocument } from '../../../app/pdf/verify/verify-document.ts';
import type { SealCertificate, SealLevel, SignatureFinding } from '../../../app/ports/pdf-engine.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { startLocalAuthority } from '../../fixtures/pdf/local-authority.ts';
import type { LocalAuthority } from '../../fixtures/pdf/local-authority.ts';
import { aFinishRequest, contextFor, localNetwork, timestampsOf } from '../../fixtures/pdf/local-context.ts';
import { hasProgram, run } from '../../fixtures/pdf/outside-programs.ts';
import {
  aSealRequest,
  anApplyRequest,
  anOpenRequest,
  startTestEngine,
  testCertificate,
  twoSigners,
} from '../../fixtures/pdf/test-engine.ts';

const input = (): Uint8Array => new Uint8Array(pdfWithPages(['contract']));

describe('levels of signatures', function () {
  this.timeout(60_000);
  let authority: LocalAuthority;
  let certificate: SealCertificate;
  before(async () => {
    authority = await startLocalAuthority();
    certificate = await authority.issue({ key: 'RSA' });
  });
  afterEach(() => authority.reset());
  after(() => authority.close());

  /** Sealed with one signature; with a time-stamp unless told otherwise. */
  const seal = async (by: SealCertificate, stamped = true): Promise<Uint8Array> => {
    const timestamps = stamped ? timestampsOf(authority) : undefined;
    return (await sealBundle(aSealRequest(input(), { timestamps }), contextFor(by))).pdf;
  };
  const finish = (pdf: Uint8Array, by: SealCertificate, level: SealLevel = 'B-LTA') =>
    finishDocument(aFinishRequest(pdf, { level, timestamps: timestampsOf(authority) }), contextFor(by));
  const examine = async (
    pdf: Uint8Array,
    by: SealCertificate,
    at = new Date(),
  ): Promise<SignatureFinding[]> => {
    const result = await verifyDocument({ pdf, at, anchors: [authority.root] }, contextFor(by));
    expect(result.verdict).to.equal('unchanged');
    return result.signatures;
  };

  describe('when a document is finished', () => {
    it('at B-LTA, expected store and time-stamp in one revision, and the verifier to say the same', async () => {
      const sealed = await seal(certificate);
      const before = new Date();
      const done = await finish(sealed, certificate);
      expect(done).to.deep.include({ level: 'B-LTA', warnings: [] });
      expect(done.timestampAt?.getTime()).to.be.at.least(before.getTime() - 1000);
      expect(Buffer.from(done.pdf.subarray(0, sealed.length)).equals(sealed)).to.equal(true);

      const [signature, stamp, ...others] = await examine(done.pdf, certificate);
      expect(others).to.deep.equal([]);
      expect(signature).to.deep.include({ level: 'B-LTA', revocation: 'good', trust: 'ours' });
      expect(stamp).to.deep.include({
        kind: 'document_timestamp',
        integrity: 'valid',
        level: 'timestamp',
        trust: 'anchored',
        revocation: 'good',
        covers: 'whole_file',
      });
      // Leaf and time-stamp authority by OCSP, the issuing authority by the root's list; once each.
      expect(authority.asked.filter((path) => path !== '/tsa')).to.have.members([
        '/ocsp',
        '/ocsp',
        '/root.crl',
      ]);
    });

    it('at B-LT, expected the store and no time-stamp', async () => {
      const done = await finish(await seal(certificate), certificate, 'B-LT');
      expect(done).to.deep.include({ level: 'B-LT', warnings: [] });
      expect(done.timestampAt).to.equal(undefined);
      const signatures = await examine(done.pdf, certificate);
      expect(signatures).to.have.length(1);
      expect(signatures[0]).to.deep.include({ level: 'B-LT', revocation: 'good' });
    });

    for (const [level, stamped] of [
      ['B-B', false],
      ['B-T', true],
    ] as const) {
      it(`at ${level}, expected the same bytes back`, async () => {
        const sealed = await seal(certificate, stamped);
        const done = await finish(sealed, certificate, level);
        expect(done).to.deep.include({ level, warnings: [] });
        expect(done.pdf).to.equal(sealed);
        expect((await examine(sealed, certificate))[0]?.level).to.equal(level);
      });
    }

    it('a second time, expected the same bytes back and nobody asked', async () => {
      const done = await finish(await seal(certificate), certificate);
      authority.asked.length = 0;
      const again = await finish(done.pdf, certificate);
      expect(again.pdf).to.equal(done.pdf);
      expect(again).to.deep.include({ level: 'B-LTA', warnings: [] });
      expect(authority.asked).to.deep.equal([]);
    });

    it('with certificates on other curves and with a chain that was cut, expected it all the same', async () => {
      for (const key of ['P-256', 'P-384', 'P-521'] as const) {
        const own = await authority.issue({ key }, 'leaf');
        const done = await finish(await seal(own), own);
        expect(done, key).to.deep.include({ level: 'B-LTA', warnings: [] });
        expect((await examine(done.pdf, own))[0], key).to.deep.include({
          level: 'B-LTA',
          revocation: 'good',
        });
        expect(authority.asked.filter((path) => path.endsWith('.cer'))).to.deep.equal(['/root.cer']);
        authority.asked.length = 0;
      }
      const own = await authority.issue({}, 'leaf');
      await finish(await seal(own, false), own);
      expect(authority.asked).to.include.members(['/issuing.cer', '/root.cer']);
    });

    it('with a self-issued certificate and no servers, expected the same bytes back', async () => {
      const own = await testCertificate();
      const sealed = await seal(own, false);
      const done = await finishDocument(aFinishRequest(sealed), contextFor(own));
      expect(done).to.deep.include({ level: 'B-B', warnings: [] });
      expect(done.pdf).to.equal(sealed);
    });

    it('with a self-issued certificate and a time-stamp, expected B-LTA: nobody publishes about it', async () => {
      const own = await testCertificate();
      const done = await finish(await seal(own), own);
      expect(done).to.deep.include({ level: 'B-LTA', warnings: [] });
      expect((await examine(done.pdf, own))[0]).to.deep.include({
        level: 'B-LTA',
        revocation: 'not_published',
      });
    });

    it('without a time-stamp on the signature, expected the document time-stamp and level B-B', async () => {
      const done = await finish(await seal(certificate, false), certificate);
      expect(done.level).to.equal('B-B');
      expect(done.timestampAt).to.be.instanceOf(Date);
    });

    it('without signatures of ours, expected the same bytes back', async () => {
      const sealed = await seal(certificate);
      const done = await finishDocument(
        aFinishRequest(sealed, { timestamps: timestampsOf(authority) }),
        contextFor(await testCertificate()),
      );
      expect(done.pdf).to.equal(sealed);
    });
  });

  it('when answers have run out since, expected the trusted time to keep them good', async () => {
    const { pdf } = await finish(await seal(certificate), certificate);
    const later = new Date(Date.now() + 200 * 24 * 3600_000);
    expect((await examine(pdf, certificate, later))[0]).to.deep.include({
      revocation: 'good',
      level: 'B-LTA',
    });
    const nobodyBelieved = await verifyDocument({ pdf, at: later }, contextFor(certificate));
    expect(nobodyBelieved.signatures[0]).to.deep.include({ revocation: 'unknown', level: 'B-LTA' });
  });

  it('when a signature has no trusted time, expected that of the document time-stamp over it to count', async () => {
    const hour = 3600_000;
    const short = await authority.issue({ validTo: new Date(Date.now() + hour) });
    const sealed = await seal(short, false);
    const later = new Date(Date.now() + 24 * hour);
    expect((await examine(sealed, short, later))[0]).to.deep.include({
      certificateValidThen: false,
      problems: ['certificate_not_valid_then'],
    });
    const done = await finish(sealed, short);
    expect((await examine(done.pdf, short, later))[0]).to.deep.include({
      certificateValidThen: true,
      problems: [],
      revocation: 'good',
      level: 'B-B',
    });
  });

  it('when validation data came after the last time-stamp, expected it not to count as archived', async () => {
    const sealed = await seal(certificate);
    const timestamps = timestampsOf(authority);
    const blind = { ...contextFor(certificate), fetchValidationData: undefined };
    const stamped = await finishDocument(aFinishRequest(sealed, { timestamps }), blind);
    expect(stamped).to.deep.include({ level: 'B-T', warnings: ['validation_data_missing'] });
    const late = await finish(stamped.pdf, certificate, 'B-LT');
    expect(late.level).to.equal('B-LT');
    expect((await examine(late.pdf, certificate))[0]?.level).to.equal('B-LT');
    const again = await finish(late.pdf, certificate);
    expect(again.level).to.equal('B-LTA');
    expect((await examine(again.pdf, certificate))[0]?.level).to.equal('B-LTA');
  });

  it('when two sign one after the other in an engine, expected each at B-LTA and each answer stored once', async () => {
    const engine = await startTestEngine({ certificate, ...localNetwork() });
    try {
      const timestamps = timestampsOf(authority);
      let { pdf } = await engine.openForSigning(anOpenRequest(input(), { timestamps }));
      for (const signer of twoSigners()) {
        ({ pdf } = await engine.applySignature(anApplyRequest(pdf, signer, { timestamps })));
      }
      const done = await engine.finishDocument(aFinishRequest(pdf, { timestamps }));
      expect(done).to.deep.include({ level: 'B-LTA', warnings: [] });
      const { verdict, signatures } = await engine.verify({ pdf: done.pdf, at: new Date() });
      expect(verdict).to.equal('unchanged');
      expect(signatures.map(({ level }) => level)).to.deep.equal(['B-LTA', 'B-LTA', 'B-LTA', 'timestamp']);
      const { certificates, answers, lists } = readValidationData(await PDF.load(done.pdf));
      expect([certificates.length, answers.length, lists.length]).to.deep.equal([4, 2, 1]);
    } finally {
      await engine.close();
    }
  });

  it('when the first finishing found no time-stamp server, expected the second to add what was missing', async () => {
    const sealed = await seal(certificate);
    authority.behaviour.timestamps = 'down';
    const request = aFinishRequest(sealed, { timestamps: { urls: [authority.tsaUrl], whenDown: 'go_on' } });
    const first = await finishDocument(request, contextFor(certificate));
    expect(first).to.deep.include({ level: 'B-LT', warnings: ['timestamp_missing'] });
    authority.behaviour.timestamps = 'honest';
    const second = await finish(first.pdf, certificate);
    expect(second).to.deep.include({ level: 'B-LTA', warnings: [] });
    expect(Buffer.from(second.pdf.subarray(0, first.pdf.length)).equals(first.pdf)).to.equal(true);
    expect((await examine(second.pdf, certificate))[0]?.level).to.equal('B-LTA');
  });

  describe('before programs that others wrote', () => {
    let folder: string;
    let path: string;
    let pdf: Uint8Array;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
      path = join(folder, 'done.pdf');
      ({ pdf } = await finish(await seal(certificate), certificate));
      await writeFile(path, pdf);
    });
    after(() => rm(folder, { recursive: true }));

    if (hasProgram('pdfsig', 'archived signatures before poppler')) {
      it('when pdfsig reads it, expected the signature to hold and the time-stamp to cover the file', () => {
        const { output } = run('pdfsig', ['-nocert', '-no-ocsp', path]);
        expect(output.match(/Signature is Valid/g)).to.have.length(1);
        expect(output).to.match(/Timestamp[\s\S]*Total document signed/);
      });
    }
    if (hasProgram('qpdf', 'archived files before qpdf')) {
      it('when qpdf checks it, expected no complaint', () => {
        const { code, output } = run('qpdf', ['--check', path]);
        expect(output).to.not.match(/WARNING|error:/i);
        expect(code).to.equal(0);
      });
    }
    if (hasProgram('openssl', 'stored validation data before OpenSSL')) {
      const save = async (name: string, bytes: Uint8Array): Promise<string> => {
        await writeFile(join(folder, name), bytes);
        return join(folder, name);
      };
      const asPem = (der: Uint8Array): Buffer =>
        Buffer.from(
          `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
        );

      it('when openssl reads the stored answer, expected "good" from an authority that it believes', async () => {
        const { answers } = readValidationData(await PDF.load(pdf));
        const [leaf = new Uint8Array()] = certificate.chain;
        const [root, issuing, own] = await Promise.all([
          save('root.pem', asPem(authority.root)),
          save('issuing.pem', asPem(authority.issuing)),
          save('leaf.pem', asPem(leaf)),
        ]);
        const outputs = [];
        for (const [index, { raw }] of answers.entries()) {
          const answer = await save(`${index}.ocsp`, raw);
          const trust = ['-CAfile', root, '-verify_other', issuing];
          outputs.push(
            run('openssl', [
              'ocsp',
              '-respin',
              answer,
              '-issuer',
              issuing,
              '-cert',
              own,
              '-no_nonce',
              ...trust,
            ]),
          );
        }
        expect(
          outputs.some(({ output }) => /leaf\.pem: good/.test(output)),
          outputs[0]?.output,
        ).to.equal(true);
        expect(outputs.every(({ output }) => /Response verify OK/.test(output))).to.equal(true);
      });

      it('when openssl verifies the path with the stored list, expected success', async () => {
        const { lists } = readValidationData(await PDF.load(pdf));
        const list = await save('root.crl', lists[0]?.raw ?? Buffer.alloc(0));
        const pem = join(folder, 'root.crl.pem');
        expect(run('openssl', ['crl', '-inform', 'DER', '-in', list, '-out', pem]).code).to.equal(0);
        const root = await save('root.pem', asPem(authority.root));
        const issuing = await save('issuing.pem', asPem(authority.issuing));
        const { code, output } = run('openssl', [
          'verify',
          '-crl_check',
          '-CRLfile',
          pem,
          '-CAfile',
          root,
          issuing,
        ]);
        expect(code, output).to.equal(0);
      });

      it('when openssl checks the document time-stamp, expected it to be over the whole file', async () => {
        const file = Buffer.from(pdf);
        const [, first, second, length] =
          [...file.toString('latin1').matchAll(/\/ByteRange \[0 (\d+) (\d+) (\d+)/g)].at(-1)?.map(Number) ??
          [];
        const hex = file.subarray((first ?? 0) + 1, (second ?? 0) - 1).toString('latin1');
        const token = await save('token.der', Buffer.from(hex, 'hex'));
        const rest = file.subarray(second, (second ?? 0) + (length ?? 0));
        const covered = await save('covered.bin', Buffer.concat([file.subarray(0, first), rest]));
        const root = await save('root.pem', asPem(authority.root));
        const issuing = await save('issuing.pem', asPem(authority.issuing));
        const trust = ['-CAfile', root, '-untrusted', issuing];
        const { code, output } = run('openssl', [
          'ts',
          '-verify',
          '-data',
          covered,
          '-in',
          token,
          '-token_in',
          ...trust,
        ]);
        expect(output).to.contain('Verification: OK');
        expect(code).to.equal(0);
      });
    }
  });
});
