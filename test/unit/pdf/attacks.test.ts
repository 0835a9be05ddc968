import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasText } from '../../../app/i18n/translator.ts';
import { openRaster } from '../../../app/pdf/raster/open-raster.ts';
import type { PageImage } from '../../../app/pdf/raster/open-raster.ts';
import type { VerificationResult } from '../../../app/ports/pdf-engine.ts';
import { contentAttacks, harmlessAdditions } from '../../fixtures/pdf/attacks/content-attacks.ts';
import { fieldAttacks, honestFillings } from '../../fixtures/pdf/attacks/field-attacks.ts';
import { honestSignatures, signatureAttacks } from '../../fixtures/pdf/attacks/signature-attacks.ts';
import { structureAttacks } from '../../fixtures/pdf/attacks/structure-attacks.ts';
import { makeVictims } from '../../fixtures/pdf/attacks/victims.ts';
import type { Attack, Victims } from '../../fixtures/pdf/attacks/victims.ts';
import { hasProgram, run } from '../../fixtures/pdf/outside-programs.ts';
import { sharedEngine } from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

const at = new Date('2026-11-22T12:00:00Z');
const PICTURES = 6;
const pdfsig = hasProgram('pdfsig', 'whether another program falls for the attacks');

/** The page as PDFium paints it; undefined when it has none of that number. */
async function paint(pdf: Uint8Array, page: number): Promise<PageImage | undefined> {
  const raster = await openRaster(pdf);
  try {
    return page <= raster.pages ? await raster.render(page - 1, 0.5) : undefined;
  } finally {
    raster.close();
  }
}

describe('verify, under attack', function () {
  this.timeout(30_000);
  let engine: TestEngine;
  let victims: Victims;
  let folder: string;

  before(async () => {
    engine = await sharedEngine();
    victims = await makeVictims(engine);
    folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
  });
  after(() => rm(folder, { recursive: true }));

  const check = (result: VerificationResult, { expected }: Attack): void => {
    const { verdict, signatures, warnings, changedPages } = result;
    const told = signatures.flatMap(({ changesAfter }) => changesAfter);
    const about = JSON.stringify({ told, problems: signatures.map(({ problems }) => problems), warnings });
    expect(verdict, about).to.equal(expected.verdict);
    for (const code of expected.codes ?? []) {
      const found = told.filter((change) => change.code === code);
      expect(found, `${code} in ${about}`).to.not.be.empty;
      if (verdict === 'changed' && code !== 'new_signature')
        expect(found[0]?.permitted, code).to.equal(false);
    }
    if (verdict === 'unchanged') expect(told.every(({ permitted }) => permitted)).to.equal(true);
    const problems = signatures.flatMap((signature) => signature.problems);
    expect(problems, about).to.include.members(expected.problems ?? []);
    expect(warnings, about).to.include.members(expected.warnings ?? []);
    for (const { code } of told) expect(hasText(`pdf.change.${code}`), code).to.equal(true);
    for (const code of problems) expect(hasText(`pdf.problem.${code}`), code).to.equal(true);
    for (const code of warnings) expect(hasText(`pdf.warning.${code}`), code).to.equal(true);
    for (const { places, width, height } of changedPages) {
      for (const { x, y, width: w, height: h } of places) {
        expect(x >= 0 && y >= 0 && x + w <= width + 1 && y + h <= height + 1, 'on the page').to.equal(true);
      }
    }
  };

  /** What a reader is shown: the page that changed, with a place on it that was not permitted. */
  const expectMarked = ({ changedPages }: VerificationResult, number: number): void => {
    const found = changedPages.find(({ page }) => page === number);
    const marked = found?.places.some(({ permitted }) => !permitted);
    expect(marked, JSON.stringify(found?.places)).to.equal(true);
    expect(found?.now ?? found?.signed, 'a picture').to.be.instanceOf(Uint8Array);
  };

  const suite = (attacks: Attack[], outcome: (attack: Attack) => string): void => {
    for (const attack of attacks) {
      it(`${attack.name}, expected ${outcome(attack)}`, async () => {
        const file = new Uint8Array(await attack.make(victims));
        const result = await engine.verify({ pdf: file, at, pictures: attack.shows ? PICTURES : 0 });
        check(result, attack);
        if (attack.shows) {
          if (result.verdict === 'changed') expectMarked(result, attack.shows);
          const [before, after] = [
            await paint(victims[attack.victim], attack.shows),
            await paint(file, attack.shows),
          ];
          expect(after, 'what the page shows').to.not.deep.equal(before);
        }
        if (attack.pdfsigSaysValid && pdfsig) {
          const path = join(folder, 'attack.pdf');
          await writeFile(path, file);
          const { output } = run('pdfsig', ['-nocert', path]);
          expect(output, 'pdfsig').to.contain('Signature is Valid.').and.not.contain('Mismatch');
        }
      });
    }
  };
  const verdict = ({ expected: { verdict: said, codes, problems } }: Attack): string =>
    [said, ...(codes ?? []), ...(problems ?? [])].join(', ');

  it('when nobody attacks, expected unchanged for every file', async () => {
    for (const pdf of [victims.open, victims.signed, victims.sealed]) {
      expect((await engine.verify({ pdf, at, pictures: PICTURES })).verdict).to.equal('unchanged');
    }
    const { warnings } = await engine.verify({ pdf: victims.signed, at });
    expect(warnings, 'the second has not signed').to.deep.equal(['signature_missing']);
    const [certification] = (await engine.verify({ pdf: victims.signed, at })).signatures;
    expect(certification?.changesAfter.map(({ code }) => code)).to.have.members([
      'field_filled',
      'field_signed',
    ]);
  });
  describe('when an appended revision changes content, and it', () => suite(contentAttacks, verdict));
  describe('when an appended revision changes annotations or fields, and it', () =>
    suite(fieldAttacks, verdict));
  describe('when the structure of the file is forged, and it', () => suite(structureAttacks, verdict));
  describe('when signatures are forged, and somebody', () => suite(signatureAttacks, verdict));
  describe('when what came after is permitted:', () =>
    suite([...harmlessAdditions, ...honestFillings, ...honestSignatures], verdict));
});
