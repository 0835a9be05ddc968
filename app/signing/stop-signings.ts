import { TransitionError } from '../domain/transitions/draft.ts';
import { cancelSigning } from '../domain/transitions/end-signing.ts';
import { SYSTEM } from '../domain/journal.ts';
import type { SigningStore } from '../ports/signing-store.ts';
import type { ChangeSigning } from './change-signing.ts';

const BATCH = 100;

export interface StopSignings {
  /** The deal was deleted: what is open on it is cancelled. */
  ofDeal(portalId: string, dealId: string): Promise<void>;
  /** The app was uninstalled: everything open is cancelled, so that no signer signs into the void. */
  ofPortal(portalId: string): Promise<void>;
}

export function createStopSignings(deps: {
  signings: SigningStore;
  changeSigning: ChangeSigning;
}): StopSignings {
  const { signings, changeSigning } = deps;

  async function cancelAll(ids: readonly string[], reason: string): Promise<void> {
    for (const id of ids) {
      await changeSigning(id, (signing, now) => cancelSigning(signing, SYSTEM, reason, now)).catch(
        (error: unknown) => {
          // Finished meanwhile, or everybody has signed and only the sealing is left: that goes on.
          if (!(error instanceof TransitionError)) throw error;
        },
      );
    }
  }

  return {
    ofDeal: async (portalId, dealId) =>
      cancelAll(await signings.openOfDeal(portalId, dealId), 'deal_deleted'),
    async ofPortal(portalId) {
      const seen = new Set<string>();
      for (;;) {
        // Those that go on stay in the list: they must not keep the others out of it.
        const open = await signings.openOfPortal(portalId, BATCH + seen.size);
        const ids = open.filter((id) => !seen.has(id));
        if (ids.length === 0) return;
        ids.forEach((id) => seen.add(id));
        await cancelAll(ids, 'app_uninstalled');
      }
    },
  };
}
