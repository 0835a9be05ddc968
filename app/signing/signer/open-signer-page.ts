import { findSigner } from '../../domain/signing.ts';
import type { Signer, Signing } from '../../domain/signing.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SigningStore } from '../../ports/signing-store.ts';
import type { SignerLinks } from './signer-links.ts';
import { signerPageState } from './signer-page-state.ts';
import type { SignerPageState } from './signer-page-state.ts';
import { SignerRefusal } from './signer-refusal.ts';

export interface SignerPage {
  readonly signing: Signing;
  readonly signer: Signer;
  readonly state: SignerPageState;
}

/**
 * What a link leads to. Changes nothing: mail scanners load links too, and that is not the signer opening the page.
 * @throws SignerRefusal `link_invalid` for a wrong, incomplete or revoked link, all the same
 */
export type OpenSignerPage = (token: string) => Promise<SignerPage>;

export function createOpenSignerPage(deps: {
  signings: SigningStore;
  links: SignerLinks;
  clock: Clock;
}): OpenSignerPage {
  const { signings, links, clock } = deps;
  return async (token) => {
    const named = links.parse(token);
    const signing = named && (await signings.get(named.signingId));
    const signer = signing && findSigner(signing, named.signerId);
    if (!signer || !links.matches(token, signing, signer)) throw new SignerRefusal('link_invalid');
    return { signing, signer, state: signerPageState(signing, signer, clock.now()) };
  };
}
