import { expect } from 'chai';
import { parseSignaturePositions } from '../../../app/domain/signature-positions.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { loadSealCertificate } from '../../../app/pdf/certificate/load-seal-certificate.ts';
import type { VerificationResult } from '../../../app/ports/pdf-engine.ts';
import { makeVictims } from '../../fixtures/pdf/attacks/victims.ts';
import type { Victims } from '../../fixtures/pdf/attacks/victims.ts';
import { appendRevision, pdfWithPages, stream } from '../../fixtures/pdf/build-pdf.ts';
import { objectNumber } from '../../fixtures/pdf/forge-pdf.ts';
import {
  anApplyRequest,
  anOpenRequest,
  aSealRequest,
  sharedEngine,
  startTestEngine,
  twoSigners,
} from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

const at = new Date('2026-11-22T12:00:00Z');

describe('verify', function () {
  this.timeout(30_000);
  let engine: TestEngine;
  let input: Uint8Array;
  let victims: Victims;

  before(async () => {
    engine = await sharedEngine();
    input = new Uint8Array(pdfWithPages(['Price: 100 EUR', 'second page']));
    victims = await makeVictims(engine);
  });

  const verify = (pdf: Uint8Array, pictures = 0): Promise<VerificationResult> =>
    engine.verify({ pdf: new Uint8Array(pdf), at, pictures });
  const codes = (result: VerificationResult, index = 0): string[] =>
    result.signatures[index]?.changesAfter.map(({ code }) => code) ?? [];

  it('when there is no signature, expected unsigned', async () => {
    expect(await verify(input)).to.deep.include({
      verdict: 'unsigned',
      pages: 2,
      signatures: [],
      changedPages: [],
      warnings: [],
    });
  });

  it('when it is no PDF or noise, expected not_a_pdf', async () => {
    expect((await verify(Buffer.from('hello'))).verdict).to.equal('not_a_pdf');
    expect((await verify(Buffer.alloc(0))).verdict).to.equal('not_a_pdf');
    expect((await verify(Buffer.from('%PDF-1.7\nnothing'))).verdict).to.be.oneOf(['not_a_pdf', 'unsigned']);
  });

  it('when the final seal is the last thing in the file, expected unchanged and nothing after it', async () => {
    const { verdict, signatures, warnings, changedPages } = await verify(victims.sealed);
    expect({ verdict, warnings, changedPages }).to.deep.equal({
      verdict: 'unchanged',
      warnings: [],
      changedPages: [],
    });
    expect(signatures).to.have.length(1);
    expect(signatures[0]).to.deep.include({ covers: 'whole_file', certification: 1, changesAfter: [] });
    expect(signatures[0]?.certificate?.commonName).to.equal('Countersign document seal');
  });

  describe('when two people sign one after the other', () => {
    let signed: Uint8Array;
    before(async () => {
      const [first, second] = twoSigners();
      const { pdf: open } = await engine.openForSigning(anOpenRequest(input));
      const { pdf: once } = await engine.applySignature(anApplyRequest(open, first));
      signed = (await engine.applySignature(anApplyRequest(once, second))).pdf;
    });

    it('expected each signature with what came after it, all of it permitted', async () => {
      const result = await verify(signed);
      expect(result.verdict).to.equal('unchanged');
      expect(result.signatures.map(({ changesAfter }) => changesAfter.length)).to.deep.equal([2, 1, 0]);
      expect(codes(result)).to.deep.equal(['field_signed', 'field_signed']);
      for (const { permitted, page, place } of result.signatures[0]?.changesAfter ?? []) {
        expect({ permitted, page }).to.deep.equal({ permitted: true, page: 3 });
        expect(place?.width).to.be.within(100, 595);
      }
    });

    it('expected the fields that each of them locks', async () => {
      const [certification, first, second] = (await verify(signed)).signatures;
      expect(certification?.locks).to.equal(undefined);
      expect(first?.locks).to.have.length(1).and.not.deep.equal(second?.locks);
    });

    it('and pictures are asked for, expected the page before and now with its permitted places', async () => {
      const { changedPages, verdict } = await verify(signed, 1);
      expect(verdict).to.equal('unchanged');
      expect(changedPages.map(({ page, places }) => [page, places.length])).to.deep.equal([[3, 2]]);
      const [page] = changedPages;
      expect(page?.places.every(({ permitted }) => permitted)).to.equal(true);
      const [before, now] = [decode(page?.signed ?? new Uint8Array()), decode(page?.now ?? new Uint8Array())];
      expect([before.width, before.height]).to.deep.equal([now.width, now.height]);
      expect(before.width / before.height).to.be.closeTo(595 / 842, 0.01);
      expect(Buffer.compare(before.data as Uint8Array, now.data as Uint8Array)).to.not.equal(0);
    });

    it('and their marks touch and overlap, expected all of them permitted with pictures too', async () => {
      const { positions } = parseSignaturePositions(
        `signer 1 sign page=1 x=70 y=300 w=150 h=50; signer 1 stamp page=1 x=190 y=270 w=90 h=90
         signer 2 sign page=1 x=70 y=352 w=150 h=50; signer 2 name page=1 x=150 y=390 w=160 h=14`,
      );
      let { pdf } = await engine.openForSigning(anOpenRequest(input, { positions }));
      for (const signer of twoSigners()) {
        ({ pdf } = await engine.applySignature(anApplyRequest(pdf, signer, { positions })));
      }
      const { verdict, changedPages } = await verify(pdf, 1);
      expect(changedPages.flatMap(({ places }) => places.map(({ permitted }) => permitted))).to.deep.equal([
        true,
        true,
        true,
        true,
      ]);
      expect(verdict).to.equal('unchanged');
    });

    it('and then somebody changes a page, expected its changed place beside the permitted ones', async () => {
      const number = objectNumber(input, /Price: 100 EUR/);
      const body = stream('BT /F1 14 Tf 72 720 Td (Price: 1 EUR) Tj ET\n0.5 w 72 700 m 300 700 l S');
      const { verdict, changedPages } = await verify(appendRevision(signed, [{ number, body }]), 2);
      expect(verdict).to.equal('changed');
      expect(changedPages.map(({ page }) => page)).to.deep.equal([1, 3]);
      const [first, third] = changedPages;
      expect(first?.places).to.have.length(1);
      expect(first?.places[0]?.permitted).to.equal(false);
      // "100 EUR" began 110 points from the left, its baseline 122 from the top.
      expect(first?.places[0]?.x).to.be.within(100, 140);
      expect(first?.places[0]?.y).to.be.within(105, 122);
      expect(first?.places[0]?.height).to.be.below(25);
      expect(first?.now).to.be.instanceOf(Uint8Array);
      expect(third?.places.every(({ permitted }) => permitted)).to.equal(true);
    });
  });

  describe('when somebody else signs', () => {
    let folder: string;
    before(async () => (folder = await mkdtemp(join(tmpdir(), 'countersign-test-'))));
    after(() => rm(folder, { recursive: true }));

    it('with a look-alike certificate, expected a valid signature of unknown trust', async () => {
      const impostor = await loadSealCertificate({ dataDir: folder });
      const other = await startTestEngine({ certificate: impostor });
      const { pdf } = await other.sealBundle(aSealRequest(input));
      await other.close();

      const result = await verify(pdf);
      expect(result.verdict).to.equal('unchanged');
      expect(result.signatures[0]).to.deep.include({ integrity: 'valid', trust: 'unknown' });
      expect(result.signatures[0]?.certificate?.commonName).to.equal('Countersign document seal');
      const anchors = [impostor.chain.at(-1) ?? new Uint8Array()];
      const now = new Date(); // the certificate was made just now
      const anchored = await engine.verify({ pdf, at: now, anchors });
      expect(anchored.signatures[0]?.trust).to.equal('anchored');
    });
  });
});
