import type { SignatureFinding } from '../../ports/pdf-engine.ts';
import { changesView, hasTrailingBytes } from './changes-view.ts';
import type { ChangesView } from './changes-view.ts';
import type { Tone } from './signing-item.ts';
import { codeText, foreignText } from './verification-texts.ts';
import type { FindingTexts } from './verification-texts.ts';

const MAX_LOCKS = 20;

/** One question answered by itself. */
export interface Answer {
  readonly tone: Tone;
  readonly text: string;
}

export type SignatureStatus =
  | 'valid'
  | 'broken'
  | 'changed_after'
  | 'revoked'
  | 'unsupported'
  | 'unknown_key'
  | 'doubtful'
  | 'registered';

export interface SignatureView {
  readonly kind: SignatureFinding['kind'];
  /** Who it says it is of. */
  readonly title: string;
  readonly status: SignatureStatus;
  readonly tone: Tone;
  /** Whether the signed bytes hold, whose certificate it is, whether that was still good, and since when it exists. */
  readonly answers: Readonly<Record<'integrity' | 'trust' | 'revocation' | 'time', Answer>>;
  readonly certificate?: {
    readonly subject: string;
    readonly issuer: string;
    readonly serial: string;
    readonly fingerprint: string;
    readonly from: Date;
    readonly to: Date;
    readonly validThen: boolean;
  };
  /** The signer's own clock, which proves nothing. */
  readonly claimedTime?: Date;
  readonly reason: string;
  readonly location: string;
  readonly contact: string;
  /** The level in words, with its standard. */
  readonly level: string;
  readonly covers: string;
  /** What a certification allows later, in words. */
  readonly certification?: string;
  readonly locks?: string;
  readonly problems: readonly string[];
  readonly changes: ChangesView;
}

/** What has to be known of the file around a signature. */
export interface SignatureSurroundings {
  /** Revisions of the file, counting signatures and what came after the last of them. */
  readonly revisions: number;
  /** The certificate of this service was made by itself. */
  readonly selfIssued: boolean;
  /** The first later time-stamp of the whole document that can be relied on. */
  readonly provenAt?: Date;
}

const STATUS_TONES: Readonly<Record<SignatureStatus, Tone>> = {
  valid: 'success',
  broken: 'danger',
  changed_after: 'danger',
  revoked: 'danger',
  unsupported: 'warning',
  unknown_key: 'warning',
  doubtful: 'warning',
  registered: 'neutral',
};

/** The worst that can be said of it. */
export function signatureStatus(signature: SignatureFinding): SignatureStatus {
  const { integrity, revocation, trust, problems, changesAfter } = signature;
  if (integrity === 'broken') return 'broken';
  if (changesAfter.some((change) => !change.permitted)) return 'changed_after';
  if (integrity === 'unsupported') return 'unsupported';
  if (revocation === 'revoked') return 'revoked';
  if (trust === 'unknown') return 'unknown_key';
  if (problems.length > 0 || !signature.certificateValidThen || hasTrailingBytes(signature))
    return 'doubtful';
  return trust === 'registered' ? 'registered' : 'valid';
}

export function signatureView(
  signature: SignatureFinding,
  around: SignatureSurroundings,
  texts: FindingTexts,
): SignatureView {
  const { t } = texts;
  const { certificate, certification } = signature;
  const status = signatureStatus(signature);
  return {
    kind: signature.kind,
    title: signatureTitle(signature) || t('verify.unnamed'),
    status,
    tone: STATUS_TONES[status],
    answers: answersOf(signature, around, texts),
    certificate: certificate && {
      subject: foreignText(certificate.subject),
      issuer: foreignText(certificate.issuer),
      serial: foreignText(certificate.serial),
      fingerprint: certificate.fingerprint,
      from: certificate.validFrom,
      to: certificate.validTo,
      validThen: signature.certificateValidThen,
    },
    claimedTime: signature.claimedTime,
    reason: foreignText(signature.reason),
    location: foreignText(signature.location),
    contact: foreignText(signature.contact),
    level: t(`verify.level_${signature.level.replace('-', '_').toLowerCase()}`),
    covers: t(`verify.covers_${signature.covers}`, {
      revision: signature.revision,
      revisions: around.revisions,
    }),
    certification: certification && t(`verify.certification_${certification}`),
    locks: locksText(signature, texts),
    problems: [...new Set(signature.problems.map((code) => codeText(t, 'problem', code)))],
    changes: changesView(signature, texts),
  };
}

export const signatureTitle = ({ name, certificate }: SignatureFinding): string =>
  foreignText(name || certificate?.commonName);

function answersOf(
  signature: SignatureFinding,
  around: SignatureSurroundings,
  texts: FindingTexts,
): SignatureView['answers'] {
  const { t, at } = texts;
  const { integrity, trust, revocation, revokedAt } = signature;
  // Who made a signature that does not hold, or with a key of anybody's, is not known: nothing about it may look good.
  const reliable = integrity === 'valid' && trust !== 'unknown' && revocation !== 'revoked';
  const answer = (tone: Tone, text: string): Answer => ({
    tone: tone === 'success' && !reliable ? 'neutral' : tone,
    text,
  });
  const selfIssued = trust === 'ours' && around.selfIssued;
  return {
    integrity: answer(
      ({ valid: 'success', broken: 'danger', unsupported: 'warning' } as const)[integrity],
      t(`verify.integrity_${integrity}`),
    ),
    trust: answer(
      trust === 'unknown' ? 'warning' : selfIssued || trust === 'registered' ? 'neutral' : 'success',
      // The certificate lies in every file of ours: whoever breaks one can leave it there.
      t(`verify.trust_${integrity === 'broken' ? 'broken' : selfIssued ? 'self_issued' : trust}`),
    ),
    revocation: answer(
      ({ good: 'success', revoked: 'danger', unknown: 'neutral', not_published: 'neutral' } as const)[
        revocation
      ],
      revocation === 'revoked' && revokedAt
        ? t('verify.revocation_revoked_at', { at: at(revokedAt) })
        : t(`verify.revocation_${revocation}`),
    ),
    time: timeAnswer(signature, around, texts, answer),
  };
}

function timeAnswer(
  { timestamp, claimedTime }: SignatureFinding,
  { provenAt }: SignatureSurroundings,
  { t, at }: FindingTexts,
  answer: (tone: Tone, text: string) => Answer,
): Answer {
  if (timestamp) {
    const values = { at: at(timestamp.time), authority: foreignText(timestamp.authority) };
    if (!timestamp.valid) return answer('warning', t('verify.time_wrong'));
    return timestamp.trust === 'unknown'
      ? answer('warning', t('verify.time_unknown_authority', values))
      : answer('success', t('verify.time_trusted', values));
  }
  if (provenAt) return answer('success', t('verify.time_proven', { at: at(provenAt) }));
  return answer('neutral', t(claimedTime ? 'verify.time_claimed' : 'verify.time_none'));
}

function locksText({ locks }: SignatureFinding, { t }: FindingTexts): string | undefined {
  if (locks === 'all') return t('verify.locks_all');
  if (!locks || locks.length === 0) return undefined;
  const fields = locks.slice(0, MAX_LOCKS).map(foreignText).join(', ');
  return t('verify.locks_some', { fields, count: locks.length, more: Math.max(0, locks.length - MAX_LOCKS) });
}
