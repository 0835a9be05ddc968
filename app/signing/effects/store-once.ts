import { createHash } from 'node:crypto';
import type { StoredFile } from '../../domain/signing.ts';
import type { FileStore } from '../../ports/file-store.ts';

/** A file that is made at most once: what a crashed try has stored already is taken as it is, since its hash may be out. */
export type StoreOnce = (
  file: { id: string; portalId: string; name: string },
  make: () => Promise<{ pdf: Uint8Array; pages: number }>,
) => Promise<StoredFile>;

/**
 * @param countPages reads the number of pages of a PDF that was stored by an earlier try
 */
export function createStoreOnce(
  files: FileStore,
  countPages: (pdf: Uint8Array) => Promise<number>,
): StoreOnce {
  return async ({ id, portalId, name }, make) => {
    let pages: number | undefined;
    if (!(await files.has(id))) {
      const made = await make();
      await files.put(id, made.pdf, { portalId, name, type: 'application/pdf' });
      pages = made.pages;
    }
    const pdf = await files.get(id);
    return {
      fileId: id,
      name,
      sha256: createHash('sha256').update(pdf).digest('hex'),
      size: pdf.length,
      pages: pages ?? (await countPages(pdf)),
    };
  };
}
