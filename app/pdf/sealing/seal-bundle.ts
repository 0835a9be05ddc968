import { createHash } from 'node:crypto';
import { PDF } from '@libpdf/core';
import { createTranslator } from '../../i18n/translator.ts';
import { PdfEngineFailure } from '../../ports/pdf-engine.ts';
import type { SealedDocument, SealRequest, SealWarning } from '../../ports/pdf-engine.ts';
import { requestTimestamp } from '../cms/request-timestamp.ts';
import { createFonts } from '../drawing/fonts.ts';
import type { Fonts } from '../drawing/fonts.ts';
import { drawFoot } from '../drawing/page-parts.ts';
import { positionBox, uprightMatrix, userRectangle, visiblePage } from '../drawing/page-geometry.ts';
import { findSignatureFields } from '../verify/find-signatures.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { appendSignature, assertAppendable } from './append-signature.ts';
import type { SignatureToAppend } from './append-signature.ts';
import { createMarkPainter } from './draw-mark.ts';
import type { MarkPainter } from './draw-mark.ts';
import { drawMarks, planMarks } from './place-marks.ts';
import { sealAppearance, signedStripSize, signersAppearance } from './seal-appearance.ts';
import { composeSignaturePages } from './signature-page.ts';

type FieldPlace = Pick<SignatureToAppend, 'page' | 'visible'>;

interface Composed {
  place: FieldPlace;
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
  const { marks, outside } = planMarks(pdf, signers, positions, painter);
  drawMarks(pdf, fonts, marks, painter);
  const warnings: SealWarning[] = outside > 0 ? ['position_outside'] : [];
  const placed = new Set(
    marks.filter(({ position }) => position.kind === 'sign').map(({ signer }) => signer),
  );
  if (signers.every((signer) => placed.has(signer))) {
    return { place: { page: pageAt(pdf, 0) }, signaturePage: 0, warnings };
  }

  const t = createTranslator(signing.lang);
  const before = pdf.getPageCount();
  const { flow, seal: field } = composeSignaturePages(fonts, signers, signing, painter);
  flow.finish(pdf, (canvas, page, pages) => {
    drawFoot(fonts, canvas, t('pdf.page.foot', { id: signing.id }), t('pdf.page.number', { page, pages }));
  });
  const page = pageAt(pdf, before + field.page);
  const text = { sealedAt: request.sealedAt, sealer: seal.name, ...seal };
  const appearance = sealAppearance(pdf, fonts, field.box, text, signing);
  const rectangle = userRectangle(visiblePage(pdf, page.dict), field.box);
  return { place: { page, visible: { rectangle, appearance } }, signaturePage: before + 1, warnings };
}

/** Of a signed document nothing may change: all marks go into the appearance of the new signature's own field. */
function composeSigned(pdf: PDF, fonts: Fonts, painter: MarkPainter, request: SealRequest): Composed {
  const { signers, signing, positions = [] } = request;
  const { marks, outside } = planMarks(pdf, signers, positions, painter);
  const wanted = marks.find(({ position }) => position.kind === 'sign');
  const page = pageAt(pdf, wanted ? wanted.page : pdf.getPageCount() - 1);
  const view = visiblePage(pdf, page.dict);
  const size = signedStripSize(signers.length, view.width);
  const box = (wanted && positionBox(view, wanted.position)) ?? { x: 24, y: 18, ...size };
  const appearance = signersAppearance(pdf, fonts, box, signers, signing, painter, uprightMatrix(view));
  return {
    place: { page, visible: { rectangle: userRectangle(view, box), appearance } },
    signaturePage: 0,
    warnings: outside > 0 || marks.length > 1 ? ['position_outside'] : [],
  };
}

function pageAt(pdf: PDF, index: number): NonNullable<ReturnType<PDF['getPage']>> {
  const page = pdf.getPage(index);
  if (!page) throw new Error(`the document has no page ${index + 1}`);
  return page;
}

/** Asks the servers in turn; remembers the time of the token that was taken. */
function timestampFrom(
  urls: string[],
  post: NonNullable<JobContext['postTimestampQuery']>,
  taken: (time: Date) => void,
): (imprint: Uint8Array) => Promise<Uint8Array> {
  return async (imprint) => {
    const failures: string[] = [];
    for (const url of urls) {
      try {
        const { token, time } = await requestTimestamp(imprint, (query) => post(url, query));
        taken(time);
        return token;
      } catch (error) {
        failures.push(`${new URL(url).host}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    throw new PdfEngineFailure('timestamp_unavailable', `no time-stamp: ${failures.join('; ')}`);
  };
}

/** See PdfEngine.sealBundle. */
export async function sealBundle(request: SealRequest, context: JobContext): Promise<SealedDocument> {
  if (request.signers.length === 0) throw new Error('nobody signed');
  const compose = async (timestamp?: SignatureToAppend['timestamp']) => {
    const pdf = await PDF.load(request.pdf);
    assertAppendable(pdf);
    const signed = findSignatureFields(pdf).length > 0;
    const fonts = createFonts(pdf);
    const painter = createMarkPainter(pdf, fonts, request.signing);
    const composed = signed
      ? composeSigned(pdf, fonts, painter, request)
      : composeUnsigned(pdf, fonts, painter, request, context);
    const bytes = await appendSignature(pdf, request.pdf, {
      signer: context.seal,
      field: 'Countersign',
      ...composed.place,
      name: context.seal.name,
      reason: request.reason,
      location: request.location,
      contact: request.contact,
      at: request.sealedAt,
      certification: signed ? undefined : request.certification,
      timestamp,
    });
    return { ...composed, bytes, pages: pdf.getPageCount() };
  };

  const { tsaUrls = [], whenTsaDown = 'fail' } = request;
  let timestampAt: Date | undefined;
  const post = context.postTimestampQuery;
  if (tsaUrls.length > 0 && !post) throw new Error('time-stamps need postTimestampQuery');
  const timestamp =
    post && tsaUrls.length > 0 ? timestampFrom(tsaUrls, post, (time) => (timestampAt = time)) : undefined;
  let result: Awaited<ReturnType<typeof compose>>;
  try {
    result = await compose(timestamp);
  } catch (error) {
    const missing = error instanceof PdfEngineFailure && error.code === 'timestamp_unavailable';
    if (!missing || whenTsaDown === 'fail') throw error;
    result = await compose();
    result.warnings.push('timestamp_missing');
  }
  return {
    pdf: result.bytes,
    sha256: createHash('sha256').update(result.bytes).digest('hex'),
    pages: result.pages,
    signaturePage: result.signaturePage,
    level: timestampAt ? 'B-T' : 'B-B',
    timestampAt,
    warnings: result.warnings,
  };
}
