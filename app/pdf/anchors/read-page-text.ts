import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import type { TextContent } from 'pdfjs-dist/types/src/display/api.js';
import { lengthOf } from './text-piece.ts';
import type { TextPiece } from './text-piece.ts';

/** Letters of one page that are looked at; a dense page has 10,000. */
const MAX_LETTERS = 200_000;
const QUIET = 0;

type PdfJs = typeof import('pdfjs-dist/legacy/build/pdf.mjs');
let library: Promise<PdfJs> | undefined;

/** Only the "legacy" build runs in Node; a worker loads it when it first looks for text. */
function loadPdfJs(): Promise<PdfJs> {
  // Missing where pdf.js finds no canvas to take it from. It is asked for while the library loads, and for drawing.
  if (!('DOMMatrix' in globalThis)) Object.assign(globalThis, { DOMMatrix: class {} });
  library ??= import('pdfjs-dist/legacy/build/pdf.mjs');
  return library;
}

/** Maps of the letters of Asian fonts that a file names without having them. */
const characterMaps = join(
  dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')),
  `cmaps${sep}`,
);

async function readPieces(page: PDFPageProxy): Promise<TextPiece[]> {
  const reader = page.streamTextContent({ disableNormalization: true }).getReader();
  const pieces: TextPiece[] = [];
  let letters = 0;
  while (letters < MAX_LETTERS) {
    const { done, value } = (await reader.read()) as { done: boolean; value?: TextContent };
    if (done || !value) return pieces;
    for (const item of value.items) {
      if (!('str' in item) || !item.str) continue;
      const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = item.transform as number[];
      const size = lengthOf({ x: a, y: b }) || 1;
      pieces.push({
        text: item.str,
        at: { x, y },
        along: { x: (a / size) * item.width, y: (b / size) * item.width },
        up: { x: c, y: d },
      });
      letters += item.str.length;
    }
  }
  await reader.cancel(new Error('more text than is looked at'));
  return pieces;
}

/** A file's text with its places, page by page, in the order in which each page draws it. */
export interface TextReader {
  pages: number;
  /** @param index from 0. A page that cannot be read has no text. */
  read(index: number): Promise<TextPiece[]>;
  close(): Promise<void>;
}

/**
 * Opens a file for reading its text with pdf.js: it knows every encoding of fonts, and it is not the program that wrote
 * the file. Nothing of the file is executed, and nothing is fetched.
 * @throws when the file cannot be read
 */
export async function openText(pdf: Uint8Array): Promise<TextReader> {
  const { getDocument } = await loadPdfJs();
  const task = getDocument({
    data: pdf.slice(), // pdf.js takes the bytes away from whoever has them
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    enableXfa: false,
    cMapUrl: characterMaps,
    verbosity: QUIET,
  });
  let document: PDFDocumentProxy;
  try {
    document = await task.promise;
  } catch (error) {
    await task.destroy();
    throw error;
  }
  return {
    pages: document.numPages,
    async read(index) {
      try {
        const page = await document.getPage(index + 1);
        const pieces = await readPieces(page);
        page.cleanup();
        return pieces;
      } catch {
        return [];
      }
    },
    close: () => task.destroy(),
  };
}
