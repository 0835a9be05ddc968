import { locateTags } from './locate-tags.ts';
import type { LocatedTag } from './locate-tags.ts';
import { openText } from './read-page-text.ts';
import type { TextReader } from './read-page-text.ts';
import type { TextPiece } from './text-piece.ts';

export interface TaggedPage {
  /** From 0. */
  index: number;
  pieces: TextPiece[];
  tags: LocatedTag[];
}

const MAX_PAGES = 2000;

/**
 * Reads a file's text and keeps the pages that have tags. A file whose text cannot be read has none.
 * @param limit tags after which no further page is read
 */
export async function findTaggedPages(pdf: Uint8Array, limit: number): Promise<TaggedPage[]> {
  let reader: TextReader;
  try {
    reader = await openText(pdf);
  } catch {
    return [];
  }
  try {
    const found: TaggedPage[] = [];
    let count = 0;
    for (let index = 0; index < Math.min(reader.pages, MAX_PAGES) && count < limit; index++) {
      const pieces = await reader.read(index);
      const tags = locateTags(pieces);
      if (tags.length === 0) continue;
      found.push({ index, pieces, tags });
      count += tags.length;
    }
    return found;
  } finally {
    await reader.close();
  }
}
