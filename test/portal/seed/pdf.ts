import { PDF, rgb, type EmbeddedFont } from '@libpdf/core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const fontFile = (name: string) => readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));

/** What a seeded contract says. */
export interface ContractText {
  title: string;
  deal: string;
  seller?: string;
  buyer?: string;
  pages?: number;
  language?: 'ru' | 'en';
}

const CLAUSES = {
  ru: [
    'Предмет договора. Поставщик обязуется передать, а Покупатель — принять и оплатить оборудование согласно спецификации, которая является неотъемлемой частью договора.',
    'Цена и порядок расчётов. Оплата производится безналичным переводом: 50 % в течение пяти рабочих дней после подписания, остаток — после приёмки.',
    'Сроки поставки. Товар поставляется в течение тридцати календарных дней с даты предоплаты. Досрочная поставка допускается с согласия Покупателя.',
    'Качество и гарантия. Гарантийный срок составляет двенадцать месяцев с даты подписания акта приёма-передачи.',
    'Ответственность сторон. За нарушение сроков виновная сторона уплачивает неустойку 0,1 % от суммы задолженности за каждый день просрочки.',
    'Электронное взаимодействие. Стороны признают документы, подписанные простой электронной подписью, равнозначными документам на бумаге.',
    'Заключительные положения. Договор вступает в силу с момента подписания обеими сторонами и действует до полного исполнения обязательств.',
  ],
  en: [
    'Subject. The Supplier delivers and the Buyer accepts and pays for the equipment listed in the specification, which is a part of this agreement.',
    'Price and payment. Fifty per cent is paid within five working days after signing, the rest after acceptance.',
    'Delivery. The goods are delivered within thirty calendar days after the first payment.',
    'Warranty. The warranty period is twelve months from the date of acceptance.',
    'Liability. A party in delay pays 0.1 % of the amount due for each day of delay.',
    'Electronic signatures. The parties accept documents signed electronically as equal to paper.',
    'Final provisions. This agreement is in force from the moment both parties have signed it.',
  ],
};

const cache = new Map<string, Promise<Buffer>>();

/** A valid PDF of a few pages with Cyrillic text, a signature line for each party on the last page; cached. */
export function makePdf(text: ContractText): Promise<Buffer> {
  const key = JSON.stringify(text);
  const found = cache.get(key) ?? draw(text);
  cache.set(key, found);
  return found;
}

async function draw(text: ContractText): Promise<Buffer> {
  const language = text.language ?? 'ru';
  const pdf = PDF.create();
  const regular = pdf.embedFont(fontFile('DejaVuSerif'));
  const bold = pdf.embedFont(fontFile('DejaVuSerif-Bold'));
  const pages = text.pages ?? 2;
  const perPage = Math.ceil(CLAUSES[language].length / pages);
  for (let number = 1; number <= pages; number += 1) {
    const page = pdf.addPage({ size: 'a4' });
    let y = 770;
    const write = (line: string, font: EmbeddedFont, size: number, gap: number, x = 60): void => {
      page.drawText(line, { x, y, font, size, color: rgb(0.1, 0.1, 0.12) });
      y -= gap;
    };
    if (number === 1) {
      write(text.title, bold, 16, 26);
      write(language === 'ru' ? `Сделка: ${text.deal}` : `Deal: ${text.deal}`, regular, 10, 18);
      page.drawLine({ start: { x: 60, y: y + 6 }, end: { x: 535, y: y + 6 }, color: rgb(0.75, 0.78, 0.82) });
      y -= 16;
    }
    const clauses = CLAUSES[language].slice((number - 1) * perPage, number * perPage);
    clauses.forEach((clause, index) => {
      const lines = wrap(`${(number - 1) * perPage + index + 1}. ${clause}`, regular, 11, 475);
      lines.forEach((line) => write(line, regular, 11, 17));
      y -= 10;
    });
    if (number === pages) {
      y = Math.min(y, 240);
      const parties =
        language === 'ru'
          ? [`Поставщик: ${text.seller ?? 'ООО «Ромашка»'}`, `Покупатель: ${text.buyer ?? 'ООО «ТехноСнаб»'}`]
          : [`Supplier: ${text.seller ?? 'Romashka LLC'}`, `Buyer: ${text.buyer ?? 'Northwind Ltd'}`];
      for (const party of parties) {
        write(party, regular, 11, 26);
        write('______________________ / ______________________', regular, 11, 40);
      }
    }
    const footer = language === 'ru' ? `Страница ${number} из ${pages}` : `Page ${number} of ${pages}`;
    page.drawText(footer, { x: 60, y: 40, font: regular, size: 8, color: rgb(0.5, 0.5, 0.5) });
  }
  return Buffer.from(await pdf.save({ subsetFonts: true }));
}

function wrap(text: string, font: EmbeddedFont, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (font.getTextWidth(longer, size) > width && line) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}
