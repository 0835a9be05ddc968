import { PDF } from '@libpdf/core';
import { createTranslator } from '../../i18n/translator.ts';
import type { ReportRequest } from '../../ports/pdf-engine.ts';
import { isTimestampUnavailable, timestampFrom } from '../cms/ask-timestamp-servers.ts';
import { createFonts } from '../drawing/fonts.ts';
import { columnWidth, sheet } from '../drawing/page-flow.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { appendSignature } from '../sealing/append-signature.ts';
import type { SignatureToAppend } from '../sealing/append-signature.ts';
import { sealAppearance } from '../sealing/seal-appearance.ts';
import { SEAL_HEIGHT } from '../sealing/signature-page.ts';

interface SealedReport {
  bytes: Uint8Array;
  /** Time from the time-stamp, where there is one. */
  timestampAt?: Date;
}

/**
 * Seals the written report so that nothing may be added to it (DocMDP 1), with a time-stamp where the request wants one.
 * @param unsealed as it was saved
 * @param field place of the visible seal: page (from 0) and the height of its upper edge in points
 */
export async function sealReport(
  unsealed: Uint8Array,
  field: { page: number; top: number },
  { signing, reportedAt, timestamps }: ReportRequest,
  { seal, postTimestampQuery }: JobContext,
): Promise<SealedReport> {
  const t = createTranslator(signing.lang);
  const append = async (timestamp?: SignatureToAppend['timestamp']): Promise<Uint8Array> => {
    const pdf = await PDF.load(unsealed);
    const page = pdf.getPage(field.page);
    if (!page) throw new Error('the page of the seal is missing');
    const text = { sealedAt: reportedAt, sealer: seal.name, ...seal };
    const size = { width: columnWidth, height: SEAL_HEIGHT };
    const appearance = sealAppearance(pdf, createFonts(pdf), size, text, signing);
    return appendSignature(pdf, unsealed, {
      signer: seal,
      field: 'Countersign',
      page,
      visible: {
        rectangle: [sheet.left, field.top - SEAL_HEIGHT, sheet.left + columnWidth, field.top],
        appearance,
      },
      name: seal.name,
      reason: t('report.title'),
      at: reportedAt,
      certification: 1,
      timestamp,
    });
  };

  if (!timestamps) return { bytes: await append() };
  if (!postTimestampQuery) throw new Error('time-stamps need postTimestampQuery');
  let timestampAt: Date | undefined;
  try {
    const bytes = await append(timestampFrom(timestamps, postTimestampQuery, (time) => (timestampAt = time)));
    return { bytes, timestampAt };
  } catch (error) {
    if (timestamps.whenDown === 'fail' || !isTimestampUnavailable(error)) throw error;
    return { bytes: await append() };
  }
}
