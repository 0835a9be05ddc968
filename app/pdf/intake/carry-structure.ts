import { PdfArray, PdfBool, PdfDict, PdfRef } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { dictOf, name, number, numberOf, resolve } from '../drawing/pdf-objects.ts';
import type { Copier } from './copy-objects.ts';
import { numberTreeEntries } from './name-tree.ts';

/** Structure trees of several documents on their way to becoming one (ISO 32000-1, 14.7): what screen readers read. */
export interface MergedStructure {
  /** To be called for every copied dictionary of the part at hand. */
  adapt(copy: PdfDict, original: PdfDict): void;
  /** Before a part's pages are copied. */
  begin(source: PDF): void;
  /** After its pages are copied: takes its tree over. */
  carry(copier: Copier): void;
  write(): void;
}

/** Content points into the structure by numbers that every file counts from 0: each part's begin after those before it. */
const KEYS = ['StructParents', 'StructParent'];
/** Tables of the root that are joined; where two parts differ on a name, the first one's meaning stays. */
const TABLES = ['RoleMap', 'ClassMap'];

export function createMergedStructure(target: PDF): MergedStructure {
  const root = PdfDict.of({ Type: name('StructTreeRoot') });
  const rootRef = target.register(root);
  const kids: PdfObject[] = [];
  const parents: PdfObject[] = [];
  const tables = new Map(TABLES.map((key) => [key, new PdfDict()]));
  let offset = 0;
  let used = 0;
  let allTagged = true;
  let source: PDF | undefined;
  let tree: PdfDict | undefined;

  const carryKids = (from: PDF, copier: Copier, own: PdfObject | undefined): void => {
    const value = resolve(from, own);
    const list = value instanceof PdfArray ? value.toArray() : own ? [own] : [];
    for (const kid of list) {
      if (!dictOf(from, kid)) continue;
      const copy = copier.copy(kid);
      const ref = copy instanceof PdfRef ? copy : target.register(copy);
      dictOf(target, ref)?.set('P', rootRef);
      kids.push(ref);
    }
  };

  return {
    adapt(copy, original) {
      for (const key of KEYS) {
        const value = source && numberOf(source, original.get(key));
        if (value === undefined) continue;
        if (!tree) copy.delete(key);
        else {
          copy.set(key, number(value + offset));
          used = Math.max(used, value + offset + 1);
        }
      }
    },
    begin(next) {
      source = next;
      offset = used;
      tree = dictOf(source, source.getCatalog().get('StructTreeRoot'));
      const marked = dictOf(source, source.getCatalog().get('MarkInfo'))?.get('Marked');
      if (!tree || !(marked instanceof PdfBool) || !marked.value) allTagged = false;
    },
    carry(copier) {
      if (!source || !tree) return;
      carryKids(source, copier, tree.get('K'));
      for (const [key, value] of numberTreeEntries(source, dictOf(source, tree.get('ParentTree')))) {
        parents.push(number(key + offset), copier.copy(value));
        used = Math.max(used, key + offset + 1);
      }
      for (const [table, joined] of tables) {
        for (const [key, value] of dictOf(source, tree.get(table)) ?? []) {
          if (!joined.has(key)) joined.set(key, copier.copy(value));
        }
      }
    },
    write() {
      if (kids.length === 0) return;
      root.set('K', new PdfArray(kids));
      root.set('ParentTree', target.register(PdfDict.of({ Nums: new PdfArray(parents) })));
      root.set('ParentTreeNextKey', number(used));
      for (const [table, joined] of tables) if (joined.size > 0) root.set(table, joined);
      target.getCatalog().set('StructTreeRoot', rootRef);
      // "Marked" says that all of the content is in the tree: true only when it is of every part.
      target.getCatalog().set('MarkInfo', PdfDict.of({ Marked: PdfBool.of(allTagged) }));
    },
  };
}
