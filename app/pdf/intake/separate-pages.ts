import type { PDF, PdfDict } from '@libpdf/core';
import { arrayOf, dictOf } from '../drawing/pdf-objects.ts';

/**
 * Gives every place in the page tree a page object of its own. Some writers put one object in two places: readers show
 * two pages then, libpdf counts one, and what is drawn on one of them would be on both.
 * @returns whether there was anything to separate
 */
export function separatePages(pdf: PDF): boolean {
  const seen = new Set<PdfDict>();
  const root = dictOf(pdf, pdf.getCatalog().get('Pages'));
  const nodes = root ? [root] : [];
  let separated = false;
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    if (seen.has(node)) continue; // a tree that runs in a circle
    seen.add(node);
    const kids = arrayOf(pdf, node.get('Kids'));
    for (const [index, entry] of (kids?.toArray() ?? []).entries()) {
      const kid = dictOf(pdf, entry);
      if (!kid) continue;
      if (kid.has('Kids')) nodes.push(kid);
      else if (seen.has(kid)) {
        kids?.set(index, pdf.register(kid.clone()));
        separated = true;
      } else seen.add(kid);
    }
  }
  return separated;
}
