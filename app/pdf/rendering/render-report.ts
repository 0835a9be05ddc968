import { createHash } from 'node:crypto';
import { createTranslator } from '../../i18n/translator.ts';
import type { RenderedDocument, ReportRequest } from '../../ports/pdf-engine.ts';
import { createFonts } from '../drawing/fonts.ts';
import { formatMoment } from '../drawing/format-moment.ts';
import { createPageFlow, sheet } from '../drawing/page-flow.ts';
import { drawFoot } from '../drawing/page-parts.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { SEAL_HEIGHT } from '../sealing/signature-page.ts';
import { addBookmarks } from './add-bookmarks.ts';
import type { Bookmark } from './add-bookmarks.ts';
import { attachData } from './attach-data.ts';
import { drawJournal, drawRevisions } from './draw-report-journal.ts';
import { drawPeople } from './draw-report-people.ts';
import { newDocument } from './new-document.ts';
import {
  drawConsents,
  drawDocuments,
  drawFiles,
  drawReportHead,
  drawVerification,
} from './report-sections.ts';
import { startPage } from './page-breaks.ts';
import { createReportView } from './report-view.ts';
import type { ReportView } from './report-view.ts';
import { sealReport } from './seal-report.ts';

export const REPORT_JSON = 'signing-report.json';
/** With a little air above it. */
const SEAL_ROOM = SEAL_HEIGHT + 2;

/** One language from its head to its end; gives its bookmark with those of its sections. */
function drawReport(view: ReportView, roomAtEnd: number): Bookmark {
  if (view.flow.pages() > 0) startPage(view.flow);
  drawReportHead(view);
  const page = view.flow.pages() - 1;
  drawDocuments(view);
  drawFiles(view);
  drawPeople(view);
  drawRevisions(view);
  drawJournal(view);
  drawConsents(view);
  drawVerification(view, roomAtEnd);
  const title = `${view.t('report.title')}: ${view.content.title}`;
  return { title, page, top: sheet.height, below: view.bookmarks };
}

/** See PdfEngine.renderReport. */
export async function renderReport(request: ReportRequest, context: JobContext): Promise<RenderedDocument> {
  const { signing, reportedAt, contents } = request;
  if (contents.length === 0) throw new Error('a report needs at least one language');
  const t = createTranslator(signing.lang);
  const title = `${t('report.title')}: ${signing.title}`;
  const pdf = newDocument({ title, lang: signing.lang, at: reportedAt });
  const fonts = createFonts(pdf);
  const flow = createPageFlow(fonts);
  const views = contents.map((content) => createReportView(flow, content, signing));
  const bookmarks = views.map((view) => drawReport(view, view === views.at(-1) ? SEAL_ROOM : 0));
  const field = flow.reserve(SEAL_ROOM);
  flow.finish(pdf, (canvas, page, pages) => {
    // In the language of the page: of the last one that has begun by then.
    const { lang } = contents[bookmarks.findLastIndex((bookmark) => bookmark.page < page)] ?? signing;
    const say = createTranslator(lang);
    const time = formatMoment(reportedAt, lang, signing.timeZone);
    drawFoot(
      fonts,
      canvas,
      say('report.foot', { id: signing.id, time }),
      say('report.page_number', { page, pages }),
    );
  });
  addBookmarks(pdf, bookmarks);
  attachData(pdf, { name: REPORT_JSON, data: request.json, description: title, at: reportedAt });
  const unsealed = await pdf.save({ subsetFonts: true });

  const { bytes, timestampAt } = await sealReport(unsealed, field, request, context);
  return {
    pdf: bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    pages: flow.pages(),
    ...(timestampAt ? { timestampAt } : {}),
  };
}
