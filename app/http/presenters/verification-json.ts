import type { IssuedFile } from '../../ports/issued-file-store.ts';
import type { VerificationResult } from '../../ports/pdf-engine.ts';

/**
 * The verifier's findings for programs. Written down in docs/verify.md.
 * @param pictures whether those of changed pages go along, as base64
 */
export const verificationJson = (
  result: VerificationResult,
  issued: IssuedFile | undefined,
  pictures: boolean,
) => ({
  ...result,
  changedPages: result.changedPages.map(({ signed, now, ...page }) => ({
    ...page,
    ...(pictures && signed && { signed: base64(signed) }),
    ...(pictures && now && { now: base64(now) }),
  })),
  ...(issued && { issued: { kind: issued.kind, issuedAt: issued.issuedAt } }),
});

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
