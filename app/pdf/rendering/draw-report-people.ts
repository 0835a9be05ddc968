import type { ReportPerson } from '../../ports/pdf-engine.ts';
import { columnWidth, sheet } from '../drawing/page-flow.ts';
import { palette, styles } from '../drawing/palette.ts';
import { drawRows } from './draw-rows.ts';
import { drawTimed } from './draw-timed.ts';
import { keepTogether } from './page-breaks.ts';
import { openSection } from './report-view.ts';
import type { ReportView } from './report-view.ts';

/** A person's name and the first facts about them, which are not parted. */
const PERSON_HEAD = 92;
const STEP_HEIGHT = 24;

const joined = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' · ');

/** The signers, step by step, and what each of them did. */
export function drawPeople(view: ReportView): void {
  const { flow, t, content } = view;
  openSection(view, t('report.people'), STEP_HEIGHT + PERSON_HEAD);
  const steps = new Set(content.people.map(({ step }) => step));
  for (const step of [...steps].sort((a, b) => a - b)) {
    const people = content.people.filter((person) => person.step === step);
    keepTogether(flow, STEP_HEIGHT + PERSON_HEAD);
    drawStep(view, t('report.step_number', { step }));
    for (const person of people) drawPerson(view, person);
  }
}

function drawStep({ flow }: ReportView, title: string): void {
  const { canvas, top } = flow.reserve(STEP_HEIGHT);
  const height = STEP_HEIGHT - 8;
  canvas.rectangle({ x: sheet.left, y: top - height, width: columnWidth, height }, { fill: palette.panel });
  canvas.rectangle({ x: sheet.left, y: top - height, width: 3, height }, { fill: palette.accent });
  canvas.text(title, sheet.left + 10, top - 11, { ...styles.small, color: palette.ink });
}

function drawPerson({ flow, t, times }: ReportView, person: ReportPerson): void {
  keepTogether(flow, PERSON_HEAD);
  flow.text(person.name, styles.name);
  const about = joined(person.role, person.position, person.company);
  if (about) flow.text(about, styles.small);
  flow.gap(3);
  drawRows(flow, [
    [t('report.purpose'), person.purposeText],
    [t('report.status'), person.statusText, styles.strong],
    [t('report.identified'), person.identifiedBy],
    [t('report.email'), person.email],
    [t('report.phone'), person.phone],
    [t('report.consent_version'), person.consentVersion],
    [t('report.ip'), person.ip],
    [t('report.agent'), person.agent, { ...styles.small, leading: 12.6 }],
  ]);
  flow.gap(5);
  for (const action of person.actions) {
    drawTimed(flow, times(action.at), [
      [action.text, styles.body],
      [joined(action.ip, action.agent), styles.small],
    ]);
  }
  flow.gap(10);
}
