import { createHash } from 'node:crypto';
import { PdfArray, PdfDict, PdfString } from '@libpdf/core';
import type { PDF, PDFPage, PdfRef } from '@libpdf/core';
import { buildCms } from '../cms/build-cms.ts';
import type { CmsSigner } from '../cms/build-cms.ts';
import { arrayOf, dictOf, name, number, numbers, numberOf, pdfDate, text } from '../drawing/pdf-objects.ts';
import { addAnnotation } from './place-marks.ts';

export interface SignatureToAppend {
  signer: CmsSigner;
  /** Wanted field name; a number is added when it is taken. */
  field: string;
  page: PDFPage;
  /** Of the widget, in user space; without it the signature is invisible. */
  visible?: { rectangle: [number, number, number, number]; appearance: PdfRef };
  name?: string;
  reason?: string;
  location?: string;
  contact?: string;
  at: Date;
  /** DocMDP level; only for the first signature of a file. */
  certification?: 1 | 2;
  /** Gives a RFC 3161 token over an imprint. */
  timestamp?: (imprint: Uint8Array) => Promise<Uint8Array>;
}

/** Wider than any offset, so that the real numbers fit in its place. */
const OFFSET = 9_999_999_999;
const PRINT_AND_LOCKED = 4 + 128;
const SIGNATURES_EXIST_APPEND_ONLY = 3;
/** Token of a public time-stamp service with its chain. */
const TIMESTAMP_ROOM = 12_000;

function signatureDictionary(wanted: SignatureToAppend, room: number): PdfDict {
  const dict = PdfDict.of({
    Type: name('Sig'),
    Filter: name('Adobe.PPKLite'),
    SubFilter: name('ETSI.CAdES.detached'),
    ByteRange: new PdfArray([number(0), number(OFFSET), number(OFFSET), number(OFFSET)]),
    Contents: new PdfString(new Uint8Array(room), 'hex'),
    M: pdfDate(wanted.at),
    Prop_Build: PdfDict.of({ App: PdfDict.of({ Name: name('Countersign') }) }),
  });
  if (wanted.name) dict.set('Name', text(wanted.name));
  if (wanted.reason) dict.set('Reason', text(wanted.reason));
  if (wanted.location) dict.set('Location', text(wanted.location));
  if (wanted.contact) dict.set('ContactInfo', text(wanted.contact));
  if (wanted.certification) {
    const parameters = PdfDict.of({
      Type: name('TransformParams'),
      P: number(wanted.certification),
      V: name('1.2'),
    });
    dict.set(
      'Reference',
      new PdfArray([
        PdfDict.of({ Type: name('SigRef'), TransformMethod: name('DocMDP'), TransformParams: parameters }),
      ]),
    );
  }
  return dict;
}

function freeFieldName(pdf: PDF, fields: PdfArray, wanted: string): string {
  const taken = new Set(fields.toArray().map((field) => dictOf(pdf, field)?.getString('T')?.asString()));
  let candidate = wanted;
  for (let counter = 2; taken.has(candidate); counter++) candidate = `${wanted}${counter}`;
  return candidate;
}

/** Field and widget in one dictionary, listed in the form and on its page. */
function addField(pdf: PDF, wanted: SignatureToAppend, signature: PdfRef): void {
  const catalog = pdf.getCatalog();
  const form = dictOf(pdf, catalog.get('AcroForm')) ?? new PdfDict();
  if (!catalog.has('AcroForm')) catalog.set('AcroForm', pdf.register(form));
  const fields = arrayOf(pdf, form.get('Fields')) ?? new PdfArray();
  if (!arrayOf(pdf, form.get('Fields'))) form.set('Fields', fields);
  const flags = numberOf(pdf, form.get('SigFlags')) ?? 0;
  form.set('SigFlags', number(flags | SIGNATURES_EXIST_APPEND_ONLY));

  const field = PdfDict.of({
    Type: name('Annot'),
    Subtype: name('Widget'),
    FT: name('Sig'),
    T: text(freeFieldName(pdf, fields, wanted.field)),
    V: signature,
    F: number(PRINT_AND_LOCKED),
    P: wanted.page.ref,
    Rect: numbers(...(wanted.visible?.rectangle ?? [0, 0, 0, 0])),
  });
  if (wanted.visible) field.set('AP', PdfDict.of({ N: wanted.visible.appearance }));
  const ref = pdf.register(field);
  fields.push(ref);
  addAnnotation(pdf, wanted.page.dict, ref);
}

/** Writes `pdf` with all its changes as one revision after `input`, with room for a signature, and signs it. */
export async function appendSignature(
  pdf: PDF,
  input: Uint8Array,
  wanted: SignatureToAppend,
): Promise<Uint8Array> {
  const chainSize = wanted.signer.chain.reduce((sum, certificate) => sum + certificate.length, 0);
  const room = 2048 + chainSize + (wanted.timestamp ? TIMESTAMP_ROOM : 0);
  const signature = pdf.register(signatureDictionary(wanted, room));
  if (wanted.certification) {
    const catalog = pdf.getCatalog();
    const permissions = dictOf(pdf, catalog.get('Perms')) ?? new PdfDict();
    permissions.set('DocMDP', signature);
    catalog.set('Perms', permissions);
  }
  addField(pdf, wanted, signature);

  const saved = await pdf.save({ incremental: true, subsetFonts: true });
  const output = Buffer.from(saved.buffer, saved.byteOffset, saved.length);
  // libpdf rewrites the whole file when it cannot append, without an error: an older signature would break.
  if (!output.subarray(0, input.length).equals(input)) throw new Error('the revision was not appended');

  const contents = `<${'00'.repeat(room)}>`;
  const contentsAt = output.indexOf(contents, input.length, 'latin1');
  const range = `${OFFSET} ${OFFSET} ${OFFSET}`;
  const rangeAt = output.indexOf(range, input.length, 'latin1');
  if (contentsAt < 0 || rangeAt < 0 || output.includes(contents, contentsAt + 1, 'latin1')) {
    throw new Error('the place of the signature was not found');
  }
  const contentsEnd = contentsAt + contents.length;
  const covered = `${contentsAt} ${contentsEnd} ${output.length - contentsEnd}`;
  output.write(covered.padEnd(range.length), rangeAt, 'latin1');

  const digest = createHash('sha256')
    .update(output.subarray(0, contentsAt))
    .update(output.subarray(contentsEnd))
    .digest();
  const cms = await buildCms(digest, wanted.signer, wanted.timestamp);
  if (cms.length > room) throw new Error(`signature of ${cms.length} bytes does not fit in ${room}`);
  output.write(cms.toString('hex'), contentsAt + 1, 'latin1');
  return output;
}

/** Opens a file for appending; the caller's file must be one that can be appended to. */
export function assertAppendable(pdf: PDF): void {
  // libpdf refuses every linearized file. Appending ends linearization but harms nothing (ISO 32000-1, annex F.4.6);
  // intake leaves only those that are signed, which have an appended revision already.
  if (pdf.canSaveIncrementally() === 'linearized') pdf['_isLinearized'] = false;
  const blocker = pdf.canSaveIncrementally();
  if (blocker !== null) throw new Error(`no revision can be appended: ${blocker}`);
  if (pdf.isEncrypted) throw new Error('no revision can be appended: encrypted');
}
