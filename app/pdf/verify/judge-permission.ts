import type { DocumentChange } from '../../ports/pdf-engine.ts';
import type { Difference } from './comparison.ts';

/** What the signatures up to a revision permit after it. */
export interface Rules {
  /** The narrowest DocMDP level among them; undefined when none of them certifies. */
  level?: 1 | 2 | 3;
  isLocked: (field: string) => boolean;
}

/**
 * Without a certification the standard forbids nothing (ISO 32000-1, 12.8.1: an approval signature only makes changes
 * visible). A reader of an agreement expects that it says what it said: such a document may be filled in and signed.
 */
const UNCERTIFIED = 2;

/** Adds the rules of one more signature. */
export const narrow = (
  rules: Rules,
  more: { level?: 1 | 2 | 3; isLocked?(field: string): boolean },
): Rules => ({
  level: more.level === undefined ? rules.level : (Math.min(rules.level ?? 3, more.level) as 1 | 2 | 3),
  isLocked: (field) => rules.isLocked(field) || more.isLocked?.(field) === true,
});

/** Whether a change may stand by the rules of all signatures that came before it. */
export function judgePermission(difference: Difference, rules: Rules): DocumentChange {
  const { code, needs, path, page, place, field } = difference;
  if (field !== undefined && code !== 'form_field_added' && rules.isLocked(field)) {
    return { code: 'field_locked_changed', path, permitted: false, page, place };
  }
  const permitted = needs !== 'never' && needs <= (rules.level ?? UNCERTIFIED);
  return { code, path, permitted, page, place };
}
