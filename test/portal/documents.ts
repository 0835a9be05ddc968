import { randomHex } from './random.ts';
import type { Clock, GeneratedDocument, PdfDelay } from './types.ts';

export interface NewDocument {
  id?: number;
  title: string;
  number?: string;
  entityTypeId: number;
  entityId: number;
  createdBy: number;
  templateId?: number | null;
  pdf: Buffer | null;
  docx?: Buffer | null;
  pdfDelay: PdfDelay;
  transformationError?: boolean;
}

export type Documents = ReturnType<typeof createDocuments>;

/** The document generator: the PDF of a document appears late, or never. */
export function createDocuments({ clock }: { clock: Clock }) {
  const documents = new Map<number, GeneratedDocument>();
  let nextId = 303;
  return {
    create(given: NewDocument): GeneratedDocument {
      const id = given.id ?? nextId++;
      nextId = Math.max(nextId, id + 1);
      const now = clock.now();
      const document: GeneratedDocument = {
        id,
        title: given.title,
        number: given.number ?? `2026-${String(id).padStart(3, '0')}`,
        templateId: given.templateId === undefined ? 39 : given.templateId,
        entityTypeId: given.entityTypeId,
        entityId: given.entityId,
        created: now,
        updated: now,
        createdBy: given.createdBy,
        pdf: given.pdf,
        docx: given.docx ?? null,
        readyAt: 'ms' in given.pdfDelay ? now + given.pdfDelay.ms : null,
        pollsLeft: 'polls' in given.pdfDelay ? given.pdfDelay.polls : 0,
        isTransformationError: given.transformationError ?? false,
        publicUrl: null,
      };
      documents.set(id, document);
      return document;
    },
    get: (id: number): GeneratedDocument | undefined => documents.get(id),
    all: (): GeneratedDocument[] => [...documents.values()],
    remove: (id: number): boolean => documents.delete(id),
    /** Whether the PDF is there; `asPoll` counts the question as one read. */
    isReady(document: GeneratedDocument, asPoll = false): boolean {
      if (document.isTransformationError || !document.pdf) return false;
      if (document.readyAt !== null) return clock.now() >= document.readyAt;
      if (document.pollsLeft <= 0) return true;
      if (asPoll) document.pollsLeft -= 1;
      return false;
    },
    setPublicUrl(document: GeneratedDocument, portalUrl: string, on: boolean): string | null {
      document.publicUrl = on ? (document.publicUrl ?? `${portalUrl}/~${randomHex(5)}`) : null;
      return document.publicUrl;
    },
  };
}
