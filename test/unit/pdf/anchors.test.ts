import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDF } from '@libpdf/core';
import { expect } from 'chai';
import type { SignaturePosition } from '../../../app/domain/signature-positions.ts';
import { takeAnchors } from '../../../app/pdf/anchors/find-anchors.ts';
import { canvasToPage, createCanvas } from '../../../app/pdf/drawing/canvas.ts';
import { createFonts } from '../../../app/pdf/drawing/fonts.ts';
import { positionBox, userRectangle, visiblePage } from '../../../app/pdf/drawing/page-geometry.ts';
import { openRaster } from '../../../app/pdf/raster/open-raster.ts';
import type { PageImage } from '../../../app/pdf/raster/open-raster.ts';
import { assemble, pdfWithPages, stream } from '../../fixtures/pdf/build-pdf.ts';
import { execute, hasProgram } from '../../fixtures/pdf/outside-programs.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';

interface Sheet {
  page?: string;
  resources?: string;
  mediaBox?: string;
  /** Objects 6, 7, … */
  more?: (string | Buffer)[];
}

/** One page with this content; F1 is Helvetica (object 3). */
const sheet = (
  content: string,
  { page = '', resources = '', mediaBox = '[0 0 595 842]', more = [] }: Sheet = {},
) =>
  new Uint8Array(
    assemble([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [4 0 R] /Count 1 >>',
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
      `<< /Type /Page /Parent 2 0 R /MediaBox ${mediaBox} /Contents 5 0 R ${page} ` +
        `/Resources << /Font << /F1 3 0 R >> ${resources} >> >>`,
      stream(content),
      ...more,
    ]),
  );

const line = (shown: string, x = 72, y = 700): string => `BT /F1 12 Tf ${x} ${y} Td ${shown} ET`;

const find = async (pdf: Uint8Array): Promise<SignaturePosition[]> =>
  (await takeAnchors(pdf, { erase: false })).anchors;

const named = ({ kind, who, page }: SignaturePosition): string => `${kind} ${who.number} p${page}`;

/** Lower left corner of a position's box on the page, points from the visible bottom left. */
async function footOf(pdf: Uint8Array, position: SignaturePosition): Promise<[x: number, y: number]> {
  const document = await PDF.load(pdf);
  const page = document.getPage(Number(position.page) - 1);
  const box = page && positionBox(visiblePage(document, page.dict), position);
  return box ? [Math.round(box.x * 10) / 10, Math.round(box.y * 10) / 10] : [Number.NaN, Number.NaN];
}

async function pictureOf(pdf: Uint8Array, index = 0): Promise<PageImage> {
  const raster = await openRaster(pdf);
  try {
    return await raster.render(index, 1);
  } finally {
    raster.close();
  }
}

/** Pixels in which two pictures differ, as [x, y] from the top left. */
function differences(a: PageImage, b: PageImage): [x: number, y: number][] {
  const found: [number, number][] = [];
  expect([a.width, a.height]).to.deep.equal([b.width, b.height]);
  for (let at = 0; at < a.pixels.length; at += 4) {
    const delta = [0, 1, 2].some(
      (part) => Math.abs((a.pixels[at + part] ?? 0) - (b.pixels[at + part] ?? 0)) > 8,
    );
    if (delta) found.push([(at / 4) % a.width, Math.floor(at / 4 / a.width)]);
  }
  return found;
}

describe('anchors in text', function () {
  this.timeout(30_000);

  describe('what is a tag', () => {
    it('when every kind is there, in any letters and with blanks, expected each of them', async () => {
      const tags = [
        '{{sign:1}}',
        '{{ Stamp : 1 }}',
        '{{DATE:2}}',
        '{{name:2}}',
        '{{initials: 12}}',
        '{{purpose:1}}',
      ];
      const anchors = await find(
        sheet(tags.map((tag, row) => line(`(${tag}) Tj`, 72, 700 - row * 90)).join('\n')),
      );
      expect(anchors.map(named)).to.deep.equal([
        'sign 1 p1',
        'stamp 1 p1',
        'date 2 p1',
        'name 2 p1',
        'initials 12 p1',
        'purpose 1 p1',
      ]);
    });

    it('when something only looks like one, expected nothing and the same bytes', async () => {
      const texts = [
        '{{seal:1}}',
        '{sign:1}',
        '{{sign:0}}',
        '{{sign}}',
        '{{sign:1:0x5}}',
        '{{sign:1:120}}',
        '{{sign:12345}}',
      ];
      const pdf = sheet(texts.map((text, row) => line(`(${text}) Tj`, 72, 700 - row * 20)).join('\n'));
      const taken = await takeAnchors(pdf, { erase: true });
      expect(taken).to.deep.equal({ pdf, anchors: [], covered: false });
      expect(taken.pdf).to.equal(pdf);
    });

    it('when the file cannot be read as a PDF, expected nothing', async () => {
      const pdf = new Uint8Array(Buffer.from('%PDF-1.7\n{{sign:1}}'));
      expect((await takeAnchors(pdf, { erase: true })).pdf).to.equal(pdf);
    });

    it('when there are more than 500, expected the first 500', async () => {
      const rows = Array.from({ length: 520 }, (_, index) =>
        line(`({{initials:${index + 1}}}) Tj`, 10 + (index % 8) * 70, 10 + Math.floor(index / 8) * 12),
      );
      const anchors = await find(sheet(rows.join('\n')));
      expect(anchors).to.have.length(500);
      expect(anchors.at(-1)?.who.number).to.equal(500);
    });
  });

  describe('found across text runs', () => {
    const same: [how: string, content: string][] = [
      ['kerning', line('[({) -20 ({si) 15.5 (gn:) -300 (1}) 8 (})] TJ')],
      ['several Tj', line('({{) Tj (sign) Tj (:1}}) Tj')],
      ['hexadecimal strings', line('<7b7b7369676e> Tj <3a31 7d7d> Tj')],
      ['octal and escaped letters', line('(\\173\\173si\\\ngn:\\61}}) Tj')],
      ['several Td', line('({{si) Tj 22.7 0 Td (gn:1}}) Tj')],
      ['several text objects', `${line('({{si) Tj')} ${line('(gn:1}}) Tj', 94.7)}`],
      ['marked content', line('/Span << /MCID 0 /Lang (en) >> BDC ({{sign) Tj EMC /Span BMC (:1}}) Tj EMC')],
      ['lines of a paragraph', line("14 TL ({{sign) ' (:1}}) '")],
      [
        'an inline image before',
        `q 1 0 0 1 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x00EI\xff EI Q ${line('({{sign:1}}) Tj')}`,
      ],
      ['letter spacing', line('1.5 Tc 120 Tz ({{sign:1}}) Tj')],
    ];
    for (const [how, content] of same) {
      it(`when a tag is written with ${how}, expected it, and nothing left of it`, async () => {
        const { anchors, pdf, covered } = await takeAnchors(sheet(content), { erase: true });
        expect(anchors.map(named)).to.deep.equal(['sign 1 p1']);
        expect(anchors[0]?.x.value).to.be.closeTo(72, 0.1);
        expect(covered).to.equal(false);
        expect((await readText(pdf)).join('').trim()).to.equal('');
      });
    }

    it('when it is broken at random places, expected it every time, and all other text where it was', async () => {
      let seed = 7;
      const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
      for (let round = 0; round < 25; round++) {
        const pieces: string[] = [];
        let rest = 'Signed: {{sign:1}} on {{ date:2 }} (end)';
        while (rest) {
          const size = 1 + random(6);
          pieces.push(`(${rest.slice(0, size).replace(/[()\\]/g, '\\$&')})`);
          rest = rest.slice(size);
        }
        const shown = round % 2 ? `[${pieces.join(` ${random(30) - 15} `)}] TJ` : `${pieces.join(' Tj ')} Tj`;
        const before = sheet(`${line(shown)} ${line('(below) Tj', 72, 600)}`);
        const { anchors, pdf, covered } = await takeAnchors(before, { erase: true });
        expect([anchors.map(named), covered], shown).to.deep.equal([['sign 1 p1', 'date 2 p1'], false]);
        expect((await readText(pdf)).join('').replace(/\s+/g, ''), shown).to.equal('Signed:on(end)below');
      }
    });

    it('when it is invisible or white on white, expected it', async () => {
      const content = `${line('3 Tr ({{sign:1}}) Tj')} 1 g ${line('0 Tr ({{date:1}}) Tj', 72, 600)}`;
      expect((await find(sheet(content))).map(named)).to.deep.equal(['sign 1 p1', 'date 1 p1']);
    });

    it('when it is painted twice to look bold, expected one position', async () => {
      const content = `${line('({{sign:1}}) Tj')} ${line('({{sign:1}}) Tj', 72.4)} ${line('({{sign:1}}) Tj', 72, 300)}`;
      expect((await find(sheet(content))).map(({ y }) => y.value)).to.deep.equal([92, 492]);
    });

    it('when a font has its own codes, expected the letters that it names', async () => {
      const pdf = PDF.create();
      const canvas = createCanvas(createFonts(pdf), 595, 842);
      const style = { font: 'regular', size: 12, color: [0, 0, 0] } as const;
      canvas.text('Заказчик: {{sign:2}} — {{date:2}} г.', 72, 700, style);
      canvasToPage(pdf, canvas);
      const before = await pdf.save({ subsetFonts: true });
      const taken = await takeAnchors(before, { erase: true });
      expect(taken.anchors.map(named)).to.deep.equal(['sign 2 p1', 'date 2 p1']);
      expect(taken.covered).to.equal(false);
      expect((await readText(taken.pdf)).join('').replace(/\s+/g, '')).to.equal('Заказчик:—г.');
    });
  });

  describe('where the box stands', () => {
    it('when a tag stands in a line, expected the box on its baseline, at its first letter', async () => {
      const pdf = sheet(line('(Signature: {{sign:1}}) Tj'));
      const [anchor] = await find(pdf);
      // Helvetica: "Signature: " is 4.836 em wide (Adobe's metrics).
      expect(anchor).to.deep.equal({
        who: { by: 'signer', number: 1 },
        kind: 'sign',
        page: 1,
        x: { value: 130, unit: 'pt' },
        y: { value: 92, unit: 'pt' },
        w: { value: 150, unit: 'pt' },
        h: { value: 50, unit: 'pt' },
        line: 0,
      });
    });

    it('when the tag says a size, expected that size', async () => {
      const anchors = await find(
        sheet(`${line('({{sign:1:120x40}}) Tj')} ${line('({{stamp:1: 80 X 81}}) Tj', 300)}`),
      );
      expect(anchors.map(({ w, h }) => [w.value, h.value])).to.deep.equal([
        [120, 40],
        [80, 81],
      ]);
    });

    it('when the mark is text, expected it as high as the letters of the tag, at least 8 points', async () => {
      const at = (size: number, y: number): string => `BT /F1 ${size} Tf 72 ${y} Td ({{name:1}}) Tj ET`;
      const anchors = await find(sheet(`${at(11, 700)} ${at(2, 600)} ${at(20, 500)}`));
      expect(anchors.map(({ h }) => h.value)).to.deep.equal([14.1, 10.3, 25.6]);
    });

    it('when the box would reach over an edge, expected it moved inside', async () => {
      const pdf = sheet(`${line('({{sign:1}}) Tj', 540, 820)} ${line('({{stamp:1:900x40}}) Tj', 2, 2)}`);
      const anchors = await find(pdf);
      expect(anchors.map(({ x, y, w }) => [x.value, y.value, w.value])).to.deep.equal([
        [445, 0, 150],
        [0, 800, 595],
      ]);
    });

    // A page of 400 × 300 as the reader sees it, with the tag at 60, 100 from its visible bottom left.
    const turned: [rotation: number, page: string, content: string][] = [
      [0, '[20 30 420 330]', '1 0 0 1 80 130 Tm'],
      [90, '[20 30 320 430]', '0 1 -1 0 220 90 Tm'],
      [180, '[20 30 420 330]', '-1 0 0 -1 360 230 Tm'],
      [270, '[20 30 320 430]', '0 -1 1 0 120 370 Tm'],
    ];
    for (const [rotation, crop, matrix] of turned) {
      it(`when the page is cropped and turned by ${rotation}, expected the box where the reader sees the tag`, async () => {
        const pdf = sheet(`BT /F1 10 Tf ${matrix} ({{sign:1:50x20}}) Tj ET`, {
          page: `/Rotate ${rotation} /CropBox ${crop}`,
          mediaBox: '[0 0 500 500]',
        });
        const [anchor] = await find(pdf);
        expect(anchor && (await footOf(pdf, anchor))).to.deep.equal([60, 100]);
        const document = await PDF.load(pdf);
        const page = document.getPage(0)!;
        const view = visiblePage(document, page.dict);
        const rectangle = userRectangle(view, positionBox(view, anchor!)!);
        expect([rectangle[2] - rectangle[0], rectangle[3] - rectangle[1]].sort()).to.deep.equal([20, 50]);
      });
    }

    it('when a unit of the page is more than a point, expected points', async () => {
      const pdf = sheet(line('({{sign:1}}) Tj', 100, 200), { page: '/UserUnit 2' });
      const [anchor] = await find(pdf);
      expect(anchor && (await footOf(pdf, anchor))).to.deep.equal([200, 400]);
    });

    it('when the text is turned by its own matrix, expected the box at the foot of its letters', async () => {
      const pdf = sheet('BT /F1 10 Tf 0 1 -1 0 300 400 Tm ({{sign:1:40x20}}) Tj ET');
      const [anchor] = await find(pdf);
      expect(anchor && (await footOf(pdf, anchor))).to.deep.equal([292.5, 400]);
    });

    it('when a form is drawn at another place and scale, expected the place on the page', async () => {
      const pdf = sheet('q 2 0 0 2 100 50 cm /Fm Do Q', {
        resources: '/XObject << /Fm 6 0 R >>',
        more: [
          stream(
            line('({{sign:1}}) Tj', 10, 20),
            '/Type /XObject /Subtype /Form /BBox [0 0 200 200] /Matrix [1 0 0 1 5 5] /Resources << /Font << /F1 3 0 R >> >>',
          ),
        ],
      });
      const [anchor] = await find(pdf);
      expect(anchor && (await footOf(pdf, anchor))).to.deep.equal([130, 100]);
    });
  });

  describe('taken out of the text', () => {
    it('when text follows on the same line, expected not a pixel of it moved', async () => {
      const content = [
        line('[(Left ) -40 ({{sig) 30 (n:1}} right) 12 ( end)] TJ'),
        line('2 Tc 5 Tw 80 Tz (Spaced {{date:1}} out) Tj', 72, 650),
        line('18 TL (first) Tj ({{name:1}} next) \' 3 1 (last {{ initials:1 }} of all) "', 72, 600),
        line('(untouched) Tj', 72, 500),
      ].join('\n');
      const before = sheet(content);
      const { pdf, covered } = await takeAnchors(before, { erase: true });
      expect(covered).to.equal(false);
      const [words] = await readText(pdf);
      expect(words?.replace(/\s+/g, '')).to.equal('LeftrightendSpacedoutfirstnextlastofalluntouched');

      const changed = differences(await pictureOf(before), await pictureOf(pdf));
      expect(changed.length).to.be.greaterThan(200);
      const rows = [142, 192, 260, 278];
      const astray = changed.filter(([, y]) => !rows.some((row) => y > row - 12 && y < row + 5));
      expect(astray).to.deep.equal([]);
      // The letters before and behind the first tag: its own lie between 95 and 147.
      const around = changed.filter(([x, y]) => y < 150 && (x < 95 || x > 148));
      expect(around).to.deep.equal([]);
    });

    it('when pages share a form that has the tag, expected it gone from all, in one copy', async () => {
      const letterhead = stream(
        `${line('(Head {{sign:1}}) Tj', 20, 20)} /Inner Do`,
        '/Type /XObject /Subtype /Form /BBox [0 0 400 100] /Resources << /Font << /F1 3 0 R >> /XObject << /Inner 7 0 R >> >>',
      );
      // Without resources of its own: those of the form that draws it.
      const inner = stream(
        line('({{stamp:1}} inside) Tj', 20, 60),
        '/Type /XObject /Subtype /Form /BBox [0 0 400 100]',
      );
      const page = (contents: number): string =>
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${contents} 0 R >>`;
      const before = new Uint8Array(
        assemble([
          '<< /Type /Catalog /Pages 2 0 R >>',
          '<< /Type /Pages /Kids [4 0 R 5 0 R] /Count 2 /Resources << /Font << /F1 3 0 R >> /XObject << /Fm 6 0 R >> >> >>',
          '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
          page(8),
          page(9),
          letterhead,
          inner,
          stream(`/Fm Do ${line('(One {{date:1}}) Tj')}`),
          stream(`/Fm Do q 1 0 0 1 0 300 cm /Fm Do Q ${line('(Two) Tj')}`),
        ]),
      );
      const { anchors, pdf, covered } = await takeAnchors(before, { erase: true });
      expect(anchors.map(named)).to.deep.equal([
        'sign 1 p1',
        'stamp 1 p1',
        'date 1 p1',
        'sign 1 p2',
        'stamp 1 p2',
        'sign 1 p2',
        'stamp 1 p2',
      ]);
      expect(covered).to.equal(false);
      expect((await readText(pdf)).map((text) => text.replace(/\s+/g, ''))).to.deep.equal([
        'HeadinsideOne',
        'HeadinsideHeadinsideTwo',
      ]);
      // The two that the page tree's root still names, and two that both pages use.
      const forms =
        Buffer.from(pdf)
          .toString('latin1')
          .split(/\/Subtype ?\/Form/).length - 1;
      expect(forms).to.equal(4);
    });

    it('when only some pages have tags, expected the contents of the others as they were', async () => {
      const before = new Uint8Array(pdfWithPages(['First {{sign:1}}', 'Second', 'Third {{sign:2}}']));
      const { pdf } = await takeAnchors(before, { erase: true });
      const [old, now] = [await PDF.load(before), await PDF.load(pdf)];
      expect(now.getPage(1)?.dict.get('Contents')).to.deep.equal(old.getPage(1)?.dict.get('Contents'));
      expect((await readText(pdf)).map((text) => text.trim())).to.deep.equal(['First', 'Second', 'Third']);
    });

    it('when they are only to be found, expected the same bytes', async () => {
      const pdf = sheet(line('({{sign:1}}) Tj'));
      expect((await takeAnchors(pdf, { erase: false })).pdf).to.equal(pdf);
    });

    // A font whose codes only a character map of its language explains: strings of it are not taken apart.
    const foreign: Sheet = {
      resources: '/Font << /F1 3 0 R /F2 6 0 R >>',
      more: [
        '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [7 0 R] >>',
        '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 500 /FontDescriptor 8 0 R ' +
          '/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>',
        '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 ' +
          '/Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>',
      ],
    };
    const ucs2 = (text: string): string => `<${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`;

    it('when the letters cannot be taken apart, expected them painted over in the colour behind them', async () => {
      const before = sheet(
        `0.2 0.6 0.4 rg 50 650 300 100 re f 0 g BT /F2 12 Tf 72 700 Td ${ucs2('{{sign:1}}')} Tj ET ${line('(Other) Tj', 72, 600)}`,
        foreign,
      );
      const { anchors, pdf, covered } = await takeAnchors(before, { erase: true });
      expect([anchors.map(named), covered]).to.deep.equal([['sign 1 p1'], true]);
      expect((await readText(pdf)).join(' ')).to.contain('Other');
      const { width, pixels } = await pictureOf(pdf);
      const inside = new Set<string>();
      for (let x = 60; x < 200; x++) {
        for (let y = 125; y < 150; y++) {
          inside.add(
            [0, 1, 2].map((part) => Math.round((pixels[(y * width + x) * 4 + part] ?? 0) / 16)).join(' '),
          );
        }
      }
      expect([...inside]).to.deep.equal(['3 10 6']);
    });

    it('when one tag of a page cannot be taken out, expected the page as it was but for the paint', async () => {
      const before = sheet(
        `${line('(Before {{date:1}} after) Tj', 72, 600)} BT /F2 12 Tf 72 700 Td ${ucs2('{{sign:1}}')} Tj ET`,
        foreign,
      );
      const { pdf, covered } = await takeAnchors(before, { erase: true });
      expect(covered).to.equal(true);
      expect((await readText(pdf)).join('').replace(/\s+/g, '')).to.match(/^Before\{\{date:1\}\}after/);
    });

    it('when content is malformed, expected an answer and no harm', async () => {
      const contents = [
        'BT /F1 12 Tf 72 700 Td ({{sign:1}}) Tj [[[[ << (',
        `${'q '.repeat(5000)} ${line('({{sign:1}}) Tj')}`,
        `) > ] } ${line('({{sign:1}}) Tj')} /Nothing Do /F9 0 Tf (x) Tj`,
        'BT /F1 12 Tf 1e400 0 0 NaN 72 700 Tm ({{sign:1}}) Tj ET',
        `${'['.repeat(20_000)} ${line('({{sign:1}}) Tj')}`,
      ];
      for (const content of contents) {
        const { pdf } = await takeAnchors(sheet(content), { erase: true });
        expect((await PDF.load(pdf)).getPageCount()).to.equal(1);
      }
    });

    it('when forms draw each other, expected an end', async () => {
      const form = (draws: string): Buffer =>
        stream(
          `${line('({{sign:1}}) Tj')} ${draws}`,
          '/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /Font << /F1 3 0 R >> /XObject << /A 6 0 R /B 7 0 R >> >>',
        );
      const before = sheet('/A Do /B Do', {
        resources: '/XObject << /A 6 0 R /B 7 0 R >>',
        more: [form('/B Do /B Do'), form('/A Do')],
      });
      const { anchors, pdf } = await takeAnchors(before, { erase: true });
      expect(anchors.length).to.be.greaterThan(0);
      expect((await PDF.load(pdf)).getPageCount()).to.equal(1);
    });
  });

  describe('as other programs see it', () => {
    const content = `${line('(Left {{sign:1}} right) Tj')} ${line('({{ stamp : 1 }}) Tj', 72, 500)}`;
    const withFile = async (use: (path: string) => void): Promise<void> => {
      const folder = mkdtempSync(join(tmpdir(), 'countersign-anchors-'));
      try {
        const path = join(folder, 'out.pdf');
        writeFileSync(path, (await takeAnchors(sheet(content), { erase: true })).pdf);
        use(path);
      } finally {
        rmSync(folder, { recursive: true });
      }
    };

    if (hasProgram('pdftotext', 'text without anchors')) {
      it('when pdftotext reads the file, expected no tag and the words in their places', () =>
        withFile((path) => {
          const text = execute('pdftotext', ['-layout', path, '-']).toString();
          expect(text).to.match(/^Left {2,}right/);
          expect(text).not.to.contain('{');
        }));
    }
    if (hasProgram('qpdf', 'structure without anchors')) {
      it('when qpdf checks the file, expected no complaint', () =>
        withFile((path) => {
          expect(execute('qpdf', ['--check', path]).toString()).to.contain(
            'No syntax or stream encoding errors',
          );
        }));
    }
  });
});
