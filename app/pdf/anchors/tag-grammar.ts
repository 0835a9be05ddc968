import { markKinds } from '../../domain/signature-positions.ts';
import type { MarkKind } from '../../domain/signature-positions.ts';

/** What a place marked in the text asks for: `{{sign:1}}`, `{{stamp:1:90x90}}`. */
export interface Tag {
  kind: MarkKind;
  /** Place in the list of signers, from 1. */
  signer: number;
  /** Of the box, points. */
  size?: { width: number; height: number };
}

/** A tag and where it stands in the text: from the first brace to behind the last. */
export interface FoundTag extends Tag {
  from: number;
  to: number;
}

// The third letter of the size is Latin x, Cyrillic ha or the multiplication sign: they look alike on every keyboard.
const TAG = new RegExp(
  `\\{\\{(${markKinds.join('|')}):([1-9]\\d{0,3})(?::([1-9]\\d{0,3})[x\\u0445\\u00d7]([1-9]\\d{0,3}))?\\}\\}`,
  'giu',
);

/** @param text without blanks */
export function findTags(text: string): FoundTag[] {
  return [...text.matchAll(TAG)].flatMap((match) => {
    const [all, word = '', signer = '', width, height] = match;
    const kind = markKinds.find((known) => known === word.toLowerCase());
    if (!kind) return [];
    const size = width && height ? { width: Number(width), height: Number(height) } : undefined;
    return [{ kind, signer: Number(signer), size, from: match.index, to: match.index + all.length }];
  });
}

export const sameTag = (a: Tag, b: Tag): boolean =>
  a.kind === b.kind &&
  a.signer === b.signer &&
  a.size?.width === b.size?.width &&
  a.size?.height === b.size?.height;
