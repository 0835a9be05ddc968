import { hasText } from '../../i18n/translator.ts';
import type { Translator } from '../../i18n/translator.ts';
import { cleanLine } from '../../signing/signer/clean-text.ts';

/** What a presenter of findings writes with: texts, and moments as the reader's language has them. */
export interface FindingTexts {
  readonly t: Translator;
  readonly at: (moment: Date) => string;
}

const MAX_FOREIGN = 300;

/**
 * A text that comes from the file or from its name: whoever made the file may have put anything there, directions and
 * line ends that disguise what is written included.
 */
export function foreignText(text: string | undefined): string {
  const line = cleanLine((text ?? '').slice(0, 4 * MAX_FOREIGN));
  return line.length > MAX_FOREIGN ? `${line.slice(0, MAX_FOREIGN)}…` : line;
}

/** The text of a code of the verifier; a code that has none yet is told in general words, never shown as it is. */
export const codeText = (t: Translator, kind: 'change' | 'problem' | 'warning', code: string): string =>
  t(hasText(`pdf.${kind}.${code}`) ? `pdf.${kind}.${code}` : `verify.unknown_${kind}`);
