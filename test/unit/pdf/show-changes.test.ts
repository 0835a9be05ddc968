import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { PDF } from '@libpdf/core';
import { userRectangle } from '../../../app/pdf/drawing/page-geometry.ts';
import type { VisiblePage } from '../../../app/pdf/drawing/page-geometry.ts';
import { diffPictures } from '../../../app/pdf/verify/diff-pictures.ts';
import { placeOnPage } from '../../../app/pdf/verify/place-on-page.ts';
import { showChanges } from '../../../app/pdf/verify/show-changes.ts';
import type { DocumentChange } from '../../../app/ports/pdf-engine.ts';
import { makeVictims } from '../../fixtures/pdf/attacks/victims.ts';
import { contentAttacks } from '../../fixtures/pdf/attacks/content-attacks.ts';
import { appendRevision, assemble, stream } from '../../fixtures/pdf/build-pdf.ts';
import { sharedEngine } from '../../fixtures/pdf/test-engine.ts';

describe('places of changes', function () {
  this.timeout(30_000);

  for (const rotation of [0, 90, 180, 270] as const) {
    it(`when the page is cropped and turned by ${rotation}, expected the place as its reader sees it`, () => {
      const unit = 2;
      const crop = { x: 30, y: 40, width: 300, height: 500 };
      const [width, height] = rotation % 180 ? [1000, 600] : [600, 1000];
      const page: VisiblePage = { width, height, rotation, crop, unit };
      const box = { x: 100, y: 200, width: 80, height: 60 }; // from the visible bottom left
      const place = placeOnPage(page, userRectangle(page, box));
      expect(place).to.deep.equal({ x: 100, y: height - 260, width: 80, height: 60 });
      expect(placeOnPage(page, [-500, -500, -400, -400]), 'nothing of it is seen').to.equal(undefined);
    });
  }

  it('when two pictures differ at two ends, expected two boxes', () => {
    const size = { width: 100, height: 100 };
    const before = { ...size, pixels: new Uint8Array(40_000).fill(255) };
    const after = { ...size, pixels: new Uint8Array(before.pixels) };
    for (const [x, y] of [
      [3, 4],
      [5, 4],
      [90, 70],
    ] as const) {
      after.pixels[(y * 100 + x) * 4] = 0;
    }
    expect(diffPictures(before, after)).to.deep.equal([
      { left: 3, top: 4, right: 6, bottom: 5 },
      { left: 90, top: 70, right: 91, bottom: 71 },
    ]);
    expect(diffPictures(before, before)).to.deep.equal([]);
  });

  it('when a page looks different where the structure knows of no change, expected looks_different', async () => {
    const victims = await makeVictims(await sharedEngine());
    const [replaced] = contentAttacks;
    const file = Buffer.from((await replaced?.make(victims)) ?? []);
    // As if the comparison of the structure had seen nothing but a field being filled in.
    const changes: DocumentChange[] = [
      {
        code: 'field_filled',
        path: '',
        permitted: true,
        page: 1,
        place: { x: 230, y: 420, width: 140, height: 20 },
      },
    ];
    const range = { gapStart: 0, gapEnd: 0, end: victims.signed.length };
    const finding = { changesAfter: changes };
    const [page] = await showChanges(file, await PDF.load(file), { range, finding }, changes, 1);
    expect(changes.map(({ code, permitted }) => [code, permitted])).to.deep.equal([
      ['field_filled', true],
      ['looks_different', false],
    ]);
    expect(page?.places.map(({ permitted }) => permitted)).to.deep.equal([true, false]);
    expect(changes[1]?.place?.y).to.be.within(100, 125);
  });

  it('when large pages of noise changed, expected small pictures, and only as many as can be sent', async () => {
    const side = 1_700;
    const noise = randomBytes(side * side);
    const contents = (matrix: string): Buffer => stream(`q ${matrix} cm /Im Do Q`);
    const page =
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${2 * side} ${2 * side}] /Contents 5 0 R ` +
      '/Resources << /XObject << /Im 6 0 R >> >> >>';
    const signed = assemble([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>',
      page,
      page,
      contents(`${2 * side} 0 0 ${2 * side} 0 0`),
      stream(
        noise,
        `/Type /XObject /Subtype /Image /Width ${side} /Height ${side} /ColorSpace /DeviceGray /BitsPerComponent 8`,
      ),
    ]);
    const turned = contents(`-${2 * side} 0 0 ${2 * side} ${2 * side} 0`);
    const file = appendRevision(signed, [{ number: 5, body: turned }]);
    const changes = [1, 2].map((number) => ({
      code: 'page_content',
      path: '',
      permitted: false,
      page: number,
    }));
    const range = { end: signed.length };
    const found = await showChanges(
      file,
      await PDF.load(file),
      { range, finding: { changesAfter: [] } },
      changes,
      6,
    );
    expect(found.map((each) => [each.page, each.places.length > 0])).to.deep.equal([
      [1, true],
      [2, true],
    ]);
    const pictures = found
      .flatMap(({ signed: before, now }) => [before, now])
      .filter((each) => each !== undefined);
    expect(pictures.reduce((sum, { length }) => sum + length, 0)).to.be.at.most(16 * 2 ** 20);
    for (const picture of pictures) {
      const [width, height] = [16, 20].map((at) => Buffer.from(picture).readUInt32BE(at));
      expect(width! * height!).to.be.at.most(4_100_000);
    }
    expect(found[1]?.now, 'of the second page').to.equal(undefined);
  });
});
