import { PDF } from '@libpdf/core';
import { expect } from 'chai';
import { visiblePage } from '../../../app/pdf/drawing/page-geometry.ts';
import { readItems } from '../../fixtures/pdf/read-items.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';
import { sharedEngine } from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

const at = new Date('2026-11-22T12:00:00Z');
const LONG = 'слово'.repeat(60);

describe('agreement', function () {
  this.timeout(60_000);
  let engine: TestEngine;
  before(async () => (engine = await sharedEngine()));

  it('when an agreement is rendered, expected headings, numbered items and parties, unsigned', async () => {
    const agreement = await engine.renderAgreement({
      title: 'Соглашение об электронной подписи',
      subtitle: '№ 1 от 22.11.2026',
      lang: 'ru',
      createdAt: at,
      blocks: [
        { kind: 'heading', text: '1. Предмет' },
        { kind: 'paragraph', text: 'Первый абзац. '.repeat(400) },
        { kind: 'list', items: ['первое', 'второе'], ordered: true },
        { kind: 'list', items: ['седьмое', 'восьмое'], ordered: true, start: 7 },
        { kind: 'list', items: ['точка'] },
        { kind: 'heading', text: 'Подраздел', level: 2 },
      ],
      parties: [
        { role: 'Сторона 1', name: 'ООО «Ромашка»', lines: ['ИНН 7700000000'] },
        { role: 'Сторона 2', name: 'Łukasz Żółć' },
      ],
    });
    const pages = await readText(agreement.pdf);
    expect(agreement.pages).to.equal(pages.length).and.be.greaterThan(1);
    const text = pages.join('\n');
    for (const expected of [
      '1. Предмет',
      '2.',
      'второе',
      '8.',
      '•',
      'ООО «Ромашка»',
      'Łukasz Żółć',
      'Страница 1 из',
    ]) {
      expect(text).to.contain(expected);
    }
    expect((await engine.verify({ pdf: agreement.pdf, at })).verdict).to.equal('unsigned');
    const bundle = await engine.prepareBundle({ parts: [{ name: 'agreement', bytes: agreement.pdf }] });
    expect(bundle.sha256, 'taken as it is').to.equal(agreement.sha256);
  });

  it('when a text marks places for signatures, expected them to stay in the document until it is taken in', async () => {
    const { pdf } = await engine.renderAgreement({
      title: 'T',
      lang: 'en',
      createdAt: at,
      blocks: [{ kind: 'paragraph', text: 'Signed: {{sign:1}} and {{sign:2}}' }],
      parties: [],
    });
    expect((await readText(pdf)).join())
      .to.contain('{{sign:1}}')
      .and.contain('{{sign:2}}');
  });

  it('when it gets the page strip, expected its pages to stay A4', async () => {
    const { pdf } = await engine.renderAgreement({
      title: 'Соглашение об использовании электронной подписи между сторонами '.repeat(3),
      lang: 'ru',
      createdAt: at,
      blocks: [{ kind: 'paragraph', text: 'Текст соглашения. '.repeat(700) }],
      parties: [{ name: 'ООО «Ромашка»' }],
    });
    const strip = { id: 'CS-24EA53BA', verifyUrl: 'https://sign.example.com/verify/1', lang: 'ru' as const };
    const bundle = await engine.prepareBundle({ parts: [{ name: 'agreement', bytes: pdf }], strip });
    const file = await PDF.load(bundle.pdf);
    const heights = file.getPages().map(({ dict }) => visiblePage(file, dict).height);
    expect(heights.length).to.be.greaterThan(1);
    for (const height of heights) expect(height).to.be.closeTo(841.89, 0.01);
  });

  it('when headings come at the end of a page, expected them on the page of what they head', async () => {
    for (let lines = 38; lines <= 50; lines++) {
      const { pdf } = await engine.renderAgreement({
        title: 'T',
        lang: 'en',
        createdAt: at,
        blocks: [
          { kind: 'paragraph', text: Array.from({ length: lines }, () => 'Line').join('\n') },
          { kind: 'heading', text: 'Large' },
          { kind: 'heading', text: 'Small', level: 2 },
          { kind: 'list', items: ['item '.repeat(60)], ordered: true },
        ],
        parties: [],
      });
      const pages = await readText(pdf);
      const page = pages.find((text) => text.includes('Large')) ?? '';
      expect(page, `${lines} lines`)
        .to.contain('Small')
        .and.match(/item[\s\S]*item/);
    }
  });

  it('when parties are many or their requisites longer than a page, expected all of it on the pages', async () => {
    const requisites = Array.from({ length: 90 }, (_, index) => `line ${index}.`);
    const { pdf } = await engine.renderAgreement({
      title: 'T',
      lang: 'en',
      createdAt: at,
      blocks: [{ kind: 'paragraph', text: 'Text' }],
      parties: [
        { name: 'First', lines: requisites },
        { name: 'Second', lines: ['short'] },
        { role: 'Other', name: LONG },
      ],
    });
    const { pages } = await readItems(pdf);
    expect(pages.length).to.be.greaterThan(1);
    const texts = pages.flat().map(({ text }) => text);
    for (const text of [...requisites, 'Second', 'short', 'Other']) expect(texts).to.include(text);
    for (const { text, x, y, width } of pages.flat()) {
      expect(x + width, text).to.be.below(560);
      expect(y, text).to.be.greaterThan(20);
    }
  });
});
