import { PDF } from '@libpdf/core';
import { canvasToPage, createCanvas } from '../app/pdf/drawing/canvas.ts';
import { createFonts } from '../app/pdf/drawing/fonts.ts';
import { styles } from '../app/pdf/drawing/palette.ts';
import { assemble, stream } from '../test/fixtures/pdf/build-pdf.ts';
import { createRandom } from '../test/support/random.ts';

export interface PdfFile {
  readonly what: string;
  readonly pages: number;
  readonly bytes: Uint8Array;
}

const A4 = { width: 595, height: 842 };
const LINES = 48;
const WORDS =
  'сторона договор обязуется оплатить работы принятые заказчиком в срок не позднее десяти рабочих дней после ' +
  'подписания акта либо мотивированного отказа Исполнитель Заказчик force majeure notice clause';
/** Pictures of the large file: as many bytes each as a scanned page has. */
const PICTURE = { width: 1_024, height: 512 };
const LARGE_FILE = 20 * 2 ** 20;

/** Pages full of text in one embedded font, as an office program writes them. */
async function textFile(pages: number): Promise<PdfFile> {
  const pdf = PDF.create();
  const fonts = createFonts(pdf);
  const words = WORDS.split(' ');
  const random = createRandom(pages);
  for (let page = 1; page <= pages; page++) {
    const canvas = createCanvas(fonts, A4.width, A4.height);
    for (let line = 0; line < LINES; line++) {
      const text = Array.from({ length: 11 }, () => random.pick(words)).join(' ');
      canvas.text(`${page}.${line + 1}. ${text}`, 56, 780 - line * 15, styles.body);
    }
    canvasToPage(pdf, canvas);
  }
  const bytes = await pdf.save({ subsetFonts: true });
  return { what: pages === 1 ? '1 page' : `${pages} pages`, pages, bytes };
}

/** One picture a page, of noise: it compresses as little as a photograph in a PDF does. */
function pictureFile(): PdfFile {
  const size = PICTURE.width * PICTURE.height;
  const pages = LARGE_FILE / size;
  const random = createRandom(pages);
  const objects = Array.from({ length: pages }, (_, index) => {
    const first = 3 + 3 * index;
    const pixels = Buffer.from(Uint32Array.from({ length: size / 4 }, () => random.below(2 ** 32)).buffer);
    return [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${A4.width} ${A4.height}] /Contents ${first + 1} 0 R ` +
        `/Resources << /XObject << /Scan ${first + 2} 0 R >> >> >>`,
      stream('q 555 0 0 802 20 20 cm /Scan Do Q'),
      stream(
        pixels,
        `/Type /XObject /Subtype /Image /Width ${PICTURE.width} /Height ${PICTURE.height} ` +
          '/ColorSpace /DeviceGray /BitsPerComponent 8',
      ),
    ];
  });
  const kids = objects.map((_, index) => `${3 + 3 * index} 0 R`).join(' ');
  const bytes = assemble([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`,
    ...objects.flat(),
  ]);
  return { what: '20 MB', pages, bytes };
}

/** What is sealed and verified: a short and a long contract, a very long one, and one of scanned pages. */
export async function makePdfFiles(): Promise<PdfFile[]> {
  return [await textFile(1), await textFile(50), await textFile(500), pictureFile()];
}
