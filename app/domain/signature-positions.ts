/**
 * The text of the robot input `signature_positions`: where each signer's marks go. Grammar and examples for people:
 * docs/signature-positions.md. Pure: knows no PDF; the geometry of a page is applied in app/pdf.
 */

export const markKinds = ['sign', 'stamp', 'date', 'name', 'initials', 'purpose'] as const;
export type MarkKind = (typeof markKinds)[number];

/** Points (1/72 inch), or percent of the visible page's width (x, w) or height (y, h). */
export interface Length {
  value: number;
  unit: 'pt' | 'percent';
}

export interface SignaturePosition {
  /** `signer`: place in the list of signers, from 1; `step`: everyone who signs in that step. */
  who: { by: 'signer' | 'step'; number: number };
  kind: MarkKind;
  /** From 1; negative counts from the end (-1 is the last page). */
  page: number | 'every';
  /** Of the mark's top-left corner, from the top-left corner of the visible page as a reader sees it. */
  x: Length;
  y: Length;
  w: Length;
  h: Length;
  /** Line of the input, from 1, for messages. */
  line: number;
}

/** What is wrong with a line. Text: `pdf.position.<code>` with {line} and {value}. */
export type PositionErrorCode =
  | 'too_long'
  | 'too_many'
  | 'who_missing'
  | 'who_number'
  | 'kind_missing'
  | 'kind_unknown'
  | 'word_unknown'
  | 'word_twice'
  | 'page_missing'
  | 'page_wrong'
  | 'length_missing'
  | 'length_wrong'
  | 'length_negative'
  | 'size_zero'
  | 'outside_page'
  | 'too_large'
  | 'no_such_page'
  | 'no_such_signer'
  | 'no_such_step';

export interface PositionError {
  line: number;
  code: PositionErrorCode;
  /** The part of the line at fault, shortened. */
  value: string;
}

/** Room for MAX_POSITIONS as `formatSignaturePositions` writes them. */
const MAX_TEXT = 50_000;
export const MAX_POSITIONS = 500;
/** PDF 32000-1, annex C.2: a page is at most 14400 units wide. */
const MAX_POINTS = 14_400;

/** Of a mark whose size is not given, points. */
export const DEFAULT_MARK_SIZE: Record<MarkKind, readonly [width: number, height: number]> = {
  sign: [150, 50],
  stamp: [100, 100],
  date: [110, 14],
  name: [160, 14],
  initials: [40, 20],
  purpose: [160, 14],
};

/** Of the page's area. A larger mark could replace what the page says, and a verifier must call it that. */
export const MAX_MARK_SHARE = 0.25;

class LineFault extends Error {
  readonly code: PositionErrorCode;
  readonly value: string;
  constructor(code: PositionErrorCode, value: string) {
    super(code);
    this.code = code;
    this.value = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  }
}

function parseLength(name: string, text: string): Length {
  const match = /^(-?\d{1,6}(?:[.,]\d{1,4})?)(pt|%)?$/i.exec(text);
  if (!match) throw new LineFault('length_wrong', `${name}=${text}`);
  const value = Number((match[1] ?? '').replace(',', '.'));
  const unit = match[2] === '%' ? 'percent' : 'pt';
  if (value < 0) throw new LineFault('length_negative', `${name}=${text}`);
  if (value > (unit === 'percent' ? 100 : MAX_POINTS)) throw new LineFault('outside_page', `${name}=${text}`);
  if (value === 0 && (name === 'w' || name === 'h')) throw new LineFault('size_zero', `${name}=${text}`);
  return { value, unit };
}

function parsePage(text: string): number | 'every' {
  if (text.toLowerCase() === 'every') return 'every';
  const page = /^-?\d{1,5}$/.test(text) ? Number(text) : 0;
  if (page === 0) throw new LineFault('page_wrong', `page=${text}`);
  return page;
}

/** `page=-1 x=10% …` → a map; each word once, no others. */
function parseWords(words: string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const word of words) {
    const match = /^(page|x|y|w|h)=(.+)$/i.exec(word);
    const name = match?.[1]?.toLowerCase();
    if (!name || !match?.[2]) throw new LineFault('word_unknown', word);
    if (found.has(name)) throw new LineFault('word_twice', word);
    found.set(name, match[2]);
  }
  return found;
}

function parseLine(source: string, line: number): SignaturePosition {
  const [who = '', number = '', kindWord, ...rest] = source
    .replace(/\s*=\s*/g, '=')
    .split(/[\s:]+/)
    .filter(Boolean);
  const by = who.toLowerCase();
  if (by !== 'signer' && by !== 'step') throw new LineFault('who_missing', who);
  if (!/^[1-9]\d{0,3}$/.test(number)) throw new LineFault('who_number', number);
  if (!kindWord || kindWord.includes('=')) throw new LineFault('kind_missing', kindWord ?? '');
  const kind = markKinds.find((known) => known === kindWord.toLowerCase());
  if (!kind) throw new LineFault('kind_unknown', kindWord);

  const words = parseWords(rest);
  const page = words.get('page');
  if (page === undefined) throw new LineFault('page_missing', source);
  const read = (name: 'x' | 'y' | 'w' | 'h', fallback?: number): Length => {
    const text = words.get(name);
    if (text !== undefined) return parseLength(name, text);
    if (fallback === undefined) throw new LineFault('length_missing', name);
    return { value: fallback, unit: 'pt' };
  };
  const position: SignaturePosition = {
    who: { by, number: Number(number) },
    kind,
    page: parsePage(page),
    x: read('x'),
    y: read('y'),
    w: read('w', DEFAULT_MARK_SIZE[kind][0]),
    h: read('h', DEFAULT_MARK_SIZE[kind][1]),
    line,
  };
  for (const [start, size] of [
    [position.x, position.w],
    [position.y, position.h],
  ] as const) {
    const bothPercent = start.unit === 'percent' && size.unit === 'percent';
    if (bothPercent && start.value + size.value > 100) {
      throw new LineFault('outside_page', `${start.value}% + ${size.value}%`);
    }
  }
  const { w, h } = position;
  if (w.unit === 'percent' && h.unit === 'percent' && w.value * h.value > MAX_MARK_SHARE * 100 * 100) {
    throw new LineFault('too_large', `w=${w.value}% h=${h.value}%`);
  }
  return position;
}

/**
 * Reads the whole text; one position a line (a `;` ends a line too), `#` starts a comment. Collects one error per faulty
 * line, so that a person can mend all of them at once; with any error `positions` is not to be used.
 */
export function parseSignaturePositions(text: string): {
  positions: SignaturePosition[];
  errors: PositionError[];
} {
  if (text.length > MAX_TEXT) {
    return { positions: [], errors: [{ line: 1, code: 'too_long', value: String(MAX_TEXT) }] };
  }
  const positions: SignaturePosition[] = [];
  const errors: PositionError[] = [];
  for (const [index, raw] of text.split(/\r\n|[\r\n\u2028\u2029]/).entries()) {
    const line = index + 1;
    for (const piece of raw.replace(/#.*$/, '').split(';')) {
      const source = piece.trim();
      if (!source) continue;
      try {
        positions.push(parseLine(source, line));
      } catch (fault) {
        if (!(fault instanceof LineFault)) throw fault;
        errors.push({ line, code: fault.code, value: fault.value });
      }
    }
  }
  if (positions.length > MAX_POSITIONS) {
    errors.push({ line: 1, code: 'too_many', value: String(MAX_POSITIONS) });
  }
  return { positions, errors };
}

function formatLength({ value, unit }: Length): string {
  const shown = Math.round(value * 10_000) / 10_000; // the decimals that parseLength takes
  return unit === 'percent' ? `${shown}%` : String(shown);
}

/**
 * Positions as the text that parseSignaturePositions reads them from again, one a line (`line` is not kept: it becomes
 * the line of this text). Sizes that are those of the kind are left out.
 */
export function formatSignaturePositions(positions: readonly SignaturePosition[]): string {
  return positions
    .map(({ who, kind, page, x, y, w, h }) => {
      const [width, height] = DEFAULT_MARK_SIZE[kind];
      const isDefault = (length: Length, size: number): boolean =>
        length.unit === 'pt' && length.value === size;
      return [
        `${who.by} ${who.number} ${kind}`,
        `page=${page}`,
        `x=${formatLength(x)}`,
        `y=${formatLength(y)}`,
        isDefault(w, width) ? '' : `w=${formatLength(w)}`,
        isDefault(h, height) ? '' : `h=${formatLength(h)}`,
      ]
        .filter(Boolean)
        .join(' ');
    })
    .join('\n');
}

/** Index (from 0) of every page that `page` names in a document of `count` pages; empty when there is none. */
export function resolvePages(page: SignaturePosition['page'], count: number): number[] {
  if (page === 'every') return Array.from({ length: count }, (_, index) => index);
  const index = page > 0 ? page - 1 : count + page;
  return index >= 0 && index < count ? [index] : [];
}

/** A page as its reader sees it (cropped, turned), in points. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** Rounding of percents. */
const SLACK = 0.5;

const inPoints = ({ value, unit }: Length, whole: number): number =>
  unit === 'percent' ? (value / 100) * whole : value;

/** Where a position lies on a page, in points from its top-left corner, or why it cannot be there. */
export function placeOnPage(
  position: SignaturePosition,
  page: PageSize,
): { x: number; y: number; width: number; height: number } | 'outside_page' | 'too_large' {
  const [x, y] = [inPoints(position.x, page.width), inPoints(position.y, page.height)];
  const [width, height] = [inPoints(position.w, page.width), inPoints(position.h, page.height)];
  if (x + width > page.width + SLACK || y + height > page.height + SLACK) return 'outside_page';
  if (width * height > MAX_MARK_SHARE * page.width * page.height) return 'too_large';
  return { x, y, width, height };
}

/** Why a position is possible on none of its pages. */
function faultOnAll(position: SignaturePosition, pages: readonly PageSize[]): PositionErrorCode | undefined {
  const indexes = resolvePages(position.page, pages.length);
  if (indexes.length === 0) return 'no_such_page';
  const places = indexes.map((index) => placeOnPage(position, pages[index]!));
  const [first] = places;
  return typeof first === 'string' && places.every((place) => typeof place === 'string') ? first : undefined;
}

const shownLength = ({ value, unit }: Length): string => `${value}${unit === 'percent' ? '%' : ''}`;

/** Holds parsed positions against the document and the signers of this signing. */
export function checkSignaturePositions(
  positions: SignaturePosition[],
  signing: { pages: readonly PageSize[]; signers: { step: number }[] },
): PositionError[] {
  const errors: PositionError[] = [];
  for (const position of positions) {
    const { line, who, page, x, y, w, h } = position;
    const fault = faultOnAll(position, signing.pages);
    if (fault) {
      const box = `x=${shownLength(x)} y=${shownLength(y)} w=${shownLength(w)} h=${shownLength(h)}`;
      errors.push({ line, code: fault, value: fault === 'no_such_page' ? String(page) : box });
    }
    const known =
      who.by === 'signer'
        ? who.number <= signing.signers.length
        : signing.signers.some((signer) => signer.step === who.number);
    if (!known) {
      const code = who.by === 'signer' ? 'no_such_signer' : 'no_such_step';
      errors.push({ line, code, value: String(who.number) });
    }
  }
  return errors;
}
