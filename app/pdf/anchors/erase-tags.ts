import { PdfDict, PdfStream } from '@libpdf/core';
import type { PDF, PdfRef } from '@libpdf/core';
import { dictOf } from '../drawing/pdf-objects.ts';
import type { ContentNode } from './content-tree.ts';
import { eraseLetters } from './erase-letters.ts';
import type { Letter, PageText } from './walk-text.ts';

/** Takes letters out of the contents of pages. */
export interface TagEraser {
  /** @param erased letters of `text`, which was read from this page */
  erase(page: PdfDict, text: PageText, erased: Letter[]): void;
}

/**
 * Every page gets contents of its own, and copies of those forms that change: what a page shares with others stays as it
 * is for them. Pages that change a form in the same way share the copy too.
 */
export function createTagEraser(pdf: PDF): TagEraser {
  const copies = new Map<string, PdfRef>();

  return {
    erase(page, { nodes, draws }, erased) {
      const byNode = Map.groupBy(erased, ({ node }) => node);

      const changes = new Map<string, string>();
      /** Says what becomes of a stream and of all that it draws; empty when nothing does. */
      const changeOf = (key: string): string => {
        const known = changes.get(key);
        if (known !== undefined) return known;
        changes.set(key, ''); // a form that draws itself
        const letters = byNode.get(key) ?? []; // each as often as the form is drawn
        const own = [
          ...new Set(
            letters.map((letter) => [letter.operation, letter.string, letter.code, letter.skip].join('.')),
          ),
        ];
        const drawn = [...(draws.get(key) ?? [])].map(([name, child]) => [name, changeOf(child)]);
        const below = drawn.filter(([, change]) => change).map(([name, change]) => `${name}(${change})`);
        const change = own.length + below.length > 0 ? `${key}:${[...own, ...below].join(' ')}` : '';
        changes.set(key, change);
        return change;
      };

      /** Puts the changed forms in the places of the old ones. */
      const setResources = (owner: PdfDict, node: ContentNode): void => {
        const changed = [...(draws.get(node.key) ?? [])].filter(([, child]) => changeOf(child));
        if (changed.length === 0) return;
        const resources = node.resources.clone();
        const xobjects = dictOf(pdf, resources.get('XObject'))?.clone() ?? new PdfDict();
        resources.set('XObject', xobjects);
        owner.set('Resources', resources);
        for (const [name, child] of changed) {
          const copy = copyOf(child);
          if (copy) xobjects.set(name, copy);
        }
      };

      const copyOf = (key: string): PdfRef | undefined => {
        const change = changeOf(key);
        const known = copies.get(change);
        const node = nodes.get(key);
        if (known || !node?.form) return known;
        const form = new PdfStream(node.form);
        form.setData(eraseLetters(node.bytes, byNode.get(key) ?? []));
        const copy = pdf.register(form);
        copies.set(change, copy);
        setResources(form, node);
        return copy;
      };

      const node = nodes.get('page');
      if (!node || !changeOf('page')) return;
      const content = eraseLetters(node.bytes, byNode.get('page') ?? []);
      setResources(page, node);
      page.set('Contents', pdf.register(new PdfStream([], content)));
    },
  };
}
