import { canCancel, canRemind, canResume } from '../../domain/policy.ts';
import type { Delivery, Signer, Signing } from '../../domain/signing.ts';
import type { SignerStatus } from '../../domain/signing-status.ts';
import { hasText } from '../../i18n/translator.ts';
import type { Translator } from '../../i18n/translator.ts';
import { remindableFrom } from '../../signing/office/remind-rule.ts';
import { journalView } from './journal-lines.ts';
import type { JournalView } from './journal-lines.ts';
import { signingFiles } from './signing-files.ts';
import type { SigningFile } from './signing-files.ts';
import { SIGNER_TONES, nextSigners, signingItem } from './signing-item.ts';
import type { SigningItem, Tone } from './signing-item.ts';

export interface SignerView {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly contact: string;
  readonly party: Signer['party'];
  readonly status: SignerStatus;
  readonly tone: Tone;
  readonly isNext: boolean;
  readonly byMandate: boolean;
  readonly delivery?: Delivery;
  readonly undelivered: boolean;
  readonly invitedAt?: Date;
  readonly openedAt?: Date;
  readonly remindedAt?: Date;
  readonly signedAt?: Date;
  readonly declinedAt?: Date;
  readonly declineReason: string;
  /** How the person was identified when they signed. */
  readonly method?: 'email_code' | 'sms_code' | 'mandate';
  readonly canRemind: boolean;
  readonly remindableFrom?: Date;
}

/** Everything the page of one signing shows. */
export interface SigningDetails extends SigningItem {
  /** Changes whenever anything shown here does. */
  readonly version: string;
  readonly purpose: Signing['purpose'];
  readonly order: Signing['order'];
  readonly message: string;
  readonly initiator: string;
  readonly responsible: string;
  readonly dealId: string;
  /** Path in the portal. */
  readonly dealPath: string;
  readonly deadline: Date;
  readonly withAgreement: boolean;
  readonly steps: readonly { readonly number: number; readonly signers: readonly SignerView[] }[];
  readonly files: readonly SigningFile[];
  readonly journal: JournalView;
  readonly error?: { readonly text: string; readonly reference: string; readonly at: Date };
  readonly actions: { readonly remind: boolean; readonly cancel: boolean; readonly resume: boolean };
}

/** @param mayManage whether the reader may remind, cancel and resume */
export function signingDetails(
  signing: Signing,
  mayManage: boolean,
  t: Translator,
  now: Date,
): SigningDetails {
  const next = new Set(nextSigners(signing).map((signer) => signer.id));
  const remind = mayManage && canRemind(signing);
  const numbers = [...new Set(signing.signers.map((signer) => signer.step))].sort((a, b) => a - b);

  const signerView = (signer: Signer): SignerView => {
    const open = signer.status === 'sent' || signer.status === 'opened';
    return {
      id: signer.id,
      name: signer.name,
      about: [signer.position, signer.company].filter(Boolean).join(', '),
      contact: [signer.email, signer.phone].filter(Boolean).join(' · '),
      party: signer.party,
      status: signer.status,
      tone: SIGNER_TONES[signer.status],
      isNext: next.has(signer.id),
      byMandate: signer.method === 'mandate',
      delivery: signer.delivery,
      undelivered: open && (signer.delivery?.state === 'failed' || signer.delivery?.state === 'bounced'),
      invitedAt: signer.invitedAt,
      openedAt: signer.openedAt,
      remindedAt: signer.remindedAt,
      signedAt: signer.signedAt,
      declinedAt: signer.declinedAt,
      declineReason: signer.declineReason ?? '',
      method: signer.evidence?.method,
      canRemind: remind && open,
      remindableFrom: open ? remindableFrom(signer, now) : undefined,
    };
  };

  return {
    ...signingItem(signing),
    version: String(signing.revision),
    purpose: signing.purpose,
    order: signing.order,
    message: signing.message,
    initiator: signing.initiator.name,
    responsible: signing.responsible.name,
    dealId: signing.entity.id,
    dealPath: `/crm/deal/details/${encodeURIComponent(signing.entity.id)}/`,
    deadline: signing.expiresAt,
    withAgreement: signing.withAgreement,
    steps: numbers.map((number) => ({
      number,
      signers: signing.signers.filter((signer) => signer.step === number).map(signerView),
    })),
    files: signingFiles(signing),
    journal: journalView(signing.journal, t),
    error: signing.status === 'error' ? explained(signing.error, t) : undefined,
    actions: {
      remind: remind && signing.signers.some(({ status }) => status === 'sent' || status === 'opened'),
      cancel: mayManage && canCancel(signing),
      resume: mayManage && canResume(signing),
    },
  };
}

/** An error that the portal's people can do something about says what, instead of its code. */
function explained(error: Signing['error'], t: Translator): Signing['error'] {
  const key = `office.error_${error?.text}`;
  return error && hasText(key) ? { ...error, text: t(key) } : error;
}
