import { expect } from 'chai';
import { PDF, PdfArray, PdfDict, PdfRef, PdfStream } from '@libpdf/core';
import type { PdfObject } from '@libpdf/core';
import { arrayOf, dictOf, nameOf, numberOf, stringOf } from '../../../app/pdf/drawing/pdf-objects.ts';
import { nameTreeEntries, numberTreeEntries } from '../../../app/pdf/intake/name-tree.ts';
import { assemble, pdfWithPages, stream } from '../../fixtures/pdf/build-pdf.ts';
import { contentEntries } from '../../fixtures/pdf/corpus/content-entries.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';
import { sharedEngine } from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

interface Item {
  title: string;
  /** From 1. */
  page: number;
  children: Item[];
}

/** The page (from 1) that a destination or an action leads to. */
function pageOf(pdf: PDF, holder: PdfDict): number {
  const target = holder.get('Dest') ?? dictOf(pdf, holder.get('A'))?.get('D');
  const page = arrayOf(pdf, target)?.at(0);
  return pdf.getPages().findIndex(({ ref }) => ref === page) + 1;
}

function outline(pdf: PDF, parent = dictOf(pdf, pdf.getCatalog().get('Outlines'))): Item[] {
  const items: Item[] = [];
  for (let item = dictOf(pdf, parent?.get('First')); item; item = dictOf(pdf, item.get('Next'))) {
    expect(dictOf(pdf, item.get('Parent'))).to.equal(parent);
    const title = stringOf(pdf, item.get('Title')) ?? '';
    items.push({ title, page: pageOf(pdf, item), children: outline(pdf, item) });
  }
  return items;
}

const fromCorpus = async (name: string, engine: TestEngine): Promise<Uint8Array> => {
  const entry = contentEntries.find((one) => one.name === name);
  if (!entry) throw new Error(`no ${name} in the corpus`);
  return new Uint8Array(await entry.make(engine));
};

describe('merging documents', function () {
  this.timeout(60_000);
  let engine: TestEngine;
  before(async () => (engine = await sharedEngine()));
  const plain = (...texts: string[]): Uint8Array => new Uint8Array(pdfWithPages(texts));
  const merge = async (...files: [name: string, bytes: Uint8Array][]) => {
    const bundle = await engine.prepareBundle({ parts: files.map(([name, bytes]) => ({ name, bytes })) });
    return { ...bundle, document: await PDF.load(bundle.pdf) };
  };

  it('when files have bookmarks or none, expected one for each file with its own below it', async () => {
    const { document } = await merge(
      ['Договор № 7.pdf', plain('A1', 'A2')],
      ['chapters.pdf', await fromCorpus('bookmarks in two levels', engine)],
    );
    expect(outline(document)).to.deep.equal([
      { title: 'Договор № 7.pdf', page: 1, children: [] },
      {
        title: 'chapters.pdf',
        page: 3,
        children: [{ title: 'Chapter', page: 3, children: [{ title: 'Пункт', page: 4, children: [] }] }],
      },
    ]);
    expect(nameOf(document, document.getCatalog().get('PageMode'))).to.equal('UseOutlines');
  });

  it('when bookmarks run in a circle, expected those that can be followed, and a warning', async () => {
    const circle = await fromCorpus('bookmarks that run in a circle', engine);
    const { document, warnings } = await merge(['a', plain('x')], ['b', circle]);
    expect(outline(document)[1]?.children.map(({ title }) => title)).to.deep.equal(['one', 'two']);
    expect(warnings).to.deep.equal([{ code: 'extras_dropped', part: 1 }]);
  });

  it('when two files use the same name for a place, expected each link to lead into its own file', async () => {
    const linked = await fromCorpus('links between pages by name and to the web', engine);
    const { document } = await merge(['a', linked], ['b', linked]);
    const targets = document.getPages().flatMap(({ dict }) =>
      (arrayOf(document, dict.get('Annots'))?.toArray() ?? [])
        .map((annotation) => dictOf(document, annotation))
        .filter((annotation): annotation is PdfDict => annotation !== undefined)
        .map((annotation) => pageOf(document, annotation)),
    );
    // Each page has the annotations of the fixture: by name tree to page 2, by old name to page 1, to the web.
    expect(targets).to.deep.equal([2, 1, 0, 2, 1, 0, 4, 3, 0, 4, 3, 0]);
  });

  it('when files carry attachments of one name, expected both, under names of their own', async () => {
    const withFile = await fromCorpus('a file attached to the document and one to a page', engine);
    const { document } = await merge(['a', withFile], ['b', plain('x')], ['c', withFile]);
    const names = dictOf(document, document.getCatalog().get('Names'));
    const files = [...nameTreeEntries(document, dictOf(document, names?.get('EmbeddedFiles')))];

    expect(files.map(([key]) => key.asString())).to.deep.equal(['a.txt', 'a.txt (2)']);
    for (const [, file] of files) {
      const content = dictOf(document, dictOf(document, dictOf(document, file)?.get('EF'))?.get('F'));
      expect(Buffer.from((content as PdfStream).getDecodedData()).toString()).to.equal(
        'attached to the document',
      );
    }
  });

  it('when pages have labels, expected them kept and the others counted on their own', async () => {
    const labelled = await fromCorpus('pages numbered i, ii, A-1', engine);
    const { document } = await merge(['a', plain('x', 'y')], ['b', labelled]);
    const labels = [
      ...numberTreeEntries(document, dictOf(document, document.getCatalog().get('PageLabels'))),
    ];
    const described = labels.map(([index, label]) => {
      const dict = dictOf(document, label);
      return [index, nameOf(document, dict?.get('S')), stringOf(document, dict?.get('P'))];
    });
    expect(described).to.deep.equal([
      [0, 'D', undefined],
      [2, 'r', undefined],
      [4, 'D', 'A-'],
    ]);
  });

  it('when files are tagged, expected one structure in which every page finds its own elements', async () => {
    const tagged = await fromCorpus('a tagged document', engine);
    const { document } = await merge(['a', tagged], ['b', tagged]);
    const root = dictOf(document, document.getCatalog().get('StructTreeRoot'));
    const parents = new Map(numberTreeEntries(document, dictOf(document, root?.get('ParentTree'))));

    for (const { dict, ref } of document.getPages()) {
      const key = numberOf(document, dict.get('StructParents')) ?? -1;
      const element = dictOf(document, arrayOf(document, parents.get(key))?.at(0));
      expect(nameOf(document, element?.get('S'))).to.equal('Absatz');
      expect(element?.get('Pg')).to.equal(ref);
      expect(dictOf(document, dictOf(document, element?.get('P'))?.get('P'))).to.equal(root);
    }
    expect(arrayOf(document, root?.get('K'))?.length).to.equal(2);
    const marked = dictOf(document, document.getCatalog().get('MarkInfo'))?.getBool('Marked')?.value;
    expect(marked).to.equal(true);
    expect(document.getLanguage()).to.equal('en');
  });

  it('when only one of the files is tagged, expected nobody to be told that all is', async () => {
    const tagged = await fromCorpus('a tagged document', engine);
    const { document } = await merge(['a', plain('x')], ['b', tagged]);
    const marked = dictOf(document, document.getCatalog().get('MarkInfo'))?.getBool('Marked')?.value;
    expect(marked).to.equal(false);
    expect(document.getPage(0)?.dict.has('StructParents')).to.equal(false);
  });

  it('when layers are on, expected them listed, or readers would not know them', async () => {
    const layered = await fromCorpus('layers that are on', engine);
    const { document } = await merge(['a', plain('x')], ['b', layered], ['c', layered]);
    const properties = dictOf(document, document.getCatalog().get('OCProperties'));
    expect(arrayOf(document, properties?.get('OCGs'))?.length).to.equal(2);
  });

  it('when one object is used by many pages, expected it once in the merge', async () => {
    const shared = pdfWithPages(['1', '2', '3'], {
      pages: '/Resources << /Font << /F1 3 0 R >> /XObject << /Im 4 0 R >> >>',
      more: [stream('mark of the shared one', '/Type /XObject /Subtype /Form /BBox [0 0 1 1]')],
    });
    const { pdf } = await merge(['a', plain('x')], ['b', new Uint8Array(shared)]);
    expect(
      Buffer.from(pdf)
        .toString('latin1')
        .match(/mark of the shared one/g),
    ).to.have.length(1);
  });

  it('when objects nest 400 deep, expected a merge all the same', async () => {
    const deep = pdfWithPages(['deep'], {
      more: [`${'[ '.repeat(400)}${'] '.repeat(400)}`],
      page: '/PieceInfo << /X 4 0 R >>',
    });
    expect((await merge(['a', plain('x')], ['b', new Uint8Array(deep)])).pages).to.equal(2);
  });

  it('when what it is made of is described, expected nothing of one file said of the whole', async () => {
    const titled = pdfWithPages(['x'], { more: ['<< /Title (Secret plan) >>'], trailer: '/Info 4 0 R' });
    const { document, pdf } = await merge(['a', new Uint8Array(titled)], ['b', plain('y')]);
    expect(document.getTitle()).to.equal(undefined);
    expect(document.getCreationDate()).to.equal(undefined);
    expect(Buffer.from(pdf).includes('Secret plan')).to.equal(false);
  });

  it('when a page names no size, expected the one that readers assume', async () => {
    const sizeless = assemble([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /Resources << >> >>',
    ]);
    const { document } = await merge(['a', plain('x')], ['b', new Uint8Array(sizeless)]);
    const box = document.getPage(1)?.dict.get('MediaBox') as PdfObject;
    expect((box as PdfArray).toArray().map((value) => numberOf(document, value))).to.deep.equal([
      0, 0, 612, 792,
    ]);
  });

  it('when pages link to each other, expected no page twice in the file', async () => {
    const linked = await fromCorpus('links between pages by name and to the web', engine);
    const { pdf, document } = await merge(['a', plain('x')], ['b', linked]);
    expect(
      Buffer.from(pdf)
        .toString('latin1')
        .match(/\/Type \/Page\b(?!s)/g),
    ).to.have.length(3);
    expect(document.getPages().every(({ ref }) => ref instanceof PdfRef)).to.equal(true);
    expect((await readText(pdf)).map((text) => text.trim())).to.deep.equal(['x', 'first', 'second']);
  });
});
