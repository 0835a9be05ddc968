import { expect } from 'chai';
import { createRandom } from '../../support/random.ts';
import { parseSignaturePositions } from '../../../app/domain/signature-positions.ts';
import { verifyDocument } from '../../../app/pdf/verify/verify-document.ts';
import type { VerificationResult } from '../../../app/ports/pdf-engine.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import {
  anApplyRequest,
  anOpenRequest,
  aSealRequest,
  asExpected,
  aSigner,
  sharedEngine,
} from '../../fixtures/pdf/test-engine.ts';

const at = new Date('2026-11-22T12:00:00Z');

/** What a signature covers: everything from the first byte to `end` but the hole with its value. */
interface Range {
  hole: [from: number, to: number];
  end: number;
}

const rangesOf = (pdf: Uint8Array): Range[] =>
  [
    ...Buffer.from(pdf)
      .toString('latin1')
      .matchAll(/\/ByteRange \[0 (\d+) (\d+) (\d+)/g),
  ].map((found) => {
    const [from, to, rest] = [Number(found[1]), Number(found[2]), Number(found[3])];
    return { hole: [from, to], end: to + rest };
  });

const covers = ({ hole: [from, to], end }: Range, offset: number): boolean =>
  offset < end && (offset < from || offset >= to);

/** What a signature says: who, when, what for. A value holds more than is signed (versions, the order of certificates). */
const saysOf = ({ signatures }: VerificationResult): string =>
  JSON.stringify(
    signatures.map(({ certificate, name, reason, claimedTime, timestamp, revisionEnd }) => {
      return [certificate?.fingerprint, name, reason, claimedTime, timestamp, revisionEnd];
    }),
  );

describe('verify, when one bit is flipped', function () {
  this.timeout(300_000);
  const signer = aSigner({ mark: { kind: 'typed', text: 'I' }, stampPng: undefined });
  const { positions } = parseSignaturePositions('signer 1 sign page=1 x=72 y=400 w=140 h=50');
  const input = new Uint8Array(pdfWithPages(['Price: 100 EUR']));
  let verify: (pdf: Uint8Array) => Promise<VerificationResult>;

  before(async () => {
    const { chain, keyType, fingerprint, selfIssued } = (await sharedEngine()).certificate;
    const sign = () => Promise.reject(new Error('nothing is signed here'));
    const seal = { chain, keyType, fingerprint, selfIssued, name: '', sign };
    verify = (pdf) => verifyDocument({ pdf, at }, { seal });
  });

  /** Flips a bit in each of these bytes; gives the offsets at which a signature that covers the byte still holds. */
  async function flipEach(pdf: Uint8Array, offsets: Iterable<number>): Promise<number[]> {
    const ranges = rangesOf(pdf);
    const said = saysOf(await verify(pdf));
    const random = createRandom(20261122);
    const held: number[] = [];
    for (const offset of offsets) {
      const file = Buffer.from(pdf);
      file[offset]! ^= 1 << random.below(8);
      const result = await verify(file);
      const { verdict, signatures, warnings } = result;
      const covering = ranges.filter((range) => covers(range, offset));
      const valid = signatures.filter(({ integrity }) => integrity === 'valid');
      const wrong = valid.some(({ revisionEnd }) => covering.some(({ end }) => end === revisionEnd));
      const inValue = ranges.some(({ hole: [from, to] }) => offset >= from && offset < to);
      const harmless = inValue && covering.length === 0 && saysOf(result) === said;
      // A signature whose kind is made unknown by the flip counts for nothing, and the reader is told.
      const told = warnings.includes('signature_not_examined');
      if (wrong || (verdict === 'unchanged' && !harmless && !told)) held.push(offset);
    }
    return held;
  }

  it('in any byte of a sealed file, expected that the seal does not hold', async () => {
    const { pdf } = await (
      await sharedEngine()
    ).sealBundle(aSealRequest(input, { positions, signers: [signer] }));
    expect((await verify(pdf)).verdict).to.equal('unchanged');
    expect(rangesOf(pdf)).to.have.length(1);
    expect(await flipEach(pdf, pdf.keys())).to.deep.equal([]);
  });

  it('in a sample of what a signer appended and of what was there before, expected the same', async () => {
    const engine = await sharedEngine();
    const common = { positions, signers: [asExpected(signer)] };
    const open = await engine.openForSigning(anOpenRequest(input, common));
    const { pdf } = await engine.applySignature(anApplyRequest(open.pdf, signer, common));
    expect((await verify(pdf)).verdict).to.equal('unchanged');
    const [, last] = rangesOf(pdf);
    if (!last) throw new Error('one signature only');
    const dense = [...pdf.keys()].filter((offset) => {
      return covers(last, offset) && offset % (offset >= open.pdf.length ? 4 : 32) === 0;
    });
    const values = [...pdf.keys()].filter((offset) => !covers(last, offset) && offset % 32 === 0);
    expect(await flipEach(pdf, [...dense, ...values])).to.deep.equal([]);
  });
});
