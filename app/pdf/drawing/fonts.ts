import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PDF } from '@libpdf/core';
import type { EmbeddedFont, PdfRef } from '@libpdf/core';

/** By use, not by family. DejaVu has Latin, Cyrillic, Greek, Baltic, Kazakh and Belarusian letters (langcover.txt). */
const FILES = {
  regular: 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf',
  bold: 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf',
  mono: 'dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf',
  /** Of typed signatures. */
  script: 'dejavu-fonts-ttf/ttf/DejaVuSerif-Italic.ttf',
  /** Chinese and Japanese letters, for every use. */
  han: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  /** Korean letters, for every use. */
  hangul: '@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf',
} as const;
export type FontFace = keyof typeof FILES;
/** What a text is for; letters that its own face lacks come from the others (FALLBACKS). */
export type FontUse = Exclude<FontFace, 'han' | 'hangul'>;

const FALLBACKS = ['han', 'hangul'] as const;
/** Stands for a letter that no face has; every face of a FontUse has it. */
const REPLACEMENT = '\ufffd';
/** Hangul Jamo. What comes before (Latin, Cyrillic, Greek …) would be sought in the large faces in vain. */
const FALLBACKS_START_AT = 0x1100;

interface LoadedFace {
  bytes: Uint8Array;
  /** Belongs to no document that is saved: only its widths and its coverage are asked for. */
  ruler: EmbeddedFont;
}

const require = createRequire(import.meta.url);
const loaded = new Map<FontFace, LoadedFace>();

/** Reads a face when it is needed first, once a worker. */
function load(face: FontFace): LoadedFace {
  let found = loaded.get(face);
  if (!found) {
    const bytes = new Uint8Array(readFileSync(require.resolve(FILES[face])));
    found = { bytes, ruler: PDF.create().embedFont(bytes) };
    loaded.set(face, found);
  }
  return found;
}

/** Where libpdf 0.4.2 keeps the tables it has parsed; not part of its types. */
const parsedTables = (font: EmbeddedFont): { tables?: unknown } | undefined =>
  (font.program as { font?: { tables?: unknown } }).font;

/**
 * Gives a newly embedded font the tables that the worker has parsed already: parsing the letters of a face takes 6 ms,
 * of Noto Sans SC 35 ms and 20 MB, and libpdf does it anew for every document. Without effect where libpdf keeps them
 * elsewhere.
 */
function shareTables(font: EmbeddedFont, ruler: EmbeddedFont): void {
  const [own, parsed] = [parsedTables(font), parsedTables(ruler)];
  if (own?.tables instanceof Map && parsed?.tables instanceof Map) own.tables = parsed.tables;
}

interface Glyph {
  face: FontFace;
  /** The letter itself, or what stands for it. */
  character: string;
  /** At size 1. */
  advance: number;
}

const glyphs = new Map<string, Glyph>();
const MAX_REMEMBERED = 20_000;

function findGlyph(use: FontUse, character: string): Glyph {
  const has = (face: FontFace): boolean => load(face).ruler.canEncode(character);
  const code = character.codePointAt(0) ?? 0;
  const face = has(use) ? use : code < FALLBACKS_START_AT ? undefined : FALLBACKS.find(has);
  const drawn = face ? character : REPLACEMENT;
  const advance = load(face ?? use).ruler.getWidth(drawn.codePointAt(0) ?? 0) / 1000;
  return { face: face ?? use, character: drawn, advance };
}

/** Remembered, because every line of every report asks again. */
function glyphOf(use: FontUse, character: string): Glyph {
  const key = use + character;
  let glyph = glyphs.get(key);
  if (!glyph) {
    glyph = findGlyph(use, character);
    if (glyphs.size < MAX_REMEMBERED) glyphs.set(key, glyph);
  }
  return glyph;
}

/** Text that one face has all the letters of. */
export interface FontRun {
  face: FontFace;
  text: string;
}

/** The fonts of one document; each is embedded when it is first used and, on saving with `subsetFonts`, cut down. */
export interface Fonts {
  get(face: FontFace): EmbeddedFont;
  ref(face: FontFace): PdfRef;
  /** Which face draws which part of a line; a letter that none has becomes U+FFFD. */
  runs(use: FontUse, line: string): FontRun[];
  /** Width of one character (a code point) at size 1. */
  advance(use: FontUse, character: string): number;
}

export function createFonts(pdf: PDF): Fonts {
  const embedded = new Map<FontFace, EmbeddedFont>();
  const get = (face: FontFace): EmbeddedFont => {
    let font = embedded.get(face);
    if (!font) {
      const { bytes, ruler } = load(face);
      font = pdf.embedFont(bytes);
      shareTables(font, ruler);
      embedded.set(face, font);
    }
    return font;
  };
  return {
    get,
    ref(face) {
      const ref = pdf.getFontRef(get(face));
      if (!ref) throw new Error(`font ${face} has no reference`);
      return ref;
    },
    runs(use, line) {
      const runs: FontRun[] = [];
      for (const letter of line) {
        const { face, character } = glyphOf(use, letter);
        const last = runs.at(-1);
        if (last?.face === face) last.text += character;
        else runs.push({ face, text: character });
      }
      return runs;
    },
    advance: (use, character) => glyphOf(use, character).advance,
  };
}
