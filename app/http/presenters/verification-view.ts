import { signingNumber } from '../../domain/signing-number.ts';
import type { Signing } from '../../domain/signing.ts';
import { hasText } from '../../i18n/translator.ts';
import type { Translator } from '../../i18n/translator.ts';
import type { IssuedFile } from '../../ports/issued-file-store.ts';
import type { SignatureFinding, Trust, Verdict, VerificationResult } from '../../ports/pdf-engine.ts';
import type { Tone } from './signing-item.ts';

export interface SignatureView {
  readonly title: string;
  readonly tone: Tone;
  readonly integrity: SignatureFinding['integrity'];
  readonly kind: SignatureFinding['kind'];
  readonly signedBy: string;
  readonly reason: string;
  readonly issuer: string;
  readonly fingerprint: string;
  readonly certificateFrom?: Date;
  readonly certificateTo?: Date;
  readonly certificateValidThen: boolean;
  readonly claimedTime?: Date;
  readonly timestamp?: { readonly time: Date; readonly valid: boolean; readonly authority: string };
  readonly covers: SignatureFinding['covers'];
  readonly trust: Trust;
  /** Made by its own holder: proves that nothing changed, not who somebody is. */
  readonly selfIssued: boolean;
  readonly problems: readonly string[];
  readonly changes: readonly { readonly text: string; readonly page?: number; readonly permitted: boolean }[];
}

/** What the public page says about an uploaded file. */
export interface VerificationView {
  readonly verdict: Verdict;
  /**
   * `unknown_signer`: whole, but anyone could have made the certificate; `extended`: what was signed is whole, but the file
   * has something that the signed one had not. Neither is ever shown green.
   */
  readonly headline: Verdict | 'unknown_signer' | 'extended' | 'issued';
  readonly tone: Tone;
  readonly fileName: string;
  readonly sha256: string;
  readonly size: number;
  readonly pages: number;
  readonly signedBy: string;
  readonly issued?: { readonly at: Date; readonly kind: IssuedFile['kind']; readonly number: string };
  /** Of a file that we issued, while its signing is still stored. */
  readonly signers: readonly { readonly name: string; readonly at?: Date }[];
  readonly signatures: readonly SignatureView[];
  readonly warnings: readonly string[];
}

const TONES: Readonly<Record<VerificationView['headline'], Tone>> = {
  issued: 'success',
  unchanged: 'success',
  unknown_signer: 'warning',
  extended: 'warning',
  unsigned: 'neutral',
  changed: 'danger',
  broken: 'danger',
  not_a_pdf: 'neutral',
};

/**
 * @param issued what we remember of this very fingerprint
 * @param signing the signing it came from, if it is still stored
 */
export function verificationView(
  result: VerificationResult,
  issued: IssuedFile | undefined,
  signing: Signing | undefined,
  fileName: string,
  t: Translator,
): VerificationView {
  const headline = headlineOf(result, issued);
  const signers = issued ? signersOf(signing) : [];
  const seals = result.signatures
    .filter((signature) => signature.kind === 'signature')
    .map((signature) => signature.name || signature.certificate?.commonName || t('verify.unnamed'));
  return {
    verdict: result.verdict,
    headline,
    tone: TONES[headline],
    fileName,
    sha256: result.sha256,
    size: result.size,
    pages: result.pages,
    signedBy: [...new Set(signers.length > 0 ? signers.map((signer) => signer.name) : seals)].join(', '),
    signers,
    issued: issued && { at: issued.issuedAt, kind: issued.kind, number: signingNumber(issued.signingId) },
    signatures: result.signatures.map((signature) => signatureView(signature, t)),
    warnings: result.warnings.map((code) => textOr(t, `pdf.warning.${code}`, code)),
  };
}

export const signersOf = (signing: Signing | undefined): { name: string; at?: Date }[] =>
  (signing?.signers ?? [])
    .filter((signer) => signer.status === 'signed')
    .map((signer) => ({ name: signer.name, at: signer.signedAt }));

function headlineOf(
  result: VerificationResult,
  issued: IssuedFile | undefined,
): VerificationView['headline'] {
  if (result.verdict !== 'unchanged') return result.verdict;
  if (issued) return 'issued';
  if (result.signatures.every((signature) => signature.trust === 'unknown')) return 'unknown_signer';
  return result.signatures.some(isExtended) ? 'extended' : 'unchanged';
}

/** It holds, and yet something is wrong with it, or bytes that nobody signed stand in or behind the file. */
const isExtended = ({ problems, changesAfter }: SignatureFinding): boolean =>
  problems.length > 0 || changesAfter.some((change) => change.code === 'trailing_bytes');

function signatureView(signature: SignatureFinding, t: Translator): SignatureView {
  const { certificate, timestamp } = signature;
  const after = signature.changesAfter.some((change) => !change.permitted);
  const tone: Tone =
    signature.integrity === 'broken' || after
      ? 'danger'
      : signature.integrity === 'unsupported' || signature.trust === 'unknown' || isExtended(signature)
        ? 'warning'
        : 'success';
  return {
    title: signature.name || certificate?.commonName || t('verify.unnamed'),
    tone,
    integrity: signature.integrity,
    kind: signature.kind,
    signedBy: certificate?.subject ?? '',
    reason: signature.reason ?? '',
    issuer: certificate?.issuer ?? '',
    fingerprint: certificate?.fingerprint ?? '',
    certificateFrom: certificate?.validFrom,
    certificateTo: certificate?.validTo,
    certificateValidThen: signature.certificateValidThen,
    claimedTime: signature.claimedTime,
    timestamp: timestamp && { time: timestamp.time, valid: timestamp.valid, authority: timestamp.authority },
    covers: signature.covers,
    trust: signature.trust,
    selfIssued: certificate !== undefined && certificate.subject === certificate.issuer,
    problems: signature.problems.map((code) => textOr(t, `pdf.problem.${code}`, code)),
    changes: signature.changesAfter.map((change) => ({
      text: textOr(t, `pdf.change.${change.code}`, change.code),
      page: change.page,
      permitted: change.permitted,
    })),
  };
}

const textOr = (t: Translator, key: string, fallback: string): string => (hasText(key) ? t(key) : fallback);
