import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import { readMark } from '../../../../app/signing/signer/read-mark.ts';
import { readPng } from '../../../../app/signing/signer/read-png.ts';
import { SignerRefusal } from '../../../../app/signing/signer/signer-refusal.ts';
import { signaturePng } from '../../../support/signature-png.ts';
import { pngChunk, pngOf } from './png-builder.ts';

const limits = { width: 2000, height: 1000 };
const dataUrl = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString('base64')}`;
const drawn = (image: string) => () => readMark({ kind: 'drawn', image });

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof SignerRefusal) return error.code;
    throw error;
  }
  return undefined;
}

describe('a typed mark', () => {
  it('when a name is typed, expected it cleaned: one line, composed, no control or direction characters', () => {
    expect(readMark({ kind: 'typed', text: '  Иван\r\n \u202eПетров\u0000 ' })).to.deep.equal({
      kind: 'typed',
      text: 'Иван Петров',
    });
    expect(readMark({ kind: 'typed', text: 'Andre\u0301' })).to.deep.equal({ kind: 'typed', text: 'André' });
  });
  for (const text of ['', '   ', '123', '—', '\u200e']) {
    it(`when it is ${JSON.stringify(text)}, expected it to count as missing`, () => {
      expect(codeOf(() => readMark({ kind: 'typed', text }))).to.equal('mark_missing');
    });
  }
  it('when it has more than 100 characters, expected a refusal', () => {
    expect(codeOf(() => readMark({ kind: 'typed', text: 'я'.repeat(101) }))).to.equal('mark_too_long');
    expect(codeOf(() => readMark({ kind: 'typed', text: 'я'.repeat(100) }))).to.equal(undefined);
  });
});

describe('a drawn mark', () => {
  it('when it is what a canvas makes, expected the same picture and its fingerprint', () => {
    const bytes = signaturePng();
    const mark = readMark({ kind: 'drawn', image: dataUrl(bytes) });
    if (mark.kind !== 'drawn') throw new Error('not drawn');
    expect(Buffer.from(mark.png).equals(bytes)).to.equal(true);
    expect(mark.sha256).to.match(/^[0-9a-f]{64}$/);
  });

  it('when it carries texts or bytes behind its end, expected them to be left out', () => {
    const clean = pngOf({ width: 2, height: 2, pixels: Buffer.alloc(16, 200) });
    const text = pngChunk('tEXt', Buffer.from('Comment\0<script>'));
    const dirty = Buffer.concat([
      clean.subarray(0, 33),
      text,
      clean.subarray(33),
      Buffer.from('%PDF-1.7 evil'),
    ]);
    expect(readPng(dirty, limits)?.bytes.equals(clean)).to.equal(true);
  });

  it('when nothing is drawn, expected it to count as missing', () => {
    expect(codeOf(drawn(''))).to.equal('mark_missing');
    const blank = pngOf({ width: 300, height: 100, pixels: Buffer.alloc(300 * 100 * 4) });
    expect(codeOf(drawn(dataUrl(blank)))).to.equal('mark_missing');
  });

  const good = signaturePng();
  const broken = Buffer.from(good);
  broken[60] = broken[60]! ^ 1;
  const hostile: Record<string, string> = {
    'not a data URL': 'https://evil.example/x.png',
    'an SVG': 'data:image/svg+xml;base64,PHN2Zy8+',
    'not base64': 'data:image/png;base64,<script>',
    'a JPEG by content': dataUrl(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0])),
    'cut off': dataUrl(good.subarray(0, good.length - 20)),
    'changed inside': dataUrl(broken),
    'too wide': dataUrl(pngOf({ width: 2001, height: 1, pixels: Buffer.alloc(2001 * 4, 9) })),
    'too high': dataUrl(pngOf({ width: 1, height: 1001, pixels: Buffer.alloc(1001 * 4, 9) })),
    'without width': dataUrl(pngOf({ width: 0, height: 1, pixels: Buffer.alloc(0) })),
    'with too few pixels': dataUrl(pngOf({ width: 9, height: 9, pixels: Buffer.alloc(16, 9) })),
    'a bomb': dataUrl(pngOf({ width: 2, height: 2, raw: deflateSync(Buffer.alloc(5_000_000)) })),
    'with a palette': dataUrl(pngOf({ width: 2, height: 2, pixels: Buffer.alloc(16, 9), colour: 3 })),
    interlaced: dataUrl(pngOf({ width: 2, height: 2, pixels: Buffer.alloc(16, 9), interlace: 1 })),
    'over 300 kB': `data:image/png;base64,${'A'.repeat(400_004)}`,
  };
  for (const [what, image] of Object.entries(hostile)) {
    it(`when it is ${what}, expected a refusal`, () => {
      expect(codeOf(drawn(image))).to.equal('mark_invalid');
    });
  }
});
