import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { EmbeddedFont, PDF, PdfRef } from '@libpdf/core';

/** By use, not by family. DejaVu has Latin, Cyrillic, Greek, Baltic, Kazakh and Belarusian letters (langcover.txt). */
const FILES = {
  regular: 'DejaVuSansCondensed.ttf',
  bold: 'DejaVuSansCondensed-Bold.ttf',
  mono: 'DejaVuSansMono.ttf',
  /** Of typed signatures. */
  script: 'DejaVuSerif-Italic.ttf',
} as const;
export type FontUse = keyof typeof FILES;

const require = createRequire(import.meta.url);
const bytesOf = new Map<FontUse, Uint8Array>();

function fontBytes(use: FontUse): Uint8Array {
  let bytes = bytesOf.get(use);
  if (!bytes) {
    bytes = new Uint8Array(readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${FILES[use]}`)));
    bytesOf.set(use, bytes);
  }
  return bytes;
}

/** The fonts of one document; each is embedded when it is first used and, on saving with `subsetFonts`, cut down. */
export interface Fonts {
  get(use: FontUse): EmbeddedFont;
  ref(use: FontUse): PdfRef;
}

export function createFonts(pdf: PDF): Fonts {
  const embedded = new Map<FontUse, EmbeddedFont>();
  const get = (use: FontUse): EmbeddedFont => {
    let font = embedded.get(use);
    if (!font) {
      font = pdf.embedFont(fontBytes(use));
      embedded.set(use, font);
    }
    return font;
  };
  return {
    get,
    ref(use) {
      const ref = pdf.getFontRef(get(use));
      if (!ref) throw new Error(`font ${use} has no reference`);
      return ref;
    },
  };
}
