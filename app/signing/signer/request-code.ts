import {
  actingSigner,
  codeSent,
  signerDelivery,
  signerOpened,
} from '../../domain/transitions/signer-actions.ts';
import type { CodeState, Signer, Signing } from '../../domain/signing.ts';
import type { Messenger, SendOutcome } from '../../ports/messenger.ts';
import type { ActAsSigner } from './act-as-signer.ts';
import { channelOf, maskedAddress } from './channel-of.ts';
import type { LetterComposer } from '../../ports/letter-composer.ts';
import { CODE_PAUSE_S, CODE_TTL_S, drawCode, drawSalt } from './one-time-code.ts';
import type { OneTimeCodes } from './one-time-code.ts';
import { SignerRefusal } from './signer-refusal.ts';

export interface CodeOnItsWay {
  readonly channel: CodeState['channel'];
  /** Masked. */
  readonly address: string;
  /** Seconds until another one may be asked for, and until this one is worth nothing. */
  readonly pauseS: number;
  readonly ttlS: number;
}

/**
 * Sends a new one-time code to the signer's own address.
 * @throws SignerRefusal `no_address`, `code_wait`, `code_exhausted`, `code_undeliverable`, `code_not_sent`
 */
export type RequestCode = (token: string, ip: string) => Promise<CodeOnItsWay>;

export function createRequestCode(deps: {
  act: ActAsSigner;
  codes: OneTimeCodes;
  letters: LetterComposer;
  messenger: Messenger;
}): RequestCode {
  const { act, codes, letters, messenger } = deps;

  async function deliver(signing: Signing, signer: Signer, code: string): Promise<SendOutcome> {
    const request = { kind: 'code', signing, signer, code } as const;
    // One id per send: trying again is the same mail, the next code is another one.
    const id = `${signing.id}-${signer.id}-code-${signer.code?.sentAt.getTime() ?? 0}`;
    if (signer.code?.channel === 'sms')
      return messenger.sendSms({ id, to: signer.phone, text: letters.sms(request) });
    const to = { name: signer.name, address: signer.email };
    return messenger.sendMail({ id, to, ...(await letters.mail(request)) });
  }

  return async (token, ip) => {
    const drawn = { code: drawCode(), salt: drawSalt() };
    // Written before it is sent: the limits hold however many requests come at once.
    const { signing, signer } = await act(token, (current, me, now) => {
      const acting = actingSigner(current, me.id, now);
      const channel = channelOf(acting);
      if (!channel) throw new SignerRefusal('no_address');
      const state = codes.issue([current.id, me.id], drawn, channel, acting.code, now);
      return codeSent(signerOpened(current, me.id, ip, now), me.id, state, now);
    });
    const channel = signer.code?.channel ?? 'email';
    const outcome = await deliver(signing, signer, drawn.code)
      .catch(() => deliver(signing, signer, drawn.code))
      .catch((error: unknown) => {
        throw new SignerRefusal('code_not_sent', { seconds: CODE_PAUSE_S }, { cause: error });
      });
    if (outcome === 'refused') {
      await act(token, (current, me, now) =>
        signerDelivery(current, me.id, { channel, state: 'failed', at: now }, now),
      );
      throw new SignerRefusal('code_undeliverable');
    }
    return { channel, address: maskedAddress(signer, channel), pauseS: CODE_PAUSE_S, ttlS: CODE_TTL_S };
  };
}
