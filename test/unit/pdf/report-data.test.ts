import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDF } from '@libpdf/core';
import { expect } from 'chai';
import { aReport } from '../../fixtures/pdf/a-report.ts';
import { hasProgram, run } from '../../fixtures/pdf/outside-programs.ts';
import { sharedEngine } from '../../fixtures/pdf/test-engine.ts';

describe('data attached to the report', function () {
  this.timeout(60_000);
  const json = {
    format: 'test',
    text: 'Ёлка 电 "\\\u2028"',
    list: Array.from({ length: 500 }, (_, index) => index),
  };
  let folder: string;
  let path: string;
  let pdf: Uint8Array;
  before(async () => {
    ({ pdf } = await (await sharedEngine()).renderReport(aReport(3, { json })));
    folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
    path = join(folder, 'report.pdf');
    await writeFile(path, pdf);
  });
  after(() => rm(folder, { recursive: true }));

  it('when it is taken out with the PDF library, expected what the application gave', async () => {
    const attached = (await PDF.load(pdf)).getAttachment('signing-report.json');
    expect(JSON.parse(Buffer.from(attached ?? []).toString('utf8'))).to.deep.equal(json);
  });

  it('when a reader looks for it, expected it marked as the data that the document was made from', async () => {
    const catalog = (await PDF.load(pdf)).getCatalog();
    expect(catalog.getArray('AF')?.length).to.equal(1);
    expect(Buffer.from(pdf).includes('/AFRelationship /Data')).to.equal(true);
    expect(Buffer.from(pdf).includes('/Subtype /application#2Fjson')).to.equal(true);
  });

  if (hasProgram('pdfdetach', 'the attachment before poppler')) {
    it('when pdfdetach takes it out, expected what the application gave', async () => {
      const out = join(folder, 'poppler.json');
      expect(run('pdfdetach', ['-save', '1', '-o', out, path]).code).to.equal(0);
      expect(JSON.parse(await readFile(out, 'utf8'))).to.deep.equal(json);
      expect(run('pdfdetach', ['-list', path]).output).to.contain('signing-report.json');
    });
  }

  if (hasProgram('qpdf', 'the attachment before qpdf')) {
    it('when qpdf shows it, expected what the application gave, and the file without a complaint', () => {
      const { output } = run('qpdf', ['--show-attachment=signing-report.json', path]);
      expect(JSON.parse(output)).to.deep.equal(json);
      expect(run('qpdf', ['--check', path]).output).to.not.match(/WARNING|error:/i);
    });
  }

  if (hasProgram('mutool', 'the attachment before MuPDF')) {
    it('when mutool looks into the file, expected the attachment and the bookmarks', () => {
      const { output } = run('mutool', ['show', path, 'trailer/Root/Names/EmbeddedFiles/Names/2/UF']);
      expect(output).to.contain('signing-report.json');
      expect(run('mutool', ['show', path, 'outline']).output).to.contain('Журнал');
    });
  }
});
