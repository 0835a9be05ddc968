import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import { MAX_PNG_BYTES, checkPng } from '../../../../app/signing/office/check-png.ts';
import { makePng } from '../../../integration/office/make-png.ts';

const reasonOf = (bytes: Uint8Array): Promise<unknown> =>
  checkPng(bytes).then(
    () => 'taken',
    (error: unknown) => (error as { reason: unknown }).reason,
  );
const cut = (png: Buffer, at: number) => png.subarray(0, at);
const flip = (png: Buffer, at: number) =>
  Buffer.from(png.map((byte, index) => (index === at ? byte ^ 0xff : byte)));

describe('checking a PNG', () => {
  it('when it is whole, expected its dimensions', async () => {
    expect(await checkPng(makePng(80, 30))).to.deep.equal({ width: 80, height: 30 });
  });

  const cases: [what: string, bytes: Uint8Array, reason: string][] = [
    ['nothing', Buffer.alloc(0), 'png_missing'],
    ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0]), 'png_not_png'],
    ['an SVG with a script', Buffer.from('<svg><script>alert(1)</script></svg>'), 'png_not_png'],
    ['only the first eight bytes', cut(makePng(), 8), 'png_damaged'],
    ['a file cut off', cut(makePng(), makePng().length - 20), 'png_damaged'],
    ['a changed byte in the head', flip(makePng(), 18), 'png_damaged'],
    ['pixels that do not unpack', makePng(60, 24, { pixels: Buffer.from('no zlib') }), 'png_damaged'],
    ['fewer rows than the head claims', makePng(60, 24, { claimedHeight: 48 }), 'png_damaged'],
    [
      'far more pixels than the head claims',
      makePng(60, 24, { pixels: deflateSync(Buffer.alloc(5e6)) }),
      'png_damaged',
    ],
    ['a picture of 7 pixels', makePng(7, 24), 'png_dimensions'],
    ['a head that claims 100,000 rows', makePng(60, 24, { claimedHeight: 100_000 }), 'png_dimensions'],
    ['more than a megabyte', Buffer.alloc(MAX_PNG_BYTES + 1), 'png_too_large'],
  ];
  for (const [what, bytes, reason] of cases) {
    it(`when it is ${what}, expected ${reason}`, async () => {
      expect(await reasonOf(bytes)).to.equal(reason);
    });
  }
});
