import { palette, styles } from '../drawing/palette.ts';
import type { TextStyle } from '../drawing/typesetting.ts';
import { drawTimed } from './draw-timed.ts';
import { openSection } from './report-view.ts';
import type { ReportView } from './report-view.ts';

const hashStyle: TextStyle = { ...styles.code, size: 6, leading: 8.6, color: palette.muted };

/** The note below a section's heading and its first entry, in points. */
const FIRST_ENTRY = 140;

/** Every signature that was put into a file: what the file was before and after it. */
export function drawRevisions(view: ReportView): void {
  const { flow, t, content, times, moment } = view;
  if (content.revisions.length === 0) return;
  openSection(view, t('report.revisions'), FIRST_ENTRY);
  flow.text(t('report.revisions_note'), styles.small);
  flow.gap(6);
  for (const { at, text, file, level, timestampAt, before, after } of content.revisions) {
    const trusted = timestampAt ? t('report.trusted_time', { time: moment(timestampAt) }) : '';
    drawTimed(
      flow,
      times(at),
      [
        [text, styles.strong],
        [file ?? '', styles.small],
        [[t(`report.level_${level}`), trusted].filter(Boolean).join('. '), styles.small],
        [`${t('report.hash_before')} ${before}`, hashStyle],
        [`${t('report.hash_after')} ${after}`, hashStyle],
      ],
      6,
    );
  }
}

/** Everything that happened, each entry with its hash and the one before. */
export function drawJournal(view: ReportView): void {
  const { flow, t, content, times } = view;
  openSection(view, t('report.journal'), FIRST_ENTRY);
  flow.text(t('report.journal_note'), styles.small);
  flow.gap(6);
  for (const { number, at, actor, text, hash, previousHash } of content.journal) {
    drawTimed(
      flow,
      times(at),
      [
        [`${number}. ${text}`, styles.body],
        [actor ?? '', styles.small],
        [`${t('report.entry_hash')} ${hash}`, hashStyle],
        [previousHash ? `${t('report.entry_previous')} ${previousHash}` : '', hashStyle],
      ],
      6,
    );
  }
}
