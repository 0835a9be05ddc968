import { PDF } from '@libpdf/core';
import type { OpenedDocument, SealRequest, SealWarning } from '../../ports/pdf-engine.ts';
import { createFonts } from '../drawing/fonts.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { columnWidth } from '../drawing/page-flow.ts';
import { positionBox, uprightMatrix, userRectangle, visiblePage } from '../drawing/page-geometry.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { findSignatureFields } from '../verify/find-signatures.ts';
import { signNewField } from './append-signature.ts';
import type { SignatureToAppend } from './append-signature.ts';
import { createMarkPainter } from './draw-mark.ts';
import type { MarkPainter } from './draw-mark.ts';
import { drawMarks, pageAt, planMarks } from './place-marks.ts';
import { sealAppearance } from './seal-appearance.ts';
import { createSignaturePages } from './signature-page.ts';
import { cardHeight, drawSignedCard } from './signer-card.ts';
import { cellsAppearance, stripBox } from './signer-cell.ts';
import { timestampSignature } from './timestamp-signature.ts';
import { assertAppendable } from './write-signature.ts';

interface Composed {
  place: Pick<SignatureToAppend, 'page' | 'visible'>;
  signaturePage: number;
  warnings: SealWarning[];
}

/** Draws marks into an unsigned document and adds a signature page for signers who found no place in it. */
function composeUnsigned(
  pdf: PDF,
  fonts: Fonts,
  painter: MarkPainter,
  request: SealRequest,
  { seal }: JobContext,
): Composed {
  const { signers, signing, positions = [] } = request;
  const { marks, outside } = planMarks(pdf, signers, positions, painter.has);
  drawMarks(pdf, fonts, marks, painter);
  const warnings: SealWarning[] = outside > 0 ? ['position_outside'] : [];
  const placed = new Set(
    marks.filter(({ position }) => position.kind === 'sign').map(({ signer }) => signer),
  );
  if (signers.every((signer) => placed.has(signer))) {
    return { place: { page: pageAt(pdf, 0) }, signaturePage: 0, warnings };
  }

  const signaturePage = pdf.getPageCount() + 1;
  const pages = createSignaturePages(fonts, signing, signers.length);
  for (const signer of signers) {
    const { canvas, box } = pages.takeCard(cardHeight(fonts, signer, signing, columnWidth));
    drawSignedCard(fonts, canvas, box, signer, signing, painter, false);
  }
  const field = pages.takeSeal();
  pages.finish(pdf);
  const page = pageAt(pdf, signaturePage - 1 + field.page);
  const text = { sealedAt: request.sealedAt, sealer: seal.name, ...seal };
  const appearance = sealAppearance(pdf, fonts, field.box, text, signing);
  const rectangle = userRectangle(visiblePage(pdf, page.dict), field.box);
  return { place: { page, visible: { rectangle, appearance } }, signaturePage, warnings };
}

/** Of a signed document nothing may change: all marks go into the appearance of the new signature's own field. */
function composeSigned(pdf: PDF, fonts: Fonts, painter: MarkPainter, request: SealRequest): Composed {
  const { signers, signing, positions = [] } = request;
  const { marks, outside } = planMarks(pdf, signers, positions, painter.has);
  const wanted = marks.find(({ position }) => position.kind === 'sign');
  const page = pageAt(pdf, wanted ? wanted.page : pdf.getPageCount() - 1);
  const view = visiblePage(pdf, page.dict);
  const box = (wanted && positionBox(view, wanted.position)) ?? stripBox(signers.length, view.width);
  const appearance = cellsAppearance(pdf, fonts, box, signers, signing, painter, uprightMatrix(view));
  return {
    place: { page, visible: { rectangle: userRectangle(view, box), appearance } },
    signaturePage: 0,
    warnings: outside > 0 || marks.length > 1 ? ['position_outside'] : [],
  };
}

/** See PdfEngine.sealBundle. */
export async function sealBundle(request: SealRequest, context: JobContext): Promise<OpenedDocument> {
  if (request.signers.length === 0) throw new Error('nobody signed');
  const pdf = await PDF.load(request.pdf);
  assertAppendable(pdf);
  const signed = findSignatureFields(pdf).length > 0;
  const fonts = createFonts(pdf);
  const painter = createMarkPainter(pdf, fonts, request.signing);
  const composed = signed
    ? composeSigned(pdf, fonts, painter, request)
    : composeUnsigned(pdf, fonts, painter, request, context);
  const timestamp = timestampSignature(request.timestamps, context);
  const written = await signNewField(pdf, request.pdf, {
    signer: context.seal,
    field: 'Countersign',
    ...composed.place,
    name: context.seal.name,
    reason: request.reason,
    location: request.location,
    contact: request.contact,
    at: request.sealedAt,
    certification: signed ? undefined : 1,
    ...timestamp.wanted,
  });
  const { level, timestampAt, warnings } = timestamp.outcome();
  return {
    ...written,
    pages: pdf.getPageCount(),
    signaturePage: composed.signaturePage,
    level,
    timestampAt,
    warnings: [...composed.warnings, ...warnings],
  };
}
