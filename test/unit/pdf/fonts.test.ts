import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDF } from '@libpdf/core';
import { expect } from 'chai';
import { canvasToPage, createCanvas } from '../../../app/pdf/drawing/canvas.ts';
import { createFonts } from '../../../app/pdf/drawing/fonts.ts';
import type { FontUse } from '../../../app/pdf/drawing/fonts.ts';
import { fitSize, measure, wrap } from '../../../app/pdf/drawing/typesetting.ts';
import { openRaster } from '../../../app/pdf/raster/open-raster.ts';
import { execute, hasProgram } from '../../fixtures/pdf/outside-programs.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';

const uses: FontUse[] = ['regular', 'bold', 'mono', 'script'];
const style = (font: FontUse, size = 20) => ({ font, size, color: [0, 0, 0] as const });

/** One line a row, 40 points apart, on one page. */
async function write(rows: [text: string, use: FontUse][]): Promise<Uint8Array> {
  const pdf = PDF.create();
  const canvas = createCanvas(createFonts(pdf), 800, rows.length * 40 + 40);
  for (const [row, [text, use]] of rows.entries())
    canvas.text(text, 20, rows.length * 40 - row * 40, style(use));
  canvasToPage(pdf, canvas);
  return pdf.save({ subsetFonts: true });
}

/** Dark pixels of a rectangle given in points from the top left, as a picture of 0 and 1. */
async function inkOf(
  pdf: Uint8Array,
  cells: { x: number; y: number; width: number; height: number }[],
): Promise<string[]> {
  const scale = 2;
  const raster = await openRaster(pdf);
  try {
    const { width, pixels } = await raster.render(0, scale);
    return cells.map((cell) => {
      let ink = '';
      for (let y = Math.round(cell.y * scale); y < (cell.y + cell.height) * scale; y++) {
        for (let x = Math.round(cell.x * scale); x < (cell.x + cell.width) * scale; x++) {
          ink += (pixels[(y * width + x) * 4] ?? 255) < 128 ? '1' : '0';
        }
      }
      return ink;
    });
  } finally {
    raster.close();
  }
}

const darkOf = (ink = ''): number => ink.split('1').length - 1;

describe('letters of many languages', function () {
  this.timeout(60_000);

  const samples: [language: string, text: string][] = [
    ['English', 'The quick brown fox'],
    ['Russian', 'Съешь ещё этих мягких булок'],
    ['Belarusian', 'Уладзімір Ўласавіч, дзякуй'],
    ['Kazakh', 'Әлем ғылым қазақ мың өмір ұлы үміт һәм іні'],
    ['Greek', 'Ξεσκεπάζω την ψυχοφθόρα'],
    ['Lithuanian', 'Įlinkdama fechtuotojo špaga ąčęėįšųūž'],
    ['Latvian', 'Glāžšķūņa rūķīši dzērumā čiepj'],
    ['Estonian', 'Põdur Zagrebi tšellomängija-följetonist'],
    ['Chinese', '王小明签署合同，第三条。'],
    ['Japanese', '山田太郎さんの署名カタカナ'],
    ['Korean', '홍길동 서명 계약서'],
    ['mixed', 'Ли 李明 (Li Ming), 김철수 & Co'],
  ];

  for (const use of uses) {
    it(`when they are written as ${use}, expected pdf.js to read the same text back`, async () => {
      const text = await readText(await write(samples.map(([, sample]) => [sample, use])));
      const found = text.join('\n').replace(/\s+/g, '');
      for (const [language, sample] of samples)
        expect(found, language).to.contain(sample.replace(/\s+/g, ''));
    });
  }

  if (hasProgram('pdftotext', 'text of many languages')) {
    it('when pdftotext reads them, expected the same text', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'countersign-fonts-'));
      try {
        const path = join(folder, 'letters.pdf');
        writeFileSync(
          path,
          await write(samples.flatMap(([, sample]) => uses.map((use) => [sample, use] as [string, FontUse]))),
        );
        const found = execute('pdftotext', [path, '-']).toString().replace(/\s+/g, '');
        for (const [language, sample] of samples) {
          expect(found.split(sample.replace(/\s+/g, '')).length - 1, language).to.equal(uses.length);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  it('when letters are drawn, expected a shape of its own for each, none of them empty', async () => {
    const letters = [...'ЖәғқңөұүһіўІΩąķū王明合あ山ア홍길동서'];
    for (const use of uses) {
      const pdf = await write(letters.map((letter) => [letter, use]));
      const shapes = await inkOf(
        pdf,
        letters.map((_, row) => ({ x: 18, y: row * 40 + 18, width: 26, height: 30 })),
      );
      for (const [index, shape] of shapes.entries()) expect(darkOf(shape), letters[index]).to.be.at.least(20);
      expect(new Set(shapes).size, use).to.be.at.least(letters.length - 1); // і and Cyrillic look-alikes apart
    }
  });

  it('when no font has a letter, expected a visible replacement and the rest of the text', async () => {
    const pdf = await write([['before \u{13000}\u{1f9ff}\ud800 after', 'bold']]);
    expect((await readText(pdf)).join('')).to.equal('before \ufffd\ufffd\ufffd after');
    const pdf2 = await write([['\u{13000}', 'script']]);
    const [shape] = await inkOf(pdf2, [{ x: 18, y: 18, width: 30, height: 30 }]);
    expect(darkOf(shape)).to.be.at.least(20);
  });

  it('when text has joiners and variation selectors, expected nothing in their place', async () => {
    const text = await readText(await write([['a\u200db\ufe0fc\u2060d', 'regular']]));
    expect(text.join('')).to.equal('abcd');
  });

  it('when one line mixes fonts, expected each part to start where the one before ends', async () => {
    const fonts = createFonts(PDF.create());
    const line = 'Договор 合同 계약 №7';
    const [head, middle] = ['Договор ', '合同 '].map((part) => measure(fonts, part, style('regular')));
    expect(measure(fonts, '合同', style('regular'))).to.be.closeTo(40, 0.01);
    const pdf = await write([[line, 'regular']]);
    // A gap before the first ideograph and no ink of the one before in it: its advance is what was measured.
    const x = 20 + (head ?? 0);
    const [gap, first, second] = await inkOf(pdf, [
      { x: x - 4, y: 15, width: 4, height: 30 },
      { x, y: 15, width: 20, height: 30 },
      { x: x + (middle ?? 0), y: 15, width: 18, height: 30 },
    ]);
    expect(gap).to.match(/^0*$/);
    expect(darkOf(first)).to.be.at.least(40);
    expect(darkOf(second)).to.be.at.least(40);
  });

  it('when a document has only Latin and Cyrillic letters, expected only the fonts it uses, cut down', async () => {
    const plain = await write([['Договор Contract', 'regular']]);
    const asian = await write([['Договор 合同', 'regular']]);
    const names = (pdf: Uint8Array): number =>
      Buffer.from(pdf).toString('latin1').split('/FontFile2').length - 1;
    expect([names(plain), names(asian)]).to.deep.equal([1, 2]);
    expect(plain.length).to.be.below(20_000);
    expect(asian.length).to.be.below(30_000);
  });

  it('when many documents are written, expected the same bytes of fonts each time', async () => {
    const rows = samples.map(([, sample]) => [sample, 'regular'] as [string, FontUse]);
    const texts: string[] = [];
    for (let round = 0; round < 3; round++) texts.push((await readText(await write(rows))).join('\n'));
    expect(new Set(texts).size).to.equal(1);
  });
});

describe('breaking lines of ideographs', () => {
  const fonts = createFonts(PDF.create());
  const ten = style('regular', 10);

  it('when a line of Chinese is too long, expected it broken between letters, no line beyond the width', () => {
    const text = '双方同意本合同自签署之日起生效并具有同等法律效力';
    const lines = wrap(fonts, text, ten, 60);
    expect(lines.join('')).to.equal(text);
    expect(lines.map((line) => [...line].length)).to.deep.equal([6, 6, 6, 6]);
  });

  it('when a mark must not begin or end a line, expected it with its neighbour', () => {
    expect(wrap(fonts, '甲乙丙丁戊己，庚', ten, 60)).to.deep.equal(['甲乙丙丁戊', '己，庚']);
    expect(wrap(fonts, '甲乙丙丁戊（己）', ten, 60)).to.deep.equal(['甲乙丙丁戊', '（己）']);
  });

  it('when Latin words stand between, expected them whole and the spaces kept', () => {
    const lines = wrap(fonts, '根据 Contract 第七条 agreed', ten, 70);
    expect(lines.join('|'))
      .to.match(/Contract/)
      .and.match(/agreed/);
    expect(lines.join('').replace(/\s/g, '')).to.equal('根据Contract第七条agreed');
    for (const line of lines) expect(measure(fonts, line, ten)).to.be.at.most(70);
  });

  it('when there are no ideographs, expected lines broken at spaces as ever', () => {
    expect(wrap(fonts, 'one two  three\nfour', ten, 1000)).to.deep.equal(['one two three', 'four']);
    expect(wrap(fonts, 'подписание договора', ten, 60)).to.deep.equal(['подписание', 'договора']);
  });

  it('when one line must fit, expected its size by its own letters', () => {
    expect(fitSize(fonts, '合同合同', ten, 20, 1)).to.be.closeTo(5, 1e-6);
  });

  it('when a text was made small to fit on one line, expected it not to be broken by a rounding error', () => {
    for (const words of [
      'Ә. Қ. Ө.',
      'Әлімжан Құрманғазыұлы Өтебаев',
      'И. П. И.',
      'Anna Maria von Müller',
      'Ą. Š.',
    ]) {
      for (let width = 20; width < 60; width += 0.7) {
        const size = fitSize(fonts, words, ten, width, 0.1);
        expect(wrap(fonts, words, { ...ten, size }, width), `${words} in ${width}`).to.have.length(1);
      }
    }
  });
});
