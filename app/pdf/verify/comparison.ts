import type { PDF, PdfDict, PdfObject } from '@libpdf/core';
import type { PagePlace } from '../../ports/pdf-engine.ts';
import type { ReservedFields } from './reserved-fields.ts';

/**
 * The DocMDP level from which on a certification permits a change (ISO 32000-2, table 257): 1 permits only what proves
 * the signatures (validation data, document time-stamps), 2 also filling in forms and signing, 3 also annotations.
 * `never`: no signature permits it.
 */
export type Needed = 1 | 2 | 3 | 'never';

/** One thing in which two revisions differ. */
export interface Difference {
  /** Text: `pdf.change.<code>`. */
  code: string;
  needs: Needed;
  /** Where in the file's structure, for experts. */
  path: string;
  /** From 1. */
  page?: number;
  place?: PagePlace;
  /** Full name of the field that was filled in or signed. */
  field?: string;
}

/** Steps from the catalog or a page to an object; written out only for what is reported. */
export interface Path {
  parent?: Path;
  step: string;
}

export const pathText = (path: Path): string => {
  const steps: string[] = [];
  for (let node: Path | undefined = path; node; node = node.parent) steps.push(node.step);
  return steps.reverse().join('');
};

/** Where the walk is. */
export interface Spot {
  path: Path;
  /** From 1. */
  page?: number;
  /** The annotation that the walk is inside of, as it is in the later revision. */
  annotation?: PdfDict;
}

export const below = (spot: Spot, step: string): Spot => ({
  ...spot,
  path: { parent: spot.path, step },
});

/** Two successive revisions of one file, and which signatures the later one has more. */
export interface Comparison {
  before: PDF;
  after: PDF;
  /** Dictionaries, of `after`. */
  laterSignatures: ReadonlySet<PdfDict>;
  reserved: ReservedFields;
  report: (code: string, needs: Needed, spot: Spot, more?: Pick<Difference, 'place' | 'field'>) => void;
  /** Compares two objects later, in the same way. */
  compare: (before: PdfObject | undefined, after: PdfObject | undefined, spot: Spot) => void;
}
