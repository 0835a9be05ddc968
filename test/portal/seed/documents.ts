import type { PortalContext } from '../context.ts';
import { makePdf } from './pdf.ts';

/** Three documents of deal 77, one of 79, a file of a deal and a Drive file, all ready. */
export async function seedDocuments(portal: PortalContext): Promise<void> {
  const deal = 'Поставка оборудования';
  const rows = [
    { id: 300, dealId: 77, title: 'Договор поставки № 17', pages: 2, language: 'ru' as const },
    { id: 301, dealId: 77, title: 'Спецификация к договору № 17', pages: 1, language: 'ru' as const },
    { id: 302, dealId: 77, title: 'Акт приёма-передачи № 17/1', pages: 3, language: 'ru' as const },
    { id: 303, dealId: 79, title: 'Annual supply agreement', pages: 2, language: 'en' as const },
  ];
  for (const { id, dealId, title, pages, language } of rows) {
    const pdf = await makePdf({ title, deal: dealId === 77 ? deal : title, pages, language });
    portal.documents.create({
      id,
      title,
      pdf,
      entityTypeId: 2,
      entityId: dealId,
      createdBy: 12,
      pdfDelay: { ms: 0 },
    });
  }
  const drive = await makePdf({ title: 'Соглашение о конфиденциальности', deal, pages: 1 });
  portal.files.store({ id: 12, name: 'Соглашение о конфиденциальности.pdf', content: drive, source: 'seed' });
  const contract = portal.files.store({ name: 'Договор.pdf', content: drive, source: 'seed' });
  portal.crm.update(2, 77, { ufCrm_1700000001: contract.id });
}
