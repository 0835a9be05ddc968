import { formatSignaturePositions } from '../../domain/signature-positions.ts';
import type { SignaturePosition } from '../../domain/signature-positions.ts';
import type { FilePair, Signing } from '../../domain/signing.ts';
import type { FileStore } from '../../ports/file-store.ts';

const idOf = (signing: Signing): string => `${signing.id}/agreement-positions`;

/** Keeps the places that the agreement's text marked until its one seal at the end; stored before the agreement itself. */
export async function keepAgreementPositions(
  signing: Signing,
  anchors: SignaturePosition[],
  files: Pick<FileStore, 'put'>,
): Promise<void> {
  if (anchors.length === 0) return;
  const about = { portalId: signing.portalId, name: 'positions.txt', type: 'text/plain' };
  await files.put(idOf(signing), Buffer.from(formatSignaturePositions(anchors)), about);
}

/** Where the marks go in the document or the agreement, in the grammar of `signature_positions`. */
export async function positionsIn(
  signing: Signing,
  kind: keyof FilePair,
  files: Pick<FileStore, 'has' | 'get'>,
): Promise<string> {
  if (kind === 'signed') return signing.positions;
  const id = idOf(signing);
  return (await files.has(id)) ? Buffer.from(await files.get(id)).toString() : '';
}
