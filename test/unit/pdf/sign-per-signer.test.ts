import { expect } from 'chai';
import type { OpenRequest, SealedDocument, SealSigner } from '../../../app/ports/pdf-engine.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { makePng } from '../../fixtures/pdf/make-png.ts';
import { differenceOf, readFields, readTextWithFields } from '../../fixtures/pdf/read-fields.ts';
import { signAll as signAllWith } from '../../fixtures/pdf/sign-all.ts';
import { aSigner, sharedEngine, twoSigners } from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';
import {
  CERTIFICATION,
  contract,
  field,
  positions,
  sha256,
  startsWith,
} from '../../fixtures/pdf/signing-words.ts';

const at = new Date('2026-11-22T12:00:00Z');
describe('openForSigning and applySignature', function () {
  this.timeout(60_000);
  let engine: TestEngine;
  before(async () => (engine = await sharedEngine()));

  const signAll = (pdf: Uint8Array, signers?: SealSigner[], options?: Partial<OpenRequest>) =>
    signAllWith(engine, pdf, signers, options);

  describe('when nobody has a place', () => {
    let input: Uint8Array;
    let steps: SealedDocument[];
    before(async () => {
      input = contract('page one', 'page two');
      steps = await signAll(input, twoSigners(), { reason: undefined });
    });

    it('expected a page with a card for everyone, certified, and a revision for each signature', async () => {
      const [opened, first, second] = steps;
      expect(opened).to.deep.include({ pages: 3, signaturePage: 3, level: 'B-B', warnings: [] });
      expect(first).to.deep.include({ pages: 3, level: 'B-B', warnings: [] });
      const files = [input, ...steps.map(({ pdf }) => pdf)];
      for (const [index, file] of files.slice(1).entries()) {
        expect(startsWith(file, files[index] ?? file), `step ${index}`).to.equal(true);
      }
      expect(second?.sha256).to.equal(sha256(second?.pdf ?? input));
    });

    it('expected each step to be unchanged to the verifier, each change permitted', async () => {
      for (const [index, { pdf }] of steps.entries()) {
        const { verdict, signatures } = await engine.verify({ pdf, at });
        expect(verdict, `step ${index}`).to.equal('unchanged');
        expect(signatures.map((one) => [one.field, one.integrity])).to.deep.equal(
          [CERTIFICATION, field('s1', 'card-1'), field('s2', 'card-1')]
            .slice(0, index + 1)
            .map((name) => [name, 'valid']),
        );
        const changes = signatures.flatMap(({ changesAfter }) => changesAfter);
        expect(changes.filter(({ permitted }) => !permitted)).to.deep.equal([]);
      }
    });

    it('expected every signature to name its signer, purpose, place and time, and to lock its fields', async () => {
      const { signatures } = await engine.verify({ pdf: steps[2]?.pdf ?? input, at });
      const [certification, first, second] = signatures;
      expect(certification).to.deep.include({ certification: 2, name: 'Countersign document seal' });
      expect(first).to.deep.include({
        name: 'Иванов Пётр Ильич',
        reason: 'Подпись',
        location: 'Москва',
        contact: 'seal@example.com',
        certification: undefined,
        locks: [field('s1', 'card-1')],
      });
      expect(first?.claimedTime?.toISOString()).to.equal('2026-11-22T09:14:05.000Z');
      expect(second).to.deep.include({ name: 'Ąžuolas Šimkutė', covers: 'whole_file' });
    });

    it('expected the cards to say who, and once signed when and how, and until then that nobody has', async () => {
      const [before, after, last] = await Promise.all(steps.map(({ pdf }) => readTextWithFields(pdf)));
      expect(before?.[2]).to.contain('Иванов Пётр Ильич').and.contain('UAB „Žaibas“');
      expect(before?.[2]?.match(/ещё не подписано/g)).to.have.length(2);
      expect(before?.[2]).to.not.contain('22.11.2026 12:14:05');
      expect(after?.[2]).to.contain('22.11.2026 12:14:05 UTC+03:00').and.contain('код из письма');
      expect(after?.[2]?.match(/ещё не подписано/g)).to.have.length(1);
      expect(last?.[2]).to.contain('Šimkutė').and.not.contain('ещё не подписано');
    });

    it('expected a signature to change what is seen only inside its own card', async () => {
      const [opened, first] = steps;
      if (!opened || !first) throw new Error('not signed');
      const card = (await readFields(opened.pdf)).find(({ name }) => name === field('s1', 'card-1'));
      const [left = 0, bottom = 0, right = 0, top = 0] = card?.rectangle ?? [];
      const changed = await differenceOf(opened.pdf, first.pdf, 2);
      expect(changed?.left).to.be.at.least(Math.floor(left));
      expect(changed?.right).to.be.at.most(Math.ceil(right));
      expect(changed?.top).to.be.at.least(Math.floor(841.89 - top));
      expect(changed?.bottom).to.be.at.most(Math.ceil(841.89 - bottom));
      expect(await differenceOf(opened.pdf, first.pdf, 0)).to.equal(undefined);
    });

    it('expected the same request to give the same pictures', async () => {
      const again = await signAll(input, twoSigners(), { reason: undefined });
      const [one, other] = [steps[2]?.pdf ?? input, again[2]?.pdf ?? input];
      for (const page of [0, 2]) expect(await differenceOf(one, other, page)).to.equal(undefined);
    });
  });

  describe('when every kind of mark has a place', () => {
    const places = `
      signer 1 sign page=1 x=10% y=30% w=30% h=8%
      signer 1 sign page=every x=70% y=90% w=20% h=5%
      signer 1 stamp page=1 x=300 y=200
      signer 1 date page=1 x=10% y=40%
      signer 1 purpose page=1 x=10% y=45%
      signer 2 sign page=-1 x=100 y=200
      signer 2 name page=-1 x=100 y=260
      step 2 initials page=every x=90% y=95% w=8% h=3%`;
    let input: Uint8Array;
    let steps: SealedDocument[];
    before(async () => {
      input = contract('page one', 'page two');
      steps = await signAll(input, twoSigners(), { positions: positions(places) });
    });

    it('expected no page to be added, and a field for each, empty until its signer signs', async () => {
      expect(steps[0]).to.deep.include({ pages: 2, signaturePage: 0, warnings: [] });
      const fields = await readFields(steps[0]?.pdf ?? input);
      expect(fields.map(({ name, type, page }) => [name, type, page])).to.deep.equal([
        [field('s1', 'sign-1'), 'Sig', 0],
        [field('s1', 'sign-2'), 'Btn', 0],
        [field('s1', 'sign-3'), 'Btn', 1],
        [field('s1', 'stamp-1'), 'Btn', 0],
        [field('s1', 'date-1'), 'Tx', 0],
        [field('s1', 'purpose-1'), 'Tx', 0],
        [field('s2', 'sign-1'), 'Sig', 1],
        [field('s2', 'name-1'), 'Tx', 1],
        [field('s2', 'initials-1'), 'Tx', 0],
        [field('s2', 'initials-2'), 'Tx', 1],
        [CERTIFICATION, 'Sig', 0],
      ]);
      for (const { name, type, value, readOnly, signed } of fields) {
        expect([value, signed], name).to.deep.equal([undefined, name === CERTIFICATION]);
        if (type !== 'Sig') expect(readOnly, name).to.equal(true);
      }
      expect(fields[0]?.locks).to.deep.equal(fields.slice(0, 6).map(({ name }) => name));
      expect(fields[6]?.locks).to.deep.equal(fields.slice(6, 10).map(({ name }) => name));
    });

    it('expected every signature to forbid (FieldMDP) what its field locks', async () => {
      const fields = (await readFields(steps[2]?.pdf ?? input)).filter(({ type }) => type === 'Sig');
      for (const { name, locks, forbids } of fields) {
        expect(forbids, name).to.deep.equal(locks);
        if (name !== CERTIFICATION) expect(forbids, name).to.include(name);
      }
    });

    it('expected a signature to fill the fields of its own signer and no others', async () => {
      const valuesOf = async (step: number): Promise<Record<string, string>> =>
        Object.fromEntries(
          (await readFields(steps[step]?.pdf ?? input))
            .filter(({ value }) => value !== undefined)
            .map(({ name, value }) => [name.replace('Countersign-sgn_test_1-', ''), value ?? '']),
        );
      const first = { 's1-date-1': '22.11.2026', 's1-purpose-1': 'Подпись' };
      expect(await valuesOf(1)).to.deep.equal(first);
      expect(await valuesOf(2)).to.deep.equal({
        ...first,
        's2-name-1': 'Ąžuolas Šimkutė',
        's2-initials-1': 'Ą. Š.',
        's2-initials-2': 'Ą. Š.',
      });
    });

    it('expected the marks to be seen where they belong, as text', async () => {
      const [one = '', two = ''] = await readTextWithFields(steps[2]?.pdf ?? input);
      expect(one)
        .to.contain('page one')
        .and.contain('22.11.2026')
        .and.contain('Подпись')
        .and.contain('Ą. Š.');
      expect(two).to.contain('page two').and.contain('Šimkutė').and.contain('Ąžuolas Šimkutė');
      const seen = await differenceOf(steps[1]?.pdf ?? input, steps[2]?.pdf ?? input, 1);
      expect(seen?.left).to.be.within(98, 102);
      expect(seen?.top).to.be.within(198, 220);
    });

    it('expected the verifier to find everything unchanged at every step', async () => {
      for (const { pdf } of steps) {
        const { verdict, signatures } = await engine.verify({ pdf, at });
        expect(verdict).to.equal('unchanged');
        for (const { changesAfter } of signatures) {
          expect(changesAfter.filter(({ permitted }) => !permitted)).to.deep.equal([]);
        }
      }
    });
  });

  it('when one has a place and one has not, expected a card for the other alone', async () => {
    const places = 'signer 1 sign page=1 x=10 y=10; signer 2 date page=1 x=10 y=100';
    const [opened, , last] = await signAll(contract('x'), twoSigners(), { positions: positions(places) });
    expect(opened).to.deep.include({ pages: 2, signaturePage: 2 });
    const names = (await readFields(last?.pdf ?? opened.pdf)).map(({ name }) => name);
    expect(names).to.have.members([
      field('s1', 'sign-1'),
      field('s2', 'date-1'),
      field('s2', 'card-1'),
      CERTIFICATION,
    ]);
    expect((await readTextWithFields(last?.pdf ?? opened.pdf))[1]).to.not.contain('Иванов');
  });

  for (const [what, place] of [
    ['lies outside', 'x=590 y=1'],
    ['takes more than a quarter of its page', 'x=0 y=100 w=500 h=300'],
  ]) {
    it(`when a place ${what}, expected the card instead and a warning`, async () => {
      const [opened] = await signAll(contract('x'), twoSigners(), {
        positions: positions(`signer 1 sign page=1 ${place}; signer 2 sign page=1 x=10 y=1`),
      });
      expect(opened).to.deep.include({ signaturePage: 2, warnings: ['position_outside'] });
    });
  }

  for (const rotation of [0, 90, 180, 270]) {
    it(`when a page is turned by ${rotation}°, expected the mark upright where the reader sees the place`, async () => {
      const turned = new Uint8Array(
        pdfWithPages(['turned'], { page: `/Rotate ${rotation} /CropBox [20 40 420 640]` }),
      );
      const cornerInk = makePng(120, 40, (x, y) => (x < 30 && y < 10 ? [0, 0, 0, 255] : [0, 0, 0, 0]));
      const signer = aSigner({ mark: { kind: 'drawn', png: cornerInk }, stampPng: undefined });
      const [opened, signed] = await signAll(turned, [signer], {
        // Lower than what shows a note while it waits.
        positions: positions(
          'signer 1 sign page=1 x=100 y=50 w=42 h=14; signer 1 sign page=1 x=100 y=150 w=120 h=40',
        ),
      });
      const seen = await differenceOf(opened.pdf, signed?.pdf ?? opened.pdf, 0);
      const { left, top, right, bottom } = seen ?? { left: 0, top: 0, right: 0, bottom: 0 };
      expect([left, top, right, bottom].map((edge) => Math.round(edge / 2) * 2)).to.deep.equal([
        100, 50, 130, 160,
      ]);
    });
  }
});
