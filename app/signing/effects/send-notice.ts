import type { MailKind } from '../../domain/effect.ts';
import { findSigner } from '../../domain/signing.ts';
import type { Signing, StoredFile } from '../../domain/signing.ts';
import { signerDelivery } from '../../domain/transitions/signer-actions.ts';
import type { FileStore } from '../../ports/file-store.ts';
import type { Mail, Messenger } from '../../ports/messenger.ts';
import type { PortalStore } from '../../ports/portal-store.ts';
import type { LetterComposer } from '../../ports/letter-composer.ts';
import type { SignerLinks } from '../signer/signer-links.ts';
import type { EffectHandler } from './effect-handler.ts';
import { sendLetter } from './send-letter.ts';

/** Mail servers commonly refuse more than 20 MB, and base64 makes a third more of it. */
export const ATTACHED_MAX_BYTES = 10 * 1024 * 1024;

const KINDS: readonly string[] = [
  'completed',
  'cancelled',
  'declined',
  'expired',
  'error',
] satisfies MailKind[];

/** The initiator's copy could not be delivered: given up with a journal entry, there is no signer to record it on. */
export class NoticeRefused extends Error {
  readonly code = 'mail_refused';
  readonly retryable = false;
  constructor(effectId: string) {
    super(`the mail service refused the notice ${effectId}`);
    this.name = 'NoticeRefused';
  }
}

/** The effect `mail`: one of the notices, to one recipient; its target is `completed:s1` or `declined:initiator`. */
export function createSendNotice(deps: {
  messenger: Messenger;
  letters: LetterComposer;
  links: SignerLinks;
  files: FileStore;
  portals: Pick<PortalStore, 'get'>;
}): EffectHandler {
  const { links, files, portals } = deps;

  /** The deal in the portal: where the initiator reads on. Never a signer's link. */
  async function dealLink(signing: Signing): Promise<string | undefined> {
    const portal = await portals.get(signing.portalId);
    if (!portal) return undefined;
    return `${new URL(portal.clientEndpoint).origin}/crm/deal/details/${encodeURIComponent(signing.entity.id)}/`;
  }

  async function attach(signing: Signing): Promise<NonNullable<Mail['attachments']>> {
    const attachments = [];
    let size = 0;
    const wanted: StoredFile[] = [signing.signedFile, signing.signedAgreement, signing.report].filter(
      (file) => !!file,
    );
    for (const { fileId, name, size: bytes } of wanted) {
      if (size + bytes > ATTACHED_MAX_BYTES) continue;
      size += bytes;
      const pdfName = /\.pdf$/i.test(name) ? name : `${name}.pdf`;
      attachments.push({ name: pdfName, bytes: await files.get(fileId), type: 'application/pdf' });
    }
    return attachments;
  }

  return async (signing, effect) => {
    const [kind = '', recipient = ''] = effect.target.split(':');
    if (!KINDS.includes(kind))
      throw Object.assign(new Error(`no notice ${effect.target}`), { retryable: false });
    const signer = findSigner(signing, recipient);
    if (!signer && recipient !== 'initiator') return;

    const attachments = kind === 'completed' ? await attach(signing) : [];
    const link = signer ? links.linkOf(signing, signer) : await dealLink(signing);
    const { signedFile } = signing;
    const { channel, outcome } = await sendLetter(deps, {
      id: `${signing.id}-${effect.id}`,
      request: {
        kind: kind as MailKind,
        signing,
        ...(signer && { signer }),
        ...(link && { link }),
        attached: signedFile !== undefined && signedFile.size <= ATTACHED_MAX_BYTES,
      },
      attachments,
    });
    if (outcome !== 'refused') return;
    if (!signer) throw new NoticeRefused(effect.id);
    return (current, now) =>
      signerDelivery(current, signer.id, { channel: channel ?? 'email', state: 'failed', at: now }, now);
  };
}
