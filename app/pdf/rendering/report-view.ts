import { createTranslator } from '../../i18n/translator.ts';
import type { Translator } from '../../i18n/translator.ts';
import type { ReportContent, SigningRef } from '../../ports/pdf-engine.ts';
import { formatMoment } from '../drawing/format-moment.ts';
import type { PageFlow } from '../drawing/page-flow.ts';
import { drawSection } from '../drawing/page-parts.ts';
import type { Bookmark } from './add-bookmarks.ts';

/** One language of the report on its way to the pages. */
export interface ReportView {
  flow: PageFlow;
  t: Translator;
  content: ReportContent;
  signing: SigningRef;
  /** A moment in the signing's zone, with its offset. */
  moment: (at: Date) => string;
  /** The same, and below it the time in UTC where that is another. */
  times: (at: Date) => string[];
  /** Of the sections, in their order. */
  bookmarks: Bookmark[];
}

export function createReportView(flow: PageFlow, content: ReportContent, signing: SigningRef): ReportView {
  const moment = (at: Date): string => formatMoment(at, content.lang, signing.timeZone);
  return {
    flow,
    t: createTranslator(content.lang),
    content,
    signing,
    moment,
    times(at) {
      const [local, utc] = [moment(at), formatMoment(at, content.lang)];
      return local === utc ? [local] : [local, `= ${utc}`];
    },
    bookmarks: [],
  };
}

/** Heading and bookmark of a section; `next` points must fit below it, or it begins on the next page. */
export function openSection({ flow, bookmarks }: ReportView, title: string, next: number): void {
  drawSection(flow, title, next);
  const { page, top } = flow.reserve(0);
  bookmarks.push({ title, page, top: top + SECTION_HEIGHT });
}

/** Of the heading with the line above it. */
const SECTION_HEIGHT = 36;
