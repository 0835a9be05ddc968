import { signerOpened } from '../../domain/transitions/signer-actions.ts';
import type { ActAsSigner } from './act-as-signer.ts';

/** A person is at the page (its script says so after a real key, touch or scroll). Again changes nothing. */
export type RecordOpening = (token: string, ip: string) => Promise<void>;

export function createRecordOpening(deps: { act: ActAsSigner }): RecordOpening {
  return async (token, ip) => {
    await deps.act(token, (signing, signer, now) => signerOpened(signing, signer.id, ip, now));
  };
}
