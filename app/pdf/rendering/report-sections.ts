/** The sections of the report that say what was signed and how that can be checked. */
import type { ReportFile } from '../../ports/pdf-engine.ts';
import { columnWidth, sheet } from '../drawing/page-flow.ts';
import { drawHead } from '../drawing/page-parts.ts';
import type { Head } from '../drawing/page-parts.ts';
import { styles } from '../drawing/palette.ts';
import { leadingOf, wrap } from '../drawing/typesetting.ts';
import { drawRows } from './draw-rows.ts';
import { keepTogether } from './page-breaks.ts';
import { openSection } from './report-view.ts';
import type { ReportView } from './report-view.ts';

/** The head stands on one page: what is longer is cut there, and whole in the data. */
const HEAD_TEXT = 300;
/** A file's name, its level and one hash. */
const FILE_HEIGHT = 46;

const shortened = (text: string): string =>
  text.length > HEAD_TEXT ? `${text.slice(0, HEAD_TEXT).toWellFormed()}…` : text;

export function drawReportHead({ flow, t, content, signing, moment }: ReportView): void {
  const facts: Head['facts'] = [
    [t('report.signing_id'), signing.id, { ...styles.code, size: 8.2, leading: 12.6 }],
    [t('report.status'), shortened(content.statusText), styles.strong],
    [t('report.created'), moment(content.createdAt)],
  ];
  if (content.finishedAt) facts.push([t('report.finished'), moment(content.finishedAt)]);
  if (content.orderText) facts.push([t('report.order'), shortened(content.orderText)]);
  const zone = signing.timeZone || 'UTC';
  facts.push([t('report.time_zone'), zone === 'UTC' ? zone : t('report.time_zone_local', { zone })]);
  drawHead(flow, {
    eyebrow: shortened(content.operator ?? 'Countersign'),
    title: t('report.title'),
    subtitle: shortened(content.title),
    facts,
    qr: { url: signing.verifyUrl, caption: t('report.qr_caption') },
  });
}

/** The files as they came in. */
export function drawDocuments(view: ReportView): void {
  const { flow, t, content } = view;
  openSection(view, t('report.documents'), FILE_HEIGHT);
  for (const { name, pages, sha256 } of content.documents) {
    keepTogether(flow, FILE_HEIGHT);
    flow.text(nameOf(view, name, pages), styles.strong);
    drawRows(flow, [[t('report.sha256'), sha256, styles.code]]);
    flow.gap(4);
  }
}

/** The files that were signed. */
export function drawFiles(view: ReportView): void {
  const { flow, t, content } = view;
  openSection(view, t('report.files'), FILE_HEIGHT + 26);
  for (const file of content.files) drawFile(view, file);
  flow.text(t('report.hash_note'), styles.small);
}

function drawFile(view: ReportView, { name, pages, before, after, level, timestampAt }: ReportFile): void {
  const { flow, t, moment } = view;
  keepTogether(flow, FILE_HEIGHT + 13);
  flow.text(nameOf(view, name, pages), styles.strong);
  drawRows(flow, [
    [t('report.before_signing'), before, styles.code],
    [t('report.signed_file'), after, styles.code],
    [t('report.level'), level && t(`report.level_${level}`)],
    [t('report.archive_time'), timestampAt && moment(timestampAt)],
  ]);
  flow.gap(6);
}

const nameOf = ({ t }: ReportView, name: string, pages?: number): string =>
  pages ? `${name}, ${t('report.pages', { pages })}` : name;

/** Full text of what the signers agreed to, per version. */
export function drawConsents(view: ReportView): void {
  for (const { version, text } of view.content.consents ?? []) {
    openSection(view, view.t('report.consent', { version }), 40);
    view.flow.text(text, styles.body);
  }
}

/**
 * Where the files can be checked.
 * @param room points that must be free below, on the same page
 */
export function drawVerification(view: ReportView, room = 0): void {
  const { flow, t, signing } = view;
  const note = wrap(flow.fonts, t('report.verification_note'), styles.body, columnWidth);
  const links = wrap(flow.fonts, signing.verifyUrl, styles.link, columnWidth);
  const height = leadingOf(styles.link);
  openSection(
    view,
    t('report.verification'),
    note.length * leadingOf(styles.body) + links.length * height + 12 + room,
  );
  flow.text(t('report.verification_note'), styles.body);
  flow.gap(4);
  for (const line of links) {
    const { canvas, top, page } = flow.reserve(height);
    canvas.text(line, sheet.left, top - styles.link.size, styles.link);
    flow.link(page, { x: sheet.left, y: top - height, width: columnWidth, height }, signing.verifyUrl);
  }
  flow.gap(8);
}
