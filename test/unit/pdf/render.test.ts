import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { PDF } from '@libpdf/core';
import { formatDay, formatMoment } from '../../../app/pdf/drawing/format-moment.ts';
import { initialsOf } from '../../../app/pdf/sealing/draw-mark.ts';
import { aReport } from '../../fixtures/pdf/a-report.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';
import { sharedEngine } from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

const at = new Date('2026-11-22T12:00:00Z');
const LONG = 'слово'.repeat(60);

describe('report and agreement', function () {
  this.timeout(60_000);
  let engine: TestEngine;
  before(async () => (engine = await sharedEngine()));

  it('when a report is made, expected everything in it as text, sealed, with its data attached', async () => {
    const request = aReport();
    const report = await engine.renderReport(request);
    const text = (await readText(report.pdf)).join('\n');

    for (const expected of [
      'Отчёт о подписании',
      'Договор № 77',
      'завершено',
      'sgn_test_1',
      request.bundleSha256,
      request.signedSha256,
      'Иванов Пётр Ильич',
      '203.0.113.7',
      '22.11.2026 15:02:41 UTC+05:00',
      '= 22.11.2026 10:02:41 UTC',
      'Событие5Конец',
      request.journal[4]?.hash,
      'Я согласен подписать',
      'https://sign.example.com/verify/sgn_test_1',
    ]) {
      expect(text).to.contain(expected);
    }
    expect(report.sha256).to.equal(createHash('sha256').update(report.pdf).digest('hex'));
    const checked = await engine.verify({ pdf: report.pdf, at });
    expect(checked.verdict).to.equal('unchanged');
    expect(checked.signatures[0]).to.deep.include({ certification: 1, trust: 'ours' });
    const attached = (await PDF.load(report.pdf)).getAttachment('signing-report.json');
    const data = JSON.parse(Buffer.from(attached ?? []).toString('utf8')) as typeof request;
    expect(data.journal).to.have.length(5);
    expect(data.people[0]?.name).to.equal('Иванов Пётр Ильич');
  });

  it('when the language is English, expected English labels', async () => {
    const request = aReport();
    const { pdf } = await engine.renderReport({ ...request, signing: { ...request.signing, lang: 'en' } });
    expect((await readText(pdf)).join('\n'))
      .to.contain('Signing report')
      .and.contain('2026-11-22 15:02:41 UTC+05:00');
  });

  it('when the journal is long, expected every entry, over many pages', async () => {
    const report = await engine.renderReport(aReport(400));
    const text = (await readText(report.pdf)).join('\n');
    expect(report.pages).to.be.greaterThan(20);
    for (const number of [1, 57, 199, 400]) expect(text).to.contain(`Событие${number}Конец`);
    expect(text).to.contain(`Страница ${report.pages} из ${report.pages}`);
  });

  it('when words are longer than a line, expected them wrapped inside the page', async () => {
    const request = aReport(2, { documents: [{ name: `${LONG}.pdf`, sha256: LONG }], statusText: LONG });
    const { pdf } = await engine.renderReport({ ...request, operator: LONG });
    const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
    const task = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
    const page = await (await task.promise).getPage(1);
    for (const item of (await page.getTextContent()).items) {
      if ('str' in item && item.str.length < 200) {
        expect(item.transform[4] + item.width, item.str).to.be.below(560);
      }
    }
    await task.destroy();
  });

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

  it('when moments are written, expected the offset of that day and zone', () => {
    const summer = new Date('2026-07-01T21:30:00Z');
    expect(formatMoment(summer, 'ru', 'Europe/Vilnius')).to.equal('02.07.2026 00:30:00 UTC+03:00');
    expect(formatMoment(at, 'en', 'America/St_Johns')).to.equal('2026-11-22 08:30:00 UTC−03:30');
    expect(formatMoment(at, 'en', 'Nowhere/Land')).to.equal('2026-11-22 12:00:00 UTC');
    expect(formatDay(summer, 'ru', 'Europe/Vilnius')).to.equal('02.07.2026');
  });

  it('when a name has several words, expected its initials', () => {
    expect(initialsOf('Иванов Пётр Ильич')).to.equal('И. П. И.');
    expect(initialsOf('  ')).to.equal('');
  });
});
