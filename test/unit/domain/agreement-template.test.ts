import { expect } from 'chai';
import {
  AGREEMENT_FIELDS,
  fillAgreementTemplate,
  parseAgreementTemplate,
} from '../../../app/domain/agreement-template.ts';
import { TEMPLATE_ERROR_CODES } from '../../../app/domain/agreement-template.ts';
import type {
  AgreementField,
  AgreementValues,
  TemplateError,
} from '../../../app/domain/agreement-template.ts';
import { createTranslator, hasText, LANGUAGES } from '../../../app/i18n/translator.ts';

const lines = (...text: string[]): string => text.join('\n');
const faults = (text: string): [number, string][] =>
  parseAgreementTemplate(text).errors.map(({ line, code }) => [line, code]);
const values = (given: Partial<AgreementValues> = {}): AgreementValues => ({
  ...(Object.fromEntries(AGREEMENT_FIELDS.map(({ key }) => [key, `<${key}>`])) as AgreementValues),
  ...given,
});
const filled = (text: string, given: Partial<AgreementValues> = {}) =>
  fillAgreementTemplate(parseAgreementTemplate(`# T\n\n${text}`), values(given)).blocks;

describe('text of the additional agreement', () => {
  it('when it has every kind of line, expected title, subtitle and blocks in their order', () => {
    const text = lines(
      '',
      '# Agreement',
      'No. 1',
      'Minsk',
      '',
      'First line',
      'second line of the same paragraph',
      '',
      'Another paragraph',
      '## What',
      '- one',
      '— two',
      'goes on',
      '1. first',
      '2) second',
      '4. fourth',
      '# Large',
      'Below',
    );
    expect(parseAgreementTemplate(text)).to.deep.equal({
      title: 'Agreement',
      subtitle: 'No. 1\nMinsk',
      blocks: [
        { kind: 'paragraph', text: 'First line\nsecond line of the same paragraph' },
        { kind: 'paragraph', text: 'Another paragraph' },
        { kind: 'heading', text: 'What', level: 2 },
        { kind: 'list', items: ['one', 'two\ngoes on'], ordered: false, start: 1 },
        { kind: 'list', items: ['first', 'second'], ordered: true, start: 1 },
        { kind: 'list', items: ['fourth'], ordered: true, start: 4 },
        { kind: 'heading', text: 'Large', level: 1 },
        { kind: 'paragraph', text: 'Below' },
      ],
      errors: [],
    });
  });

  it('when numbers belong to clauses (1.1.) or stand inside a sentence, expected plain paragraphs', () => {
    const { blocks } = parseAgreementTemplate('# T\n\n1.1. Clause\n\n2026 is a year\n\n#tag');
    expect(blocks.map(({ kind }) => kind)).to.deep.equal(['paragraph', 'paragraph', 'paragraph']);
  });

  it('when a list goes on after a paragraph, expected the number that was written', () => {
    const { blocks } = parseAgreementTemplate('# T\n\n1. a\n\nbetween\n\n2. b\n3. c');
    expect(blocks.at(-1)).to.deep.include({ items: ['b', 'c'], start: 2 });
  });

  it('when lines end as on other systems, expected the same text', () => {
    for (const end of ['\r\n', '\r', '\u2028']) {
      expect(
        parseAgreementTemplate(['# T', '', 'a', 'b'].join(end)).blocks,
        JSON.stringify(end),
      ).to.deep.equal([{ kind: 'paragraph', text: 'a\nb' }]);
    }
  });

  for (const { key, names } of AGREEMENT_FIELDS) {
    it(`when the field ${key} is named in either language, expected its value`, () => {
      const text = `{{${names.en}}} {{${names.ru}}} {{ ${names.ru.toUpperCase().replaceAll('_', ' ')} }}`;
      expect(parseAgreementTemplate(`# T\n\n${text}`).errors).to.deep.equal([]);
      expect(filled(text)).to.deep.equal([{ kind: 'paragraph', text: `<${key}> <${key}> <${key}>` }]);
    });
  }

  it('when fields stand in title, subtitle, headings and lists, expected them filled everywhere', () => {
    const template = parseAgreementTemplate('# A {{number}}\nof {{date}}\n\n## B {{deal}}\n- c {{company}}');
    expect(fillAgreementTemplate(template, values())).to.deep.equal({
      title: 'A <number>',
      subtitle: 'of <date>',
      blocks: [
        { kind: 'heading', text: 'B <deal>', level: 2 },
        { kind: 'list', items: ['c <company>'], ordered: false, start: 1 },
      ],
    });
  });

  it('when a value is empty, expected a dash', () => {
    expect(filled('Deal: {{deal}}', { deal: '  ' })).to.deep.equal([{ kind: 'paragraph', text: 'Deal: —' }]);
  });

  it('when places for marks are in the text, expected them kept, written without blanks', () => {
    const text = '{{sign:1}} {{ Stamp : 1 }} {{date:2:120x40}}';
    expect(faults(`# T\n\n${text}`)).to.deep.equal([]);
    expect(filled(text)).to.deep.equal([
      { kind: 'paragraph', text: '{{sign:1}} {{Stamp:1}} {{date:2:120x40}}' },
    ]);
  });

  it('when a name carries a place for a mark, markup or line ends, expected nothing but its letters', () => {
    for (const company of ['{{sign:1}}', '{', '}}', '{{number}}\n# Title\n\n- item']) {
      const [block] = filled('{{{{company}}{{company}}sign:1}}', { company });
      const text = block?.kind === 'paragraph' ? block.text : '';
      expect(text, company)
        .to.not.match(/\{\{\s*sign/)
        .and.not.contain('\n');
    }
    expect(filled('{{company}}', { company: '{{sign:1}}' })).to.deep.equal([
      { kind: 'paragraph', text: '((sign:1))' },
    ]);
    expect(JSON.stringify(filled('{{company}}', { company: 'я'.repeat(100_000) })).length).to.be.below(2_000);
  });

  const wrong: Record<string, [text: string, expected: [number, string][]]> = {
    'nothing at all': ['', [[1, 'empty']]],
    'a title alone': ['# T', [[1, 'empty']]],
    'no title': ['Text\n\nmore', [[1, 'title_missing']]],
    'a smaller heading first': ['\n## T\ntext', [[2, 'title_missing']]],
    'a title without words': ['#\n\ntext', [[1, 'heading_empty']]],
    'a title too long': [`# ${'x'.repeat(201)}\n\ntext`, [[1, 'title_long']]],
    'a third level': ['# T\n\n### x\ntext', [[3, 'heading_level']]],
    'an unknown field': [
      '# T\n\n{{nomer}} and {{}}',
      [
        [3, 'field_unknown'],
        [3, 'field_unknown'],
      ],
    ],
    'an unknown place': [
      '# T\n\n{{sing:1}} {{sign:x}}',
      [
        [3, 'field_unknown'],
        [3, 'field_unknown'],
      ],
    ],
    'a field over two lines': [
      '# T\n\n{{num\nber}}',
      [
        [3, 'field_open'],
        [4, 'field_open'],
      ],
    ],
    'a field that is not closed': ['# T\n\nsee {{number} and so on', [[3, 'field_open']]],
    'a field with braces in it': ['# T\n\n{{a{b}}', [[3, 'field_open']]],
    'too much text': [`# T\n\n${'x'.repeat(20_000)}`, [[1, 'too_long']]],
  };
  for (const [name, [text, expected]] of Object.entries(wrong)) {
    it(`when it has ${name}, expected the line and the reason`, () => {
      expect(faults(text)).to.deep.equal(expected);
    });
  }

  it('when it is all faults, expected few and short ones', () => {
    for (const unit of ['{{', '}}', '{{x}}\n', '#\n', '### x\n', '{', `{{${'x'.repeat(99)}}}`, '# \t']) {
      const { errors } = parseAgreementTemplate(unit.repeat(Math.floor(20_000 / unit.length)));
      expect(errors.length, unit).to.be.within(1, 50);
      expect(errors.every(({ value }: TemplateError) => value.length <= 61)).to.equal(true);
    }
  });

  for (const language of LANGUAGES) {
    it(`when the standard text in ${language} is read, expected no fault and its parties named`, () => {
      const { errors, title, blocks } = parseAgreementTemplate(
        createTranslator(language)('agreement.template'),
      );
      expect(errors).to.deep.equal([]);
      expect(title).to.not.equal('');
      const used = new Set([...JSON.stringify(blocks).matchAll(/\{\{([^}]+)\}\}/g)].map(([, name]) => name));
      const company: AgreementField = 'company';
      const names = AGREEMENT_FIELDS.find(({ key }) => key === company)?.names;
      expect(used).to.include(names?.[language]);
    });
  }

  it('when a field or a fault can be shown, expected a text for it', () => {
    for (const { key } of AGREEMENT_FIELDS) expect(hasText(`agreement.field_${key}`), key).to.equal(true);
    for (const code of TEMPLATE_ERROR_CODES) expect(hasText(`agreement.error_${code}`), code).to.equal(true);
  });
});
