import { signingNumber } from '../../domain/signing-number.ts';
import type { Signing } from '../../domain/signing.ts';
import type { PageStrip, SigningRef } from '../../ports/pdf-engine.ts';

/** The public page that checks the signing's files. */
const verifyUrl = (signing: Signing, publicUrl: string): string => `${publicUrl}/verify/${signing.id}`;

/** How the files refer to the signing: its short number and the public page that checks them. */
export const signingRef = (signing: Signing, publicUrl: string): SigningRef => ({
  id: signingNumber(signing.id),
  title: signing.title,
  lang: signing.language,
  verifyUrl: verifyUrl(signing, publicUrl),
  timeZone: signing.timeZone || 'UTC',
});

/** What stands on every page, when the signing wants that. */
export const pageStrip = (signing: Signing, publicUrl: string): PageStrip | undefined =>
  signing.sealing.pageStrip
    ? {
        id: signingNumber(signing.id),
        verifyUrl: verifyUrl(signing, publicUrl),
        lang: signing.language,
      }
    : undefined;
