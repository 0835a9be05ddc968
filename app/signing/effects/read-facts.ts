import type { PdfEngine, SignatureFinding } from '../../ports/pdf-engine.ts';
import type { PdfFacts } from './store-once.ts';

const isBaseline = (level: SignatureFinding['level']): level is NonNullable<PdfFacts['level']> =>
  level !== 'cms' && level !== 'timestamp';

/** The facts of a PDF that was made earlier: those of its newest signature. */
export async function readFacts(
  pdf: Pick<PdfEngine, 'verify'>,
  bytes: Uint8Array,
  at: Date,
): Promise<PdfFacts> {
  const { pages, signatures } = await pdf.verify({ pdf: bytes, at });
  const newest = signatures.findLast((signature) => signature.kind === 'signature');
  return {
    pages,
    ...(newest && isBaseline(newest.level) ? { level: newest.level } : {}),
    ...(newest?.timestamp?.valid ? { timestampAt: newest.timestamp.time } : {}),
  };
}
