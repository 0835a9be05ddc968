import { expireSigning } from '../domain/transitions/end-signing.ts';
import { signerDeclined, signerOpened, signerSigned } from '../domain/transitions/signer-actions.ts';
import { TransitionError } from '../domain/transitions/draft.ts';
import type { Signing } from '../domain/signing.ts';
import { isCollecting, isFinal } from '../domain/signing-status.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Observation, SigningProvider } from '../ports/signing-provider.ts';
import type { SigningStore } from '../ports/signing-store.ts';
import { SigningNotFound } from './change-signing.ts';
import type { ChangeSigning } from './change-signing.ts';

const BATCH = 200;

export interface TrackSignings {
  /** Reads one signing at its provider and records what happened there; ends it when its deadline has passed. */
  trackSigning(signingId: string): Promise<void>;
  /** Ends everything whose deadline has passed; what a tick does not reach is reached by the next. */
  trackDue(): Promise<void>;
}

export function createTrackSignings(deps: {
  signings: SigningStore;
  changeSigning: ChangeSigning;
  provider: (name: Signing['provider']) => SigningProvider;
  clock: Clock;
  log: Log;
}): TrackSignings {
  const { signings, changeSigning, provider, clock, log } = deps;

  async function record(signingId: string, observation: Observation): Promise<void> {
    await changeSigning(signingId, (signing, now) => apply(signing, observation, now)).catch(
      (error: unknown) => {
        // The provider tells the same thing again and again; what does not fit is recorded already or came too late.
        if (!(error instanceof TransitionError)) throw error;
      },
    );
  }

  async function trackSigning(signingId: string): Promise<void> {
    const signing = await signings.get(signingId);
    if (!signing || isFinal(signing.status)) return;
    if (isCollecting(signing.status)) {
      for (const observation of await provider(signing.provider).read(signing))
        await record(signingId, observation);
    }
    if (signing.expiresAt <= clock.now()) await expire(signingId);
  }

  async function expire(signingId: string): Promise<void> {
    const expired = await changeSigning(signingId, (signing, now) =>
      isFinal(signing.status) || signing.status === 'signed' ? signing : expireSigning(signing, now),
    );
    if (expired.status === 'expired') await provider(expired.provider).cancel(expired);
  }

  return {
    trackSigning,
    async trackDue() {
      for (const signingId of await signings.dueForExpiry(clock.now(), BATCH)) {
        try {
          await trackSigning(signingId);
        } catch (error) {
          if (!(error instanceof SigningNotFound))
            log.error({ err: error, signingId }, 'signing not tracked');
        }
      }
    },
  };
}

function apply(signing: Signing, { signerId, what, at, reason }: Observation, now: Date): Signing {
  switch (what) {
    case 'opened':
      return signerOpened(signing, signerId, '', now);
    case 'declined':
      return signerDeclined(signing, signerId, reason ?? '', now);
    case 'signed':
      return signerSigned(
        signing,
        signerId,
        {
          at,
          method: 'email_code',
          address: '',
          ip: '',
          agent: signing.provider,
          consentVersion: '',
          bundleSha256: signing.bundle?.sha256 ?? '',
          mark: { kind: 'typed', text: '' },
        },
        now,
      );
  }
}
