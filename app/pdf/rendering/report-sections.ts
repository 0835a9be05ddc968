/** The sections of the signing report, in their order. */
import type { Translator } from '../../i18n/translator.ts';
import type { ReportJournalEntry, ReportPerson, ReportRequest } from '../../ports/pdf-engine.ts';
import { formatMoment } from '../drawing/format-moment.ts';
import { columnWidth, sheet } from '../drawing/page-flow.ts';
import type { PageFlow } from '../drawing/page-flow.ts';
import { drawHead, drawSection } from '../drawing/page-parts.ts';
import { palette, styles } from '../drawing/palette.ts';
import { leadingOf, wrap } from '../drawing/typesetting.ts';
import type { TextStyle } from '../drawing/typesetting.ts';
import { drawRows, LABEL_WIDTH } from './draw-rows.ts';

const timeStyle: TextStyle = { ...styles.label, size: 7.4 };

export interface ReportView {
  flow: PageFlow;
  t: Translator;
  request: ReportRequest;
  /** A moment in the signing's zone, with its offset. */
  moment: (at: Date) => string;
  /** The same, and below it the time in UTC where that is another. */
  times: (at: Date) => string[];
}

const joined = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' · ');

export function drawReportHead({ flow, t, request, moment }: ReportView): void {
  const { signing } = request;
  drawHead(flow, {
    eyebrow: request.operator ?? 'Countersign',
    title: t('report.title'),
    subtitle: signing.title,
    facts: [
      [t('report.signing_id'), signing.id, { ...styles.code, size: 8.2, leading: 12.6 }],
      [t('report.status'), request.statusText, styles.strong],
      [t('report.created'), moment(request.createdAt)],
      ...(request.finishedAt
        ? ([[t('report.finished'), moment(request.finishedAt)]] as [string, string][])
        : []),
      ...(request.orderText ? ([[t('report.order'), request.orderText]] as [string, string][]) : []),
    ],
    qr: { url: signing.verifyUrl, caption: t('report.qr_caption') },
  });
}

export function drawDocuments({ flow, t, request }: ReportView): void {
  drawSection(flow, t('report.documents'), 60);
  for (const { name, pages, sha256 } of request.documents) {
    flow.text(pages ? `${name}, ${t('report.pages', { pages })}` : name, styles.strong);
    drawRows(flow, [[t('report.sha256'), sha256, styles.code]]);
    flow.gap(4);
  }
  drawRows(flow, [
    [t('report.bundle_sha256'), request.bundleSha256, styles.code],
    [t('report.signed_sha256'), request.signedSha256, styles.code],
  ]);
  flow.gap(2);
  flow.text(t('report.hash_note'), styles.small);
}

export function drawPeople(view: ReportView): void {
  const { flow, t, request } = view;
  drawSection(flow, t('report.people'), 120);
  for (const [index, person] of request.people.entries()) {
    if (index > 0) drawDivider(flow);
    drawPerson(view, person);
  }
}

function drawDivider(flow: PageFlow): void {
  if (!flow.fits(90)) {
    flow.gap(sheet.height);
    return;
  }
  const { canvas, top } = flow.reserve(14);
  canvas.line(sheet.left, top - 6, sheet.left + columnWidth, top - 6, palette.line, 0.4);
}

function drawPerson({ flow, t, times }: ReportView, person: ReportPerson): void {
  flow.text(person.name, styles.name);
  const about = joined(person.role, person.position, person.company);
  if (about) flow.text(about, styles.small);
  flow.gap(2);
  drawRows(flow, [
    [t('report.step'), String(person.step)],
    [t('report.purpose'), person.purposeText],
    [t('report.status'), person.statusText, styles.strong],
    [t('report.identified'), person.identifiedBy],
    [t('report.email'), person.email],
    [t('report.phone'), person.phone],
    [t('report.consent_version'), person.consentVersion],
    [t('report.ip'), person.ip],
    [t('report.agent'), person.agent, { ...styles.small, leading: 12.6 }],
  ]);
  if (person.actions.length === 0) return;
  flow.gap(4);
  for (const action of person.actions) {
    const origin = joined(action.ip, action.agent);
    drawTimed(flow, times(action.at), [
      [action.text, styles.body],
      [origin, styles.small],
    ]);
  }
}

/** Time at the left, text at the right; keeps an entry's first lines on one page. */
function drawTimed(flow: PageFlow, times: string[], parts: [string, TextStyle][], after = 3): void {
  const lines = parts.flatMap(([text, style]) =>
    text ? wrap(flow.fonts, text, style, columnWidth - LABEL_WIDTH).map((line) => ({ line, style })) : [],
  );
  const together = lines.slice(0, 3).reduce((sum, { style }) => sum + leadingOf(style), 0);
  if (!flow.fits(together) && flow.pages() > 0) flow.gap(sheet.height);
  for (let index = 0; index < Math.max(lines.length, times.length); index++) {
    const { line = '', style = styles.small } = lines[index] ?? {};
    const { canvas, top } = flow.reserve(leadingOf(style));
    const baseline = top - styles.body.size;
    canvas.text(times[index] ?? '', sheet.left, baseline, timeStyle);
    canvas.text(line, sheet.left + LABEL_WIDTH, baseline, style);
  }
  flow.gap(after);
}

export function drawConsents({ flow, t, request }: ReportView): void {
  for (const { version, text } of request.consents ?? []) {
    drawSection(flow, t('report.consent', { version }), 40);
    flow.text(text, styles.body);
  }
}

export function drawJournal({ flow, t, request, times }: ReportView): void {
  drawSection(flow, t('report.journal'), 80);
  flow.text(t('report.journal_note'), styles.small);
  flow.gap(6);
  for (const entry of request.journal) drawEntry(flow, entry, times(entry.at), t);
}

function drawEntry(flow: PageFlow, entry: ReportJournalEntry, times: string[], t: Translator): void {
  const hash = { ...styles.code, size: 6, leading: 8.6, color: palette.muted };
  drawTimed(
    flow,
    times,
    [
      [`${entry.number}. ${entry.text}`, styles.body],
      [entry.actor ?? '', styles.small],
      [`${t('report.entry_hash')} ${entry.hash}`, hash],
      [entry.previousHash ? `${t('report.entry_previous')} ${entry.previousHash}` : '', hash],
    ],
    6,
  );
}

export function drawVerification({ flow, t, request }: ReportView): void {
  drawSection(flow, t('report.verification'), 90);
  flow.text(t('report.verification_note'), styles.body);
  flow.gap(4);
  const lines = wrap(flow.fonts, request.signing.verifyUrl, styles.link, columnWidth);
  for (const line of lines) {
    const { canvas, top, page } = flow.reserve(leadingOf(styles.link));
    canvas.text(line, sheet.left, top - styles.link.size, styles.link);
    const height = leadingOf(styles.link);
    flow.link(
      page,
      { x: sheet.left, y: top - height, width: columnWidth, height },
      request.signing.verifyUrl,
    );
  }
  flow.gap(8);
}

/** How moments are written in a request's report. */
export function momentsOf({ signing }: ReportRequest): Pick<ReportView, 'moment' | 'times'> {
  const moment = (at: Date): string => formatMoment(at, signing.lang, signing.timeZone);
  return {
    moment,
    times(at) {
      const [local, utc] = [moment(at), formatMoment(at, signing.lang)];
      return local === utc ? [local] : [local, `= ${utc}`];
    },
  };
}
