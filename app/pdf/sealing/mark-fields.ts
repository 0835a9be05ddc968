import { PdfArray, PdfDict, PdfStream } from '@libpdf/core';
import type { PDF, PDFPage, PdfRef } from '@libpdf/core';
import type { ExpectedSigner } from '../../ports/pdf-engine.ts';
import { canvasToForm, createCanvas } from '../drawing/canvas.ts';
import type { Box, Canvas } from '../drawing/canvas.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { uprightMatrix, userRectangle, visiblePage } from '../drawing/page-geometry.ts';
import { arrayOf, dictOf, name, number, numbers, stringOf, text } from '../drawing/pdf-objects.ts';
import type { FieldNames, FieldPurpose } from './field-names.ts';
import { addField, formOf } from './form-fields.ts';

/** Field flags (ISO 32000-1, tables 221 and 226). */
const READ_ONLY = 1;
const PUSH_BUTTON = 1 << 16;

/** Font and size a viewer would use; the appearances that are written use embedded fonts. */
const DEFAULT_APPEARANCE = '/Helv 10 Tf 0 g';

const typeOf = (purpose: FieldPurpose): 'Sig' | 'Tx' | 'Btn' => {
  if (purpose === 'card') return 'Sig';
  return purpose === 'sign' || purpose === 'stamp' ? 'Btn' : 'Tx';
};

/** Makes the fields of one document, and remembers what each signer's signature has to lock. */
export interface FieldMaker {
  /**
   * @param box where on the page, points from the visible bottom left
   * @param draw what it shows before it is filled in; nothing by default
   */
  add(
    signer: ExpectedSigner,
    purpose: FieldPurpose,
    page: PDFPage,
    box: Box,
    draw?: (canvas: Canvas, box: Box) => void,
  ): void;
  /** Writes the locks: after the last field. */
  finish(): void;
}

/** A signer's first place to sign is their signature field; all other marks are fields that cannot be typed into. */
export function createFieldMaker(pdf: PDF, fonts: Fonts, names: FieldNames): FieldMaker {
  const fieldsOf = new Map<string, { signature?: PdfDict; names: string[] }>();
  let nothing: PdfRef | undefined;
  const empty = (): PdfRef =>
    (nothing ??= pdf.register(
      new PdfStream(
        [
          ['Type', name('XObject')],
          ['Subtype', name('Form')],
          ['BBox', numbers(0, 0, 1, 1)],
          ['Resources', new PdfDict()],
        ],
        new Uint8Array(),
      ),
    ));

  return {
    add(signer, purpose, page, box, draw) {
      const own = fieldsOf.get(signer.id) ?? { names: [] };
      fieldsOf.set(signer.id, own);
      const type = purpose === 'sign' && !own.signature ? 'Sig' : typeOf(purpose);
      const counted = own.names.filter((known) => names.read(known, signer.id)?.purpose === purpose).length;
      const fieldName = names.of(signer.id, purpose, counted + 1);
      const view = visiblePage(pdf, page.dict);
      let appearance: PdfRef;
      if (draw) {
        const canvas = createCanvas(fonts, box.width, box.height);
        draw(canvas, { x: 0, y: 0, width: box.width, height: box.height });
        appearance = canvasToForm(pdf, canvas, uprightMatrix(view));
      } else {
        appearance = empty();
      }
      const rectangle = userRectangle(view, box);
      const { dict } = addField(pdf, { name: fieldName, type, page, rectangle, appearance });
      dict.set('TU', text(type === 'Sig' ? `${signer.purposeText}: ${signer.name}` : signer.name));
      own.names.push(fieldName);
      if (type === 'Sig') own.signature = dict;
      else dict.set('Ff', number(type === 'Btn' ? READ_ONLY | PUSH_BUTTON : READ_ONLY));
      if (type === 'Btn') dict.set('H', name('N')); // a picture, not to be pressed
      if (type === 'Tx') {
        dict.set('DA', text(DEFAULT_APPEARANCE));
        provideDefaults(pdf);
      }
    },
    finish() {
      for (const { signature, names: own } of fieldsOf.values()) {
        const lock = PdfDict.of({
          Type: name('SigFieldLock'),
          Action: name('Include'),
          Fields: new PdfArray(own.map(text)),
        });
        signature?.set('Lock', pdf.register(lock));
      }
    },
  };
}

/** What text fields refer to: the form's fonts and default appearance (ISO 32000-1, 12.7.2 and 12.7.3.3). */
function provideDefaults(pdf: PDF): void {
  const { form } = formOf(pdf);
  if (!form.has('DA')) form.set('DA', text(DEFAULT_APPEARANCE));
  const resources = dictOf(pdf, form.get('DR')) ?? new PdfDict();
  const known = dictOf(pdf, resources.get('Font')) ?? new PdfDict();
  if (known.has('Helv')) return;
  const helvetica = PdfDict.of({
    Type: name('Font'),
    Subtype: name('Type1'),
    BaseFont: name('Helvetica'),
    Encoding: name('WinAnsiEncoding'),
  });
  known.set('Helv', pdf.register(helvetica));
  if (!dictOf(pdf, resources.get('Font'))) resources.set('Font', known);
  if (!dictOf(pdf, form.get('DR'))) form.set('DR', resources);
}

/** A field that was made for one signer. */
export interface MadeField {
  purpose: FieldPurpose;
  dict: PdfDict;
}

/** The fields of one signer, in the order in which they were made. */
export function fieldsOfSigner(pdf: PDF, names: FieldNames, signer: string): MadeField[] {
  const form = dictOf(pdf, pdf.getCatalog().get('AcroForm'));
  const found: MadeField[] = [];
  for (const item of arrayOf(pdf, form?.get('Fields')) ?? []) {
    const dict = dictOf(pdf, item);
    const own = dict && names.read(stringOf(pdf, dict.get('T')) ?? '', signer);
    if (own) found.push({ purpose: own.purpose, dict });
  }
  return found;
}
