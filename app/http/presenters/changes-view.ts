import type { DocumentChange, SignatureFinding } from '../../ports/pdf-engine.ts';
import { codeText, foreignText } from './verification-texts.ts';
import type { FindingTexts } from './verification-texts.ts';

/** A file may be made to have any number of them. */
const MAX_LINES = 100;
const MAX_PATHS = 5;

export interface ChangeLine {
  readonly text: string;
  readonly page?: number;
  /** How often the same happened on that page. */
  readonly count: number;
  /** Where in the file's structure, for experts; some of them. */
  readonly paths: readonly string[];
}

/** What came after a signature: what nothing allowed, and what PDF and every earlier signature allow. */
export interface ChangesView {
  readonly forbidden: readonly ChangeLine[];
  readonly permitted: readonly ChangeLine[];
  /** Lines that are left out. */
  readonly more: number;
}

export function changesView({ changesAfter }: SignatureFinding, { t }: FindingTexts): ChangesView {
  const forbidden = linesOf(changesAfter.filter((change) => !change.permitted));
  const permitted = linesOf(changesAfter.filter((change) => change.permitted));
  const shown = [forbidden.slice(0, MAX_LINES), permitted.slice(0, MAX_LINES)] as const;
  return {
    forbidden: shown[0],
    permitted: shown[1],
    more: forbidden.length + permitted.length - shown[0].length - shown[1].length,
  };

  function linesOf(changes: DocumentChange[]): ChangeLine[] {
    const lines = new Map<string, { text: string; page?: number; count: number; paths: string[] }>();
    for (const { code, page, path } of changes) {
      const text = codeText(t, 'change', code);
      const key = `${page ?? ''}:${text}`;
      const line = lines.get(key) ?? { text, page, count: 0, paths: [] };
      line.count += 1;
      if (path && line.paths.length < MAX_PATHS) line.paths.push(foreignText(path));
      lines.set(key, line);
    }
    return [...lines.values()].sort((a, b) => (a.page ?? 0) - (b.page ?? 0));
  }
}

/** Bytes behind the last revision that no viewer shows and nobody signed. */
export const hasTrailingBytes = ({ changesAfter }: SignatureFinding): boolean =>
  changesAfter.some(({ code }) => code === 'trailing_bytes');
