import { createHash } from 'node:crypto';
import { PDF } from '@libpdf/core';
import { createTranslator } from '../../i18n/translator.ts';
import type { RenderedDocument, ReportRequest } from '../../ports/pdf-engine.ts';
import { createFonts } from '../drawing/fonts.ts';
import { columnWidth, createPageFlow, sheet } from '../drawing/page-flow.ts';
import { drawFoot } from '../drawing/page-parts.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { appendSignature } from '../sealing/append-signature.ts';
import { sealAppearance } from '../sealing/seal-appearance.ts';
import { SEAL_HEIGHT } from '../sealing/signature-page.ts';
import { newDocument } from './new-document.ts';
import {
  drawConsents,
  drawDocuments,
  drawJournal,
  drawPeople,
  drawReportHead,
  drawVerification,
  momentsOf,
} from './report-sections.ts';
import type { ReportView } from './report-sections.ts';

export const REPORT_JSON = 'signing-report.json';

/** The report's data, for programs. */
function toJson({ json, ...data }: ReportRequest): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json ?? data, null, 2));
}

/** See PdfEngine.renderReport. */
export async function renderReport(request: ReportRequest, { seal }: JobContext): Promise<RenderedDocument> {
  const { signing, reportedAt } = request;
  const t = createTranslator(signing.lang);
  const title = `${t('report.title')}: ${signing.title}`;
  const pdf = newDocument({ title, lang: signing.lang, at: reportedAt });
  const fonts = createFonts(pdf);
  const view: ReportView = { flow: createPageFlow(fonts), t, request, ...momentsOf(request) };
  drawReportHead(view);
  drawDocuments(view);
  drawPeople(view);
  drawJournal(view);
  drawConsents(view);
  drawVerification(view);
  const field = view.flow.reserve(SEAL_HEIGHT + 2);
  const made = t('report.foot', { id: signing.id, time: view.moment(reportedAt) });
  view.flow.finish(pdf, (canvas, page, pages) => {
    drawFoot(fonts, canvas, made, t('report.page_number', { page, pages }));
  });
  pdf.addAttachment(REPORT_JSON, toJson(request), {
    mimeType: 'application/json',
    description: title,
    createdAt: reportedAt,
    modifiedAt: reportedAt,
  });
  const unsealed = await pdf.save({ subsetFonts: true });

  const written = await PDF.load(unsealed);
  const page = written.getPage(field.page);
  if (!page) throw new Error('the page of the seal is missing');
  const text = { sealedAt: reportedAt, sealer: seal.name, ...seal };
  const size = { width: columnWidth, height: SEAL_HEIGHT };
  const appearance = sealAppearance(written, createFonts(written), size, text, signing);
  const bottom = field.top - SEAL_HEIGHT;
  const sealed = await appendSignature(written, unsealed, {
    signer: seal,
    field: 'Countersign',
    page,
    visible: { rectangle: [sheet.left, bottom, sheet.left + columnWidth, field.top], appearance },
    name: seal.name,
    reason: t('report.title'),
    at: reportedAt,
    certification: 1,
  });
  return {
    pdf: sealed,
    sha256: createHash('sha256').update(sealed).digest('hex'),
    pages: written.getPageCount(),
  };
}
