import type { Signer, Signing, StoredFile } from '../domain/signing.ts';
import { formatDateTime } from '../i18n/format-date-time.ts';
import { createTranslator } from '../i18n/translator.ts';
import type { Language } from '../i18n/translator.ts';
import { channelOf, maskedAddress } from '../signing/signer/channel-of.ts';
import { consentIn } from '../signing/signer/consent.ts';
import { waitForCode } from '../signing/signer/one-time-code.ts';
import type { SignerPage } from '../signing/signer/open-signer-page.ts';
import { MARK_TEXT_MAX } from '../signing/signer/read-mark.ts';
import { REASON_MAX } from '../signing/signer/decline.ts';

/** A moment as text, and as data for the script that shows it in the reader's own time zone. */
interface Moment {
  readonly iso: string;
  readonly text: string;
}
const momentOf = (at: Date, signing: Signing, language: Language): Moment => ({
  iso: at.toISOString(),
  text: formatDateTime(at, language, signing.timeZone),
});

export interface ProgressLine {
  readonly name: string;
  readonly you: boolean;
  readonly signedAt?: Moment;
}

/** Names and who has signed; never an address, a link or a reason. */
export const progressOf = (signing: Signing, me: Signer, language: Language): ProgressLine[] =>
  signing.signers.map((signer) => ({
    name: signer.name,
    you: signer.id === me.id,
    ...(signer.signedAt && { signedAt: momentOf(signer.signedAt, signing, language) }),
  }));

export type DownloadKind = 'signed' | 'agreement' | 'report';

/** The finished files, which exist for signers only when the signing is completed. */
export function downloadsOf(signing: Signing): Partial<Record<DownloadKind, StoredFile>> {
  if (signing.status !== 'completed') return {};
  const { signedFile: signed, signedAgreement: agreement, report } = signing;
  return { ...(signed && { signed }), ...(agreement && { agreement }), ...(report && { report }) };
}

/** What every state of the page shows. */
function frameOf({ signing, signer, state }: SignerPage, base: string, language: Language) {
  const other: Language = language === 'ru' ? 'en' : 'ru';
  return {
    base,
    state,
    title: signing.title,
    initiator: signing.initiator,
    purpose: createTranslator(language)(`portal.purpose_${signing.purpose}`),
    deadline: momentOf(signing.expiresAt, signing, language),
    signerName: signer.name,
    otherLanguage: { code: other, href: `${base}?lang=${other}` },
    progress: progressOf(signing, signer, language),
  };
}

/** The page on which the signer reads, confirms and signs. */
export function signingView(
  page: SignerPage,
  base: string,
  language: Language,
  identified: boolean,
  now: Date,
) {
  const { signing, signer } = page;
  const channel = channelOf(signer) ?? 'email';
  const codeIsOut = signer.code !== undefined && signer.code.triesLeft > 0 && signer.code.expiresAt > now;
  return {
    ...frameOf(page, base, language),
    message: signing.message.split(/\r\n?|\n/).filter((line) => line.trim()),
    documents: signing.documents.length,
    withAgreement: signing.withAgreement && signing.agreement !== undefined,
    channel,
    address: maskedAddress(signer, channel),
    codeIsOut,
    consent: consentIn(language),
    limits: { reason: REASON_MAX, typed: MARK_TEXT_MAX },
    script: {
      base,
      identified,
      codeIsOut,
      waitS: codeIsOut ? waitForCode(signer.code, now).waitS : 0,
      bundleSha256: signing.bundle?.sha256 ?? '',
    },
  };
}

/** Every other state: what happened, what is next, and the files when there are any. */
export function outcomeView(page: SignerPage, base: string, language: Language, publicUrl: string) {
  const { signing, signer, state } = page;
  const open = signing.signers.filter((each) => each.status !== 'signed').length;
  const sha256 = signing.signedFile?.sha256;
  const completed = state === 'completed';
  return {
    ...frameOf(page, base, language),
    waiting: open,
    showProgress: state === 'signed' || completed,
    tone: completed || state === 'signed' ? 'good' : state === 'not_yet' ? 'wait' : 'over',
    readable: state === 'signed',
    downloads: Object.keys(downloadsOf(signing)) as DownloadKind[],
    ...(completed && sha256 && { sha256, verifyUrl: `${publicUrl}/verify/${signing.id}?h=${sha256}` }),
    ...(state === 'error' && signing.error && { reference: signing.error.reference }),
    showContact: !completed && state !== 'signed',
    script: {
      base,
      state,
      signed: signing.signers.length - open,
      watch: state === 'signed' || state === 'not_yet',
    },
    you: signer.name,
  };
}
