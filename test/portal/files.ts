import type { StoredFile } from './types.ts';

export type Files = ReturnType<typeof createFiles>;

/** Every file of the portal, decoded; ids are shared by Drive, comments and file fields. */
export function createFiles({ now }: { now: () => number }) {
  const files = new Map<number, StoredFile>();
  let nextId = 1000;
  return {
    store(file: { name: string; content: Buffer; source: string; id?: number }): StoredFile {
      const id = file.id ?? nextId++;
      const stored = { id, name: file.name, content: file.content, source: file.source, at: now() };
      files.set(id, stored);
      return stored;
    },
    get: (id: number): StoredFile | undefined => files.get(id),
    all: (): StoredFile[] => [...files.values()],
    /** What came in by REST. */
    uploaded: (): StoredFile[] =>
      [...files.values()].filter((file) => !['seed', 'portal'].includes(file.source)),
  };
}
