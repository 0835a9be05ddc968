import { expect } from 'chai';
import {
  checkSignaturePositions,
  formatSignaturePositions,
  markKinds,
  parseSignaturePositions,
  resolvePages,
} from '../../../app/domain/signature-positions.ts';
import type {
  Length,
  PositionErrorCode,
  SignaturePosition,
} from '../../../app/domain/signature-positions.ts';
import { createTranslator } from '../../../app/i18n/translator.ts';

const sheet = { width: 595, height: 842 };

describe('signature positions', () => {
  it('when a line names everything, expected a position with its units', () => {
    const { positions, errors } = parseSignaturePositions('signer 2 sign page=-1 x=10% y=700 w=150pt h=7,5%');

    expect(errors).to.deep.equal([]);
    expect(positions).to.deep.equal([
      {
        who: { by: 'signer', number: 2 },
        kind: 'sign',
        page: -1,
        x: { value: 10, unit: 'percent' },
        y: { value: 700, unit: 'pt' },
        w: { value: 150, unit: 'pt' },
        h: { value: 7.5, unit: 'percent' },
        line: 1,
      },
    ]);
  });

  it('when letters, blanks, colons and comments vary, expected the same position', () => {
    const texts = [
      'step 1: initials page=every x=500 y=800',
      '  STEP 1  Initials   PAGE = EVERY  x = 500 y= 800  # every page',
      '# initials\r\n\r\nstep 1 initials y=800 x=500 page=every',
    ];
    for (const text of texts) {
      const { positions, errors } = parseSignaturePositions(text);
      expect(errors, text).to.deep.equal([]);
      expect(positions[0], text).to.deep.include({
        kind: 'initials',
        page: 'every',
        w: { value: 40, unit: 'pt' },
      });
    }
  });

  it('when a line holds two positions, expected both', () => {
    const { positions } = parseSignaturePositions(
      'signer 1 sign page=1 x=0 y=0; signer 1 date page=1 x=0 y=60',
    );
    expect(positions.map(({ kind, line }) => [kind, line])).to.deep.equal([
      ['sign', 1],
      ['date', 1],
    ]);
  });

  it('when the text is empty or only comments, expected nothing and no error', () => {
    expect(parseSignaturePositions('\n # nothing\n;;')).to.deep.equal({ positions: [], errors: [] });
  });

  const faults: [text: string, code: PositionErrorCode, value: string][] = [
    ['who 1 sign page=1 x=0 y=0', 'who_missing', 'who'],
    ['signer x sign page=1 x=0 y=0', 'who_number', 'x'],
    ['signer 0 sign page=1 x=0 y=0', 'who_number', '0'],
    ['signer 1', 'kind_missing', ''],
    ['signer 1 page=1 x=0 y=0', 'kind_missing', 'page=1'],
    ['signer 1 seal page=1 x=0 y=0', 'kind_unknown', 'seal'],
    ['signer 1 sign page=1 x=0 y=0 z=1', 'word_unknown', 'z=1'],
    ['signer 1 sign page=1 x=0 y=0 {{sign:1}}', 'word_unknown', '{{sign'],
    ['signer 1 sign page=1 x=0 x=1 y=0', 'word_twice', 'x=1'],
    ['signer 1 sign x=0 y=0', 'page_missing', 'signer 1 sign x=0 y=0'],
    ['signer 1 sign page=0 x=0 y=0', 'page_wrong', 'page=0'],
    ['signer 1 sign page=last x=0 y=0', 'page_wrong', 'page=last'],
    ['signer 1 sign page=1 y=0', 'length_missing', 'x'],
    ['signer 1 sign page=1 x=0', 'length_missing', 'y'],
    ['signer 1 sign page=1 x=5mm y=0', 'length_wrong', 'x=5mm'],
    ['signer 1 sign page=1 x=1e9 y=0', 'length_wrong', 'x=1e9'],
    ['signer 1 sign page=1 x=-1 y=0', 'length_negative', 'x=-1'],
    ['signer 1 sign page=1 x=1 y=0 w=0', 'size_zero', 'w=0'],
    ['signer 1 sign page=1 x=101% y=0', 'outside_page', 'x=101%'],
    ['signer 1 sign page=1 x=80% y=0 w=30%', 'outside_page', '80% + 30%'],
    ['signer 1 sign page=1 x=20000 y=0', 'outside_page', 'x=20000'],
    ['signer 1 stamp page=1 x=0 y=0 w=60% h=60%', 'too_large', 'w=60% h=60%'],
  ];
  for (const [text, code, value] of faults) {
    it(`when it says "${text}", expected ${code} for line 2`, () => {
      const { errors } = parseSignaturePositions(`# first\n${text}`);
      expect(errors).to.deep.equal([{ line: 2, code, value }]);
      for (const lang of ['ru', 'en'] as const) {
        expect(createTranslator(lang)(`pdf.position.${code}`, { ...errors[0] })).to.be.a('string');
      }
    });
  }

  it('when several lines are wrong, expected an error for each', () => {
    const { errors } = parseSignaturePositions(
      'signer 1 sign page=1\nstep 2 x\nsigner 1 sign page=1 x=1 y=1',
    );
    expect(errors.map(({ line, code }) => [line, code])).to.deep.equal([
      [1, 'length_missing'],
      [2, 'kind_unknown'],
    ]);
  });

  it('when the text is enormous, expected one error at once', () => {
    expect(parseSignaturePositions('x'.repeat(1_000_000)).errors).to.have.length(1);
    expect(parseSignaturePositions('signer 1 sign page=1 x=1 y=1;'.repeat(600)).errors[0]?.code).to.equal(
      'too_many',
    );
  });

  it('when pages are resolved, expected indexes from the front, from the end, or all', () => {
    expect(resolvePages(1, 3)).to.deep.equal([0]);
    expect(resolvePages(-1, 3)).to.deep.equal([2]);
    expect(resolvePages('every', 3)).to.deep.equal([0, 1, 2]);
    expect(resolvePages(4, 3)).to.deep.equal([]);
    expect(resolvePages(-4, 3)).to.deep.equal([]);
  });

  it('when positions are held against the document, expected what does not exist to be named', () => {
    const { positions } = parseSignaturePositions(
      'signer 3 sign page=9 x=1 y=1\nstep 7 sign page=1 x=1 y=1\nsigner 1 sign page=-2 x=1 y=1',
    );
    const errors = checkSignaturePositions(positions, {
      pages: [sheet, sheet],
      signers: [{ step: 1 }, { step: 2 }],
    });
    expect(errors).to.deep.equal([
      { line: 1, code: 'no_such_page', value: '9' },
      { line: 1, code: 'no_such_signer', value: '3' },
      { line: 2, code: 'no_such_step', value: '7' },
    ]);
  });

  it('when a box fits on none of its pages, expected that said; on some of them is enough', () => {
    const { positions } = parseSignaturePositions(
      'signer 1 sign page=1 x=500 y=10 w=150 h=50\nsigner 1 date page=every x=10 y=800 w=60 h=20\nsigner 1 stamp page=2 x=0 y=0 w=250 h=300',
    );
    const pages = [sheet, { width: 400, height: 300 }];
    expect(checkSignaturePositions(positions, { pages, signers: [{ step: 1 }] })).to.deep.equal([
      { line: 1, code: 'outside_page', value: 'x=500 y=10 w=150 h=50' },
      { line: 3, code: 'too_large', value: 'x=0 y=0 w=250 h=300' },
    ]);
  });

  it('when positions are written as text, expected a line each, without the sizes that go without saying', () => {
    const { positions } = parseSignaturePositions(
      'STEP 2: initials y=95% x=500,25 page=EVERY # all; \nsigner 1 stamp page=-1 x=0 y=10 w=100 h=90;signer 3 sign page=7 x=1 y=2 w=150',
    );
    expect(formatSignaturePositions(positions)).to.equal(
      [
        'step 2 initials page=every x=500.25 y=95%',
        'signer 1 stamp page=-1 x=0 y=10 h=90',
        'signer 3 sign page=7 x=1 y=2',
      ].join('\n'),
    );
    expect(formatSignaturePositions([])).to.equal('');
  });

  it('when any positions are written and read again, expected the same, 500 of them too', () => {
    let seed = 11;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const length = (most: number, least = 0): Length => {
      const percent = random(2) === 0;
      const whole = percent ? random(51) : random(most);
      const value = Math.round((whole + random(10_000) / 10_000) * 10_000) / 10_000;
      return { value: Math.max(least, value), unit: percent ? 'percent' : 'pt' };
    };
    const positions = Array.from({ length: 500 }, (_, index): SignaturePosition => {
      const page = random(5) === 0 ? ('every' as const) : (random(2) ? 1 : -1) * (1 + random(99_999));
      return {
        who: { by: random(2) ? 'signer' : 'step', number: 1 + random(9999) },
        kind: markKinds[random(markKinds.length)] ?? 'sign',
        page,
        x: length(14_399),
        y: length(14_399),
        w: length(48, 0.0001),
        h: length(48, 0.0001),
        line: index + 1,
      };
    }).filter(({ x, y, w, h }) => x.value + w.value <= 100 && y.value + h.value <= 100);
    expect(positions.length).to.be.greaterThan(50);
    const text = formatSignaturePositions(positions);
    const renumbered = positions.map((position, index) => ({ ...position, line: index + 1 }));
    expect(parseSignaturePositions(text)).to.deep.equal({ positions: renumbered, errors: [] });

    const [longest] = [...positions].sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length);
    const many = Array.from({ length: 500 }, () => longest as SignaturePosition);
    expect(parseSignaturePositions(formatSignaturePositions(many)).errors).to.deep.equal([]);
  });
});
