import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { ReportRequest } from '../../../app/ports/pdf-engine.ts';
import { aReport, aReportContent } from '../../fixtures/pdf/a-report.ts';
import { readItems } from '../../fixtures/pdf/read-items.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';
import { sharedEngine, tsaTime } from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

const at = new Date('2026-11-22T12:00:00Z');
const LONG = 'слово'.repeat(60);

describe('report', function () {
  this.timeout(60_000);
  let engine: TestEngine;
  before(async () => (engine = await sharedEngine()));
  const render = (request: ReportRequest) => engine.renderReport(request);
  const textOf = async (request: ReportRequest): Promise<string> =>
    (await readText((await render(request)).pdf)).join('\n');
  const content = (overrides: Parameters<typeof aReportContent>[1], entries = 2): ReportRequest =>
    aReport(entries, { contents: [aReportContent(entries, overrides)] });

  it('when it is made, expected everything in it as text, and the report sealed as final', async () => {
    const request = aReport();
    const [only] = request.contents;
    const report = await render(request);
    const text = (await readText(report.pdf)).join('\n');

    for (const expected of [
      'Отчёт о подписании',
      'Договор № 77',
      'завершено',
      'sgn_test_1',
      'Asia/Almaty',
      only?.files[0]?.before,
      only?.files[0]?.after,
      'PAdES B-LTA',
      'Шаг 1',
      'Иванов Пётр Ильич',
      '李小龍',
      '203.0.113.7',
      '22.11.2026 15:02:41 UTC+05:00',
      '= 22.11.2026 10:02:41 UTC',
      'Подпись: Иванов Пётр Ильич',
      only?.revisions[0]?.before,
      only?.revisions[0]?.after,
      'Время по метке: 22.11.2026 15:02:43 UTC+05:00',
      'Событие5Конец',
      only?.journal[4]?.hash,
      'Я согласен подписать',
      'https://sign.example.com/verify/sgn_test_1',
    ]) {
      expect(text).to.contain(expected);
    }
    expect(report.sha256).to.equal(createHash('sha256').update(report.pdf).digest('hex'));
    expect(report).to.not.have.property('timestampAt');
    const checked = await engine.verify({ pdf: report.pdf, at });
    expect(checked.verdict).to.equal('unchanged');
    expect(checked.signatures[0]).to.deep.include({ certification: 1, trust: 'ours' });
  });

  it('when there is a second language, expected it complete on pages of its own, with its own bookmarks', async () => {
    const request = aReport(5, {
      contents: [aReportContent(5), aReportContent(5, { lang: 'en', statusText: 'completed' })],
    });
    const report = await render(request);
    const pages = await readText(report.pdf);
    const second = pages.findIndex((text) => text.includes('Signing report'));
    expect(second).to.be.greaterThan(0);
    expect(pages.slice(0, second).join()).to.contain('Как проверить').and.not.contain('How to check');
    expect(pages.slice(second).join())
      .to.contain('How to check')
      .and.contain('Событие5Конец')
      .and.contain('2026-11-22 15:02:41 UTC+05:00');
    for (const [index, text] of pages.entries()) {
      const foot =
        index < second ? `Страница ${index + 1} из ${pages.length}` : `Page ${index + 1} of ${pages.length}`;
      expect(text, 'foot in the language of the page').to.contain(foot);
    }
    const { outline } = await readItems(report.pdf);
    expect(outline.map(({ title }) => title)).to.deep.equal([
      'Отчёт о подписании: Договор № 77',
      'Signing report: Договор № 77',
    ]);
    expect(outline[1]?.items.map(({ title }: { title: string }) => title)).to.deep.equal([
      'Documents',
      'Signed files',
      'Signers',
      'Signatures in the files',
      'Journal',
      'Consent text, version 2026-10-01',
      'How to check',
    ]);
  });

  it('when the only language is English, expected English labels, seal and foot', async () => {
    const request = content({ lang: 'en' });
    const text = await textOf({ ...request, signing: { ...request.signing, lang: 'en' } });
    expect(text)
      .to.contain('Signing report')
      .and.contain('2026-11-22 15:02:41 UTC+05:00')
      .and.contain('Page 1 of');
    expect(text).to.not.contain('Страница');
  });

  it('when one seal stands for all, expected no section of signatures', async () => {
    expect(await textOf(content({ revisions: [] }))).to.not.contain('Подписи в файлах');
  });

  it('when a time-stamp is wanted, expected the seal to have it and the answer to name its time', async () => {
    const report = await render(
      aReport(2, { timestamps: { urls: ['http://down', 'http://tsa'], whenDown: 'fail' } }),
    );
    expect(report.timestampAt).to.deep.equal(tsaTime);
    const { signatures, verdict } = await engine.verify({ pdf: report.pdf, at });
    expect(verdict).to.equal('unchanged');
    expect(signatures[0]?.timestamp).to.deep.include({ valid: true, time: tsaTime });
    expect(signatures[0]?.certification).to.equal(1);
  });

  it('when no server answers, expected a failure or a report without time-stamp, as the policy says', async () => {
    const without = await render(aReport(2, { timestamps: { urls: ['http://down'], whenDown: 'go_on' } }));
    expect(without).to.not.have.property('timestampAt');
    expect((await engine.verify({ pdf: without.pdf, at })).verdict).to.equal('unchanged');
    const failure: unknown = await render(
      aReport(2, { timestamps: { urls: ['http://down'], whenDown: 'fail' } }),
    ).catch((error: unknown) => error);
    expect(failure).to.include({ code: 'timestamp_unavailable' });
  });

  it('when the journal is long, expected every entry, over many pages', async () => {
    const report = await render(aReport(400));
    const text = (await readText(report.pdf)).join('\n');
    expect(report.pages).to.be.greaterThan(20);
    for (const number of [1, 57, 199, 400]) expect(text).to.contain(`Событие${number}Конец`);
    expect(text).to.contain(`Страница ${report.pages} из ${report.pages}`);
  });

  it('when there are thousands of long entries, expected a report all the same', async () => {
    const request = content({}, 3_000);
    for (const entry of request.contents[0]?.journal ?? []) {
      entry.text += ' Условия договора не согласованы. 电子签名有限公司上海'.repeat(8);
    }
    const report = await render(request);
    expect(report.pages).to.be.greaterThan(300);
    expect(report.pdf.length).to.be.below(8_000_000);
  });

  it('when words are longer than a line, expected them wrapped inside the page', async () => {
    const request = content({
      documents: [{ name: `${LONG}.pdf`, sha256: LONG }],
      statusText: LONG,
      operator: LONG,
      title: LONG.repeat(20),
    });
    const person = request.contents[0]?.people[0];
    if (person) Object.assign(person, { name: LONG, company: LONG, agent: LONG, identifiedBy: LONG });
    const { pages } = await readItems((await render(request)).pdf);
    for (const { text, x, y, width } of pages.flat()) {
      expect(x + width, text).to.be.below(560);
      expect(y, text).to.be.within(20, 820);
    }
  });

  it('when sections begin anywhere on a page, expected no heading alone at its foot', async () => {
    const headings = [
      'Документы',
      'Подписанные файлы',
      'Подписанты',
      'Подписи в файлах',
      'Журнал',
      'Как проверить',
    ];
    for (let documents = 1; documents <= 16; documents++) {
      const request = content({
        documents: Array.from({ length: documents }, (_, index) => ({
          name: `${index}.pdf`,
          sha256: LONG.slice(0, 64),
        })),
      });
      const { pages } = await readItems((await render(request)).pdf);
      for (const items of pages) {
        for (const heading of items.filter(({ text }) => headings.includes(text))) {
          const below = items.filter(({ y, size }) => y < heading.y && y > 60 && size > 5);
          expect(below.length, `${heading.text} with ${documents} documents`).to.be.greaterThan(2);
        }
      }
    }
  });
});
