import { PdfArray, PdfNumber, PdfString } from '@libpdf/core';
import type { PDF, PdfDict, PdfObject } from '@libpdf/core';
import { arrayOf, dictOf, resolve } from '../drawing/pdf-objects.ts';

const MAX_ENTRIES = 100_000;

/** All pairs of a name tree or number tree in order (ISO 32000-1, 7.9.6 and 7.9.7); loops and holes are passed over. */
function* entriesOf(
  pdf: PDF,
  root: PdfDict | undefined,
  leaf: 'Names' | 'Nums',
): Generator<[PdfObject, PdfObject]> {
  const seen = new Set<PdfDict>();
  const stack = root ? [root] : [];
  let count = 0;
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const pairs = arrayOf(pdf, node.get(leaf))?.toArray() ?? [];
    for (let index = 0; index + 1 < pairs.length; index += 2) {
      const [key, value] = [resolve(pdf, pairs[index]), pairs[index + 1]];
      if (!key || !value) continue;
      if (++count > MAX_ENTRIES) return;
      yield [key, value];
    }
    const kids = arrayOf(pdf, node.get('Kids'))?.toArray() ?? [];
    for (const kid of kids.reverse()) {
      const child = dictOf(pdf, kid);
      if (child) stack.push(child);
    }
  }
}

export function* nameTreeEntries(pdf: PDF, root: PdfDict | undefined): Generator<[PdfString, PdfObject]> {
  for (const [key, value] of entriesOf(pdf, root, 'Names')) if (key instanceof PdfString) yield [key, value];
}

export function* numberTreeEntries(pdf: PDF, root: PdfDict | undefined): Generator<[number, PdfObject]> {
  for (const [key, value] of entriesOf(pdf, root, 'Nums')) {
    if (key instanceof PdfNumber) yield [key.value, value];
  }
}

/** A name tree of one leaf; keys in the order of their bytes, as readers that search by halves need it. */
export function nameTreeLeaf(entries: Iterable<[PdfString, PdfObject]>): PdfArray {
  const sorted = [...entries].sort(([a], [b]) => Buffer.compare(a.bytes, b.bytes));
  return new PdfArray(sorted.flat());
}
