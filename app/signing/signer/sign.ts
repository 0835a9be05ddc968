import { signerSigned } from '../../domain/transitions/signer-actions.ts';
import type { CodeState, Evidence, Mark, Signer, Signing } from '../../domain/signing.ts';
import type { FileStore } from '../../ports/file-store.ts';
import type { ActAsSigner } from './act-as-signer.ts';
import { maskedAddress } from './channel-of.ts';
import { findConsent } from './consent.ts';
import type { OpenSignerPage } from './open-signer-page.ts';
import { readMark } from './read-mark.ts';
import type { GivenMark } from './read-mark.ts';
import { SignerRefusal } from './signer-refusal.ts';

export interface SignRequest {
  /** The signer ticked the consent; its version as the page showed it, empty when not ticked. */
  readonly consentVersion: string;
  /** SHA-256 of the bundle that the page showed. */
  readonly bundleSha256: string;
  readonly mark: GivenMark;
}

/** Whose browser it is: proved by a code, and where it came from. */
export interface SignContext {
  readonly channel: CodeState['channel'];
  readonly ip: string;
  readonly agent: string;
}

/**
 * Signs. A second request, from another tab or after a lost answer, finds the signature made and changes nothing.
 * @throws SignerRefusal `consent_missing`, `page_outdated`, `mark_…`, `state_changed`
 */
export type Sign = (
  token: string,
  request: SignRequest,
  context: SignContext,
) => Promise<{ already: boolean }>;

export function createSign(deps: { open: OpenSignerPage; act: ActAsSigner; files: FileStore }): Sign {
  const { open, act, files } = deps;

  /** The picture is stored under a name of its content: a repeat finds it, and another picture is another file. */
  async function keepMark(given: GivenMark, signing: Signing, signer: Signer): Promise<Mark> {
    const mark = readMark(given);
    if (mark.kind === 'typed') return mark;
    const fileId = `mark-${signing.id}-${signer.id}-${mark.sha256.slice(0, 16)}`;
    const about = { portalId: signing.portalId, name: `${signer.id}.png`, type: 'image/png' };
    await files.put(fileId, mark.png, about);
    return { kind: 'drawn', fileId };
  }

  return async (token, request, context) => {
    const seen = await open(token);
    if (seen.signer.status === 'signed') return { already: true };
    if (seen.state !== 'sign') throw new SignerRefusal('state_changed');
    if (!request.consentVersion) throw new SignerRefusal('consent_missing');
    const consent = findConsent(request.consentVersion);
    if (!consent) throw new SignerRefusal('page_outdated');

    const mark = await keepMark(request.mark, seen.signing, seen.signer);
    let already = false;
    const { signer } = await act(token, (signing, me, now) => {
      already = me.status === 'signed';
      if (already) return signing;
      if (!signing.bundle || signing.bundle.sha256 !== request.bundleSha256)
        throw new SignerRefusal('page_outdated');
      const evidence: Evidence = {
        at: now,
        method: context.channel === 'sms' ? 'sms_code' : 'email_code',
        address: maskedAddress(me, context.channel),
        ip: context.ip,
        agent: context.agent,
        consentVersion: consent.version,
        bundleSha256: signing.bundle.sha256,
        mark,
      };
      return signerSigned(signing, me.id, evidence, now);
    }).catch(async (error: unknown) => {
      // In these two cases nobody signed with it; otherwise it may be the mark of the same request's other copy.
      const unused =
        error instanceof SignerRefusal && ['state_changed', 'page_outdated'].includes(error.code);
      if (unused && mark.kind === 'drawn') await files.remove(mark.fileId);
      throw error;
    });
    const kept = signer.evidence?.mark;
    const superfluous = mark.kind === 'drawn' && (kept?.kind !== 'drawn' || kept.fileId !== mark.fileId);
    if (superfluous) await files.remove(mark.fileId);
    return { already };
  };
}
