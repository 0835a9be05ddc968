import type { PortalContext } from './context.ts';
import type { CrmItem } from './crm-store.ts';
import { randomHex } from './random.ts';
import { makePdf } from './seed/pdf.ts';
import type { GeneratedDocument, PdfDelay } from './types.ts';

/** Changes a record as any save does: events are sent, a new stage ends what waits on the old one. */
export function updateItem(
  portal: PortalContext,
  change: { entityTypeId: number; id: number; fields: Record<string, unknown>; userId: number },
): CrmItem {
  const { entityTypeId, id, userId } = change;
  const before = portal.crm.get(entityTypeId, id)?.['stageId'];
  const item = portal.crm.update(entityTypeId, id, change.fields, userId);
  if (entityTypeId === 2) {
    if (before !== item['stageId'])
      onStageChange(portal, id, String(before), String(item['stageId']), userId);
    void portal.queue.fire('ONCRMDEALUPDATE', { FIELDS: { ID: id } }, { userId });
  } else if (entityTypeId === 3) {
    void portal.queue.fire('ONCRMCONTACTUPDATE', { FIELDS: { ID: id } }, { userId });
  }
  return item;
}

function onStageChange(portal: PortalContext, id: number, from: string, to: string, userId: number): void {
  portal.workflows.terminate(id, `Stage changed to ${to}`);
  const title = (stageId: string) => portal.crm.stages.find((one) => one.id === stageId)?.title ?? stageId;
  portal.timeline.add({
    kind: 'stage',
    entityTypeId: 2,
    entityId: id,
    authorId: userId,
    text: `${title(from)} → ${title(to)}`,
  });
}

/** Deletes a deal: its waiting robots end, its timeline goes, ONCRMDEALDELETE is sent. */
export function deleteDeal(portal: PortalContext, id: number, userId: number): void {
  if (!portal.crm.remove(2, id)) return;
  portal.workflows.terminate(id, 'Deal deleted');
  portal.timeline.removeOf(2, id);
  void portal.queue.fire('ONCRMDEALDELETE', { FIELDS: { ID: id } }, { userId });
}

/** What "Create document" in a deal does: the PDF appears later. */
export async function createDocument(
  portal: PortalContext,
  given: {
    dealId: number;
    title?: string;
    pdf?: Buffer;
    pdfDelay?: PdfDelay;
    transformationError?: boolean;
    userId?: number;
  },
): Promise<GeneratedDocument> {
  const deal = portal.crm.deal(given.dealId);
  const title = given.title ?? `Договор поставки № ${randomHex(4).toUpperCase()}`;
  const pdf =
    given.pdf ?? (await makePdf({ title, deal: typeof deal?.['title'] === 'string' ? deal['title'] : '' }));
  const document = portal.documents.create({
    title,
    pdf,
    entityTypeId: 2,
    entityId: given.dealId,
    createdBy: given.userId ?? 1,
    pdfDelay: given.pdfDelay ?? portal.pdfDelay,
    transformationError: given.transformationError,
  });
  announceDocument(portal, document, given.userId ?? 1);
  return document;
}

/** The timeline entry and event of a new document. */
export function announceDocument(portal: PortalContext, document: GeneratedDocument, userId: number): void {
  portal.timeline.add({
    kind: 'document',
    entityTypeId: document.entityTypeId,
    entityId: document.entityId,
    authorId: userId,
    title: document.title,
  });
  void portal.queue.fire(
    'ONCRMDOCUMENTGENERATORDOCUMENTADD',
    { FIELDS: { ID: document.id, ENTITY_TYPE_ID: document.entityTypeId, ENTITY_ID: document.entityId } },
    { userId },
  );
}
