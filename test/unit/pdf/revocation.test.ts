import { PDF } from '@libpdf/core';
import { expect } from 'chai';
import { readCertificate } from '../../../app/pdf/cms/read-certificate.ts';
import { finishDocument } from '../../../app/pdf/sealing/finish-document.ts';
import { saveRevision } from '../../../app/pdf/sealing/save-revision.ts';
import { sealBundle } from '../../../app/pdf/sealing/seal-bundle.ts';
import { readable } from '../../../app/pdf/validation/data-in-cms.ts';
import { readOcsp } from '../../../app/pdf/validation/read-ocsp.ts';
import { readRevocationList, revocationIn } from '../../../app/pdf/validation/read-revocation-list.ts';
import { statusesOf } from '../../../app/pdf/validation/validation-data.ts';
import type { ValidationData } from '../../../app/pdf/validation/validation-data.ts';
import { addToSecurityStore } from '../../../app/pdf/validation/write-security-store.ts';
import { writeOcspQuery } from '../../../app/pdf/validation/write-ocsp-query.ts';
import { readValidationData } from '../../../app/pdf/verify/read-validation-data.ts';
import { verifyDocument } from '../../../app/pdf/verify/verify-document.ts';
import type { SealCertificate, SealedDocument, SignatureFinding } from '../../../app/ports/pdf-engine.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { startLocalAuthority } from '../../fixtures/pdf/local-authority.ts';
import type { Behaviour, LocalAuthority } from '../../fixtures/pdf/local-authority.ts';
import { aFinishRequest, contextFor, localNetwork, timestampsOf } from '../../fixtures/pdf/local-context.ts';
import { aSealRequest } from '../../fixtures/pdf/test-engine.ts';

const HOUR_MS = 3600_000;
const START = new Date('2026-11-22T10:00:00Z');

describe('revocation', function () {
  this.timeout(60_000);
  let authority: LocalAuthority;
  let certificate: SealCertificate;
  let clock = START;
  before(async () => {
    authority = await startLocalAuthority(() => clock);
  });
  beforeEach(async () => {
    clock = START;
    authority.reset();
    certificate = await authority.issue();
  });
  after(() => authority.close());

  const seal = async (): Promise<Uint8Array> => {
    const input = new Uint8Array(pdfWithPages(['contract']));
    const request = aSealRequest(input, { timestamps: timestampsOf(authority) });
    return (await sealBundle(request, contextFor(certificate))).pdf;
  };
  const finish = (pdf: Uint8Array): Promise<SealedDocument> =>
    finishDocument(
      aFinishRequest(pdf, { timestamps: timestampsOf(authority), finishedAt: clock }),
      contextFor(certificate),
    );
  const examine = async (pdf: Uint8Array): Promise<SignatureFinding> => {
    const { signatures } = await verifyDocument(
      { pdf, at: clock, anchors: [authority.root] },
      contextFor(certificate),
    );
    return signatures[0]!;
  };
  const stored = async (pdf: Uint8Array) => readValidationData(await PDF.load(pdf));
  const pass = (milliseconds: number): void => void (clock = new Date(clock.getTime() + milliseconds));

  describe('when a document is finished', () => {
    for (const ocsp of ['direct', 'without_nonce'] as const) {
      it(`with an answer that is ${ocsp}, expected it to be taken`, async () => {
        authority.behaviour.ocsp = ocsp;
        const done = await finish(await seal());
        expect(done).to.deep.include({ level: 'B-LTA', warnings: [] });
        expect((await stored(done.pdf)).answers).to.have.length(2);
      });
    }

    const tricks = [
      'other_nonce',
      'other_certificate',
      'forged',
      'undelegated',
      'expired',
      'future',
      'unknown',
      'try_later',
      'noise',
      'down',
    ] as const;
    for (const ocsp of tricks) {
      it(`and the OCSP answer is "${ocsp}", expected the list instead, and nothing stored when that fails too`, async () => {
        authority.behaviour.ocsp = ocsp;
        const sealed = await seal();
        const done = await finish(sealed);
        expect(done).to.deep.include({ level: 'B-LTA', warnings: [] });
        const data = await stored(done.pdf);
        expect([data.answers.length, data.lists.length]).to.deep.equal([0, 2]);
        expect(await examine(done.pdf)).to.deep.include({ level: 'B-LTA', revocation: 'good' });

        authority.behaviour.lists = 'down';
        const without = await finish(sealed);
        expect(without).to.deep.include({ level: 'B-T', warnings: ['validation_data_missing'] });
        const nothing = await stored(without.pdf);
        expect([nothing.answers.length, nothing.lists.length]).to.deep.equal([0, 0]);
        expect(await examine(without.pdf)).to.deep.include({ level: 'B-T', revocation: 'unknown' });
      });
    }

    it('and the list is published in parts, expected the part that the certificate names to be taken', async () => {
      Object.assign(authority.behaviour, { ocsp: 'down', lists: 'this_part' } satisfies Partial<Behaviour>);
      const done = await finish(await seal());
      expect(done).to.deep.include({ level: 'B-LTA', warnings: [] });
    });

    for (const lists of ['forged', 'expired', 'other_part'] as const) {
      it(`and the list is "${lists}", expected it not to be stored`, async () => {
        Object.assign(authority.behaviour, { ocsp: 'down', lists } satisfies Partial<Behaviour>);
        const done = await finish(await seal());
        expect(done).to.deep.include({ level: 'B-T', warnings: ['validation_data_missing'] });
        expect((await stored(done.pdf)).lists).to.deep.equal([]);
      });
    }

    it('and nobody can be asked, expected the warning and the time-stamp all the same', async () => {
      const done = await finishDocument(
        aFinishRequest(await seal(), { timestamps: timestampsOf(authority), finishedAt: clock }),
        { ...contextFor(certificate), fetchValidationData: undefined },
      );
      expect(done).to.deep.include({ level: 'B-T', warnings: ['validation_data_missing'] });
      expect(done.timestampAt).to.deep.equal(clock);
    });
  });

  for (const ocsp of ['honest', 'down'] as const) {
    const by = ocsp === 'honest' ? 'OCSP' : 'a list';
    it(`when the certificate was revoked before it signed, by ${by}, expected that told and no full level`, async () => {
      authority.behaviour.ocsp = ocsp;
      const at = new Date(clock.getTime() - HOUR_MS);
      authority.revoke(certificate, at);
      const done = await finish(await seal());
      expect(done).to.deep.include({ level: 'B-T', warnings: ['validation_data_missing'] });
      expect(await examine(done.pdf)).to.deep.include({
        integrity: 'valid',
        level: 'B-T',
        revocation: 'revoked',
        revokedAt: at,
      });
    });

    it(`when it was revoked after it signed, by ${by}, expected the signature to stay good`, async () => {
      authority.behaviour.ocsp = ocsp;
      const sealed = await seal();
      pass(HOUR_MS);
      authority.revoke(certificate);
      pass(HOUR_MS);
      const done = await finish(sealed);
      expect(done).to.deep.include({ level: 'B-LTA', warnings: [] });
      const finding = await examine(done.pdf);
      expect(finding).to.deep.include({ level: 'B-LTA', revocation: 'good' });
      expect(finding.revokedAt).to.equal(undefined);
    });
  }

  it('when a certificate is revoked and the file has no data, expected "unknown"', async () => {
    authority.revoke(certificate, new Date(clock.getTime() - HOUR_MS));
    expect(await examine(await seal())).to.deep.include({ level: 'B-T', revocation: 'unknown' });
  });

  it('when the time-stamp server was revoked, expected its time to count for nothing', async () => {
    authority.revoke(authority.stamper, new Date(clock.getTime() - HOUR_MS));
    const done = await finish(await seal());
    expect(done).to.deep.include({ level: 'B-T', warnings: ['validation_data_missing'] });
    const { timestamp, level } = await examine(done.pdf);
    expect({ valid: timestamp?.valid, trust: timestamp?.trust, level }).to.deep.equal({
      valid: true,
      trust: 'unknown',
      level: 'B-T',
    });
  });

  it('when its authority publishes nothing, expected "not published"', async () => {
    certificate = await authority.issue({ unpublished: true });
    const done = await finish(await seal());
    expect(done).to.deep.include({ level: 'B-LTA', warnings: [] });
    expect((await examine(done.pdf)).revocation).to.equal('not_published');
  });

  describe('when somebody else put answers into the file', () => {
    /** Signed, with one OCSP answer in its security store that nobody checked. */
    const withAnswer = async (ocsp: Behaviour['ocsp']): Promise<Uint8Array> => {
      authority.behaviour.ocsp = ocsp;
      const sealed = await seal();
      const leaf = readCertificate(certificate.chain[0] ?? new Uint8Array());
      const query = writeOcspQuery(leaf, readCertificate(authority.issuing), Buffer.alloc(16, 1));
      const answer = await localNetwork().fetchValidationData(`${authority.url}/ocsp`, query);
      const lists = [await localNetwork().fetchValidationData(`${authority.url}/root.crl`)];
      const pdf = await PDF.load(sealed);
      const garbage = Buffer.from('3003020101', 'hex');
      addToSecurityStore(pdf, [
        {
          contents: garbage,
          certificates: [authority.issuing, garbage],
          answers: [answer, garbage],
          lists: [...lists, garbage],
        },
      ]);
      return saveRevision(pdf, sealed);
    };

    it('and it is honest, expected it to be believed', async () => {
      expect((await examine(await withAnswer('honest'))).revocation).to.equal('good');
    });

    for (const ocsp of ['forged', 'undelegated', 'other_certificate', 'expired', 'unknown'] as const) {
      it(`and it is "${ocsp}", expected it not to be believed`, async () => {
        expect((await examine(await withAnswer(ocsp))).revocation).to.equal('unknown');
      });
    }
  });

  it('when any byte of an answer or a list is changed, expected a revoked certificate never to look good', async () => {
    authority.revoke(certificate);
    const { fetchValidationData: fetch } = localNetwork();
    const leaf = readCertificate(certificate.chain[0] ?? new Uint8Array());
    const issuer = readCertificate(authority.issuing);
    const query = writeOcspQuery(leaf, issuer, Buffer.alloc(16, 1));
    const answer = Buffer.from(await fetch(`${authority.url}/ocsp`, query));
    const list = Buffer.from(await fetch(`${authority.url}/issuing.crl`));
    const kinds: [Buffer, (bytes: Buffer) => ValidationData][] = [
      [answer, (bytes) => ({ certificates: [], answers: [readOcsp(bytes)], lists: [] })],
      [list, (bytes) => ({ certificates: [], answers: [], lists: [readRevocationList(bytes)] })],
    ];
    for (const [bytes, read] of kinds) {
      const outcomes = (changed: Buffer) =>
        readable([changed], read)
          .flatMap((data) => statusesOf(leaf, issuer, data))
          .map(({ outcome }) => outcome);
      expect(outcomes(bytes)).to.deep.equal(['revoked']);
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1 << (at % 8);
        expect(outcomes(changed), `byte ${at}`).to.not.include('good');
      }
    }
  });

  it('when a list names a hundred thousand certificates, expected the one to be found and the size to be no trouble', async () => {
    authority.revoke(certificate);
    const honest = readRevocationList(
      await localNetwork().fetchValidationData(`${authority.url}/issuing.crl`),
    );
    const serial = readCertificate(certificate.chain[0] ?? new Uint8Array()).serial;
    const entry = Buffer.concat(Array.from({ length: 100_000 }, () => ENTRY));
    const list = { ...honest, entries: Buffer.concat([entry, honest.entries]) };
    expect(revocationIn(list, serial)).to.deep.equal(clock);
    expect(revocationIn(list, Buffer.from('020107', 'hex'))).to.equal(undefined);
  });
});

/** Serial number 1, revoked in 2026. */
const ENTRY = Buffer.from('3012020101170d3236303130313030303030305a', 'hex');
