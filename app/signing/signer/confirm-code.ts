import { actingSigner, codeFailed, signerIdentified } from '../../domain/transitions/signer-actions.ts';
import type { CodeState, Signer, Signing } from '../../domain/signing.ts';
import type { ActAsSigner } from './act-as-signer.ts';
import type { OneTimeCodes } from './one-time-code.ts';
import { SignerRefusal } from './signer-refusal.ts';

export interface Identified {
  readonly signing: Signing;
  readonly signer: Signer;
  readonly channel: CodeState['channel'];
}

/**
 * Checks a typed code. Every wrong one is written before it is answered, and the check is made again on what others
 * wrote meanwhile: guesses sent at the same time cost a try each.
 * @throws SignerRefusal `code_wrong`, `code_locked`, `code_expired`, `code_missing`
 */
export type ConfirmCode = (token: string, typed: string, ip: string) => Promise<Identified>;

export function createConfirmCode(deps: { act: ActAsSigner; codes: OneTimeCodes }): ConfirmCode {
  const { act, codes } = deps;
  return async (token, typed, ip) => {
    let right = false;
    let channel: CodeState['channel'] = 'email';
    const { signing, signer } = await act(token, (current, me, now) => {
      const { code } = actingSigner(current, me.id, now);
      right = codes.check([current.id, me.id], typed, code, now);
      channel = code?.channel ?? 'email';
      return right ? signerIdentified(current, me.id, ip, now) : codeFailed(current, me.id, now);
    });
    if (right) return { signing, signer, channel };
    const left = signer.code?.triesLeft ?? 0;
    throw left > 0 ? new SignerRefusal('code_wrong', { left }) : new SignerRefusal('code_locked');
  };
}
