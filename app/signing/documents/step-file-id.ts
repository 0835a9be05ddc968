import type { FilePair, Signing } from '../../domain/signing.ts';

/** Where a file is kept that has the signatures up to this signer's. */
export const stepFileId = (signing: Signing, kind: keyof FilePair, signerId: string): string =>
  `${signing.id}/${kind}-by-${signerId}`;
