import { createHash } from 'node:crypto';
import { PDF } from '@libpdf/core';
import { createTranslator } from '../../i18n/translator.ts';
import type { ExpectedSigner, OpenedDocument, OpenRequest, SigningRef } from '../../ports/pdf-engine.ts';
import type { Box, Canvas } from '../drawing/canvas.ts';
import { createFonts } from '../drawing/fonts.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { columnWidth } from '../drawing/page-flow.ts';
import { userRectangle, visiblePage } from '../drawing/page-geometry.ts';
import { palette, styles } from '../drawing/palette.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { findSignatureFields } from '../verify/find-signatures.ts';
import { signNewField } from './append-signature.ts';
import type { SignatureToAppend } from './append-signature.ts';
import { newFieldNames } from './field-names.ts';
import { namesInUse } from './form-fields.ts';
import { createFieldMaker } from './mark-fields.ts';
import type { FieldMaker } from './mark-fields.ts';
import { pageAt, planMarks } from './place-marks.ts';
import type { PlacedMark } from './place-marks.ts';
import { sealAppearance } from './seal-appearance.ts';
import { shortenLine } from './shorten-lines.ts';
import { createSignaturePages } from './signature-page.ts';
import type { PlaceOnPage } from './signature-page.ts';
import { cardFieldHeight, drawWaitingCard } from './signer-card.ts';
import { settleAppearances } from './settle-appearances.ts';
import { timestampSignature } from './timestamp-signature.ts';
import { assertAppendable } from './write-signature.ts';

/** A place to sign that is lower than this shows nothing before it is signed: it could not be read. */
const NOTE_FROM_HEIGHT = 16;

/** A quiet line to sign on, and whose it is. */
function drawWaitingPlace(
  fonts: Fonts,
  canvas: Canvas,
  box: Box,
  signer: ExpectedSigner,
  { lang }: SigningRef,
): void {
  if (box.height < NOTE_FROM_HEIGHT) return;
  const style = { ...styles.small, size: Math.min(6.5, box.height / 4) };
  const note = `${signer.name} · ${createTranslator(lang)('pdf.page.not_signed')}`;
  canvas.line(box.x, box.y + 0.5, box.x + box.width, box.y + 0.5, palette.line, 0.75);
  canvas.text(shortenLine(fonts, note, style, box.width), box.x, box.y + 3, style);
}

/** A field for every mark that has a place in the document. */
function addMarkFields(
  pdf: PDF,
  fonts: Fonts,
  maker: FieldMaker,
  marks: PlacedMark<ExpectedSigner>[],
  signing: SigningRef,
): void {
  const waiting = new Set<ExpectedSigner>();
  for (const { signer, position, page, box } of marks) {
    const first = position.kind === 'sign' && !waiting.has(signer);
    if (first) waiting.add(signer);
    const draw = (canvas: Canvas, at: Box): void => drawWaitingPlace(fonts, canvas, at, signer, signing);
    maker.add(signer, position.kind, pageAt(pdf, page), box, first ? draw : undefined);
  }
}

/** Signature pages with a card, which is a signature field, for everyone in `signers`. */
function addSignaturePages(
  pdf: PDF,
  fonts: Fonts,
  maker: FieldMaker,
  signers: ExpectedSigner[],
  request: OpenRequest,
  { seal }: JobContext,
): Pick<SignatureToAppend, 'page' | 'visible'> {
  const { signing } = request;
  const sheets = createSignaturePages(fonts, signing, request.signers.length);
  const cards: (PlaceOnPage & { signer: ExpectedSigner })[] = signers.map((signer) => ({
    signer,
    ...sheets.takeCard(cardFieldHeight(fonts, signer, signing, columnWidth)),
  }));
  const place = sheets.takeSeal();
  const first = pdf.getPageCount();
  sheets.finish(pdf);
  for (const { signer, page, box } of cards) {
    maker.add(signer, 'card', pageAt(pdf, first + page), box, (canvas, at) =>
      drawWaitingCard(fonts, canvas, at, signer, signing),
    );
  }
  const page = pageAt(pdf, first + place.page);
  const text = { sealedAt: request.openedAt, sealer: seal.name, ...seal, state: 'open' as const };
  return {
    page,
    visible: {
      rectangle: userRectangle(visiblePage(pdf, page.dict), place.box),
      appearance: sealAppearance(pdf, fonts, place.box, text, signing),
    },
  };
}

/** See PdfEngine.openForSigning. */
export async function openForSigning(request: OpenRequest, context: JobContext): Promise<OpenedDocument> {
  const { signers, signing, positions = [] } = request;
  if (signers.length === 0) throw new Error('nobody is to sign');
  const pdf = await PDF.load(request.pdf);
  assertAppendable(pdf);
  if (findSignatureFields(pdf).length > 0) {
    const sha256 = createHash('sha256').update(request.pdf).digest('hex');
    const pages = pdf.getPageCount();
    return { pdf: request.pdf, sha256, pages, signaturePage: 0, level: 'B-B', warnings: [] };
  }

  const fonts = createFonts(pdf);
  settleAppearances(pdf, fonts);
  const names = newFieldNames(namesInUse(pdf), signing.id);
  const maker = createFieldMaker(pdf, fonts, names);
  const { marks, outside } = planMarks(pdf, signers, positions);
  addMarkFields(pdf, fonts, maker, marks, signing);
  const withPlace = new Set(
    marks.filter(({ position }) => position.kind === 'sign').map(({ signer }) => signer),
  );
  const onPage = signers.filter((signer) => !withPlace.has(signer));
  const signaturePage = onPage.length > 0 ? pdf.getPageCount() + 1 : 0;
  const place = signaturePage
    ? addSignaturePages(pdf, fonts, maker, onPage, request, context)
    : { page: pageAt(pdf, 0) };
  maker.finish();

  const timestamp = timestampSignature(request.timestamps, context);
  const written = await signNewField(pdf, request.pdf, {
    signer: context.seal,
    field: names.certification,
    ...place,
    name: context.seal.name,
    reason: request.reason,
    location: request.location,
    contact: request.contact,
    at: request.openedAt,
    certification: 2,
    ...timestamp.wanted,
  });
  const { level, timestampAt, warnings } = timestamp.outcome();
  return {
    ...written,
    pages: pdf.getPageCount(),
    signaturePage,
    level,
    timestampAt,
    warnings: [...(outside > 0 ? (['position_outside'] as const) : []), ...warnings],
  };
}
