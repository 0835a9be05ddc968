import { createHash } from 'node:crypto';
import type { SealLevel } from '../../domain/sealing-plan.ts';
import type { StoredFile } from '../../domain/signing.ts';
import type { FileStore } from '../../ports/file-store.ts';

/** What is worth knowing of a PDF beside its bytes. */
export interface PdfFacts {
  pages: number;
  /** What the step that made it reached; absent for a file without a signature. */
  level?: SealLevel;
  /** Of that step's time-stamp. */
  timestampAt?: Date;
}

/** A file that is made at most once: what a crashed try has stored already is taken as it is, since its hash may be out. */
export type StoreOnce = (
  file: { id: string; portalId: string; name: string },
  make: () => Promise<PdfFacts & { pdf: Uint8Array }>,
) => Promise<PdfFacts & { file: StoredFile }>;

/**
 * The facts are stored with the bytes, in one write: a verifier may see more in a file than the step that made it claims
 * (one signature's level, another time-stamp), and a retry must say what the first try would have said.
 * @param inspect reads the facts of a PDF that was stored without them, as the first version did
 */
export function createStoreOnce(
  files: FileStore,
  inspect: (pdf: Uint8Array) => Promise<PdfFacts>,
): StoreOnce {
  return async ({ id, portalId, name }, make) => {
    if (!(await files.has(id))) {
      const { pdf, pages, level, timestampAt } = await make();
      const facts = { pages, level, timestampAt };
      await files.put(id, pdf, { portalId, name, type: 'application/pdf', facts });
    }
    // Read back: another process may have been first, and what is stored is what counts.
    const pdf = await files.get(id);
    const kept = (await files.factsOf(id)) as PdfFacts | undefined;
    const { pages, level, timestampAt } = kept ?? (await inspect(pdf));
    const sha256 = createHash('sha256').update(pdf).digest('hex');
    return { pages, level, timestampAt, file: { fileId: id, name, sha256, size: pdf.length, pages } };
  };
}
