import type { PdfDict, PdfObject } from '@libpdf/core';
import { arrayOf, dictOf, nameOf } from '../drawing/pdf-objects.ts';
import { below } from './comparison.ts';
import type { Comparison, Spot } from './comparison.ts';
import { isTimestamp } from './compare-form.ts';
import { fieldType } from './field-facts.ts';
import { OVERLAY_SHARE, signedLater } from './judge-filling.ts';
import { annotationPlace } from './place-on-page.ts';
import { sameContent } from './same-content.ts';

/**
 * Annotations of one page. Widgets that were there stay where they are and only marks of later signatures may come; other
 * annotations may come, go and change where a certification says so (DocMDP 3).
 */
export function compareAnnotations(
  comparison: Comparison,
  x: PdfObject | undefined,
  y: PdfObject | undefined,
  spot: Spot,
): void {
  const before = arrayOf(comparison.before, x)?.toArray() ?? [];
  const after = arrayOf(comparison.after, y)?.toArray() ?? [];
  if (after.length < before.length) {
    const lost = before.slice(after.length).map((item) => dictOf(comparison.before, item));
    const inOrder = after.every((item, index) =>
      sameContent(comparison.before, comparison.after, before[index], item),
    );
    const widget = lost.some((one) => !one || isWidget(comparison.before, one));
    comparison.report('annotation_removed', widget || !inOrder ? 'never' : 3, spot);
  }
  for (const [index, item] of after.entries()) {
    const next = below(spot, `[${index}]`);
    const [a, b] = [dictOf(comparison.before, before[index]), dictOf(comparison.after, item)];
    if (index >= before.length) judgeNewAnnotation(comparison, b, next);
    else if (a && b && !isWidget(comparison.before, a)) compareAnnotation(comparison, a, b, next);
    else comparison.compare(before[index], item, next);
  }
}

const isWidget = (pdf: Comparison['before'], annotation: PdfDict): boolean =>
  nameOf(pdf, annotation.get('Subtype')) === 'Widget';

/** One that is no part of the form: a comment, a link. */
function compareAnnotation(comparison: Comparison, a: PdfDict, b: PdfDict, spot: Spot): void {
  const { before, after, report } = comparison;
  if (sameContent(before, after, a, b)) return;
  const { place, share } = annotationPlace(after, b, spot.page);
  const fit = !isWidget(after, b) && sameContent(before, after, a.get('Subtype'), b.get('Subtype'));
  if (share > OVERLAY_SHARE) report('overlay', 'never', spot, { place });
  else report('annotation_changed', fit && !isActive(comparison, b) ? 3 : 'never', spot, { place });
}

/** Runs something: never part of a comment. */
function isActive({ after }: Comparison, annotation: PdfDict): boolean {
  const action = dictOf(after, annotation.get('A'));
  const kind = nameOf(after, action?.get('S'));
  return annotation.has('AA') || (annotation.has('A') && kind !== 'URI' && kind !== 'GoTo');
}

function judgeNewAnnotation(comparison: Comparison, annotation: PdfDict | undefined, spot: Spot): void {
  const { after, report } = comparison;
  if (!annotation) return report('annotation_added', 'never', spot);
  const { place, share } = annotationPlace(after, annotation, spot.page);
  const isSignature = isWidget(after, annotation) && fieldType(after, annotation) === 'Sig';
  const signed = isSignature && signedLater(comparison, annotation);
  const active = isActive(comparison, annotation);
  if (isSignature && !active && !place) {
    report('invisible_signature', signed && isTimestamp(comparison, annotation) ? 1 : 2, spot);
  } else if (isSignature && !active && signed) {
    if (share > OVERLAY_SHARE) report('overlay', 'never', spot, { place });
    else report('visible_signature', 2, spot, { place });
  } else if (isWidget(after, annotation) || active) {
    report('annotation_added', 'never', spot, { place });
  } else {
    report(
      share > OVERLAY_SHARE ? 'overlay' : 'annotation_added',
      share > OVERLAY_SHARE ? 'never' : 3,
      spot,
      {
        place,
      },
    );
  }
}
