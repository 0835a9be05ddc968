import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { SigningStore } from '../../ports/signing-store.ts';

/** A dead process's lease ends after this time; a living one renews it three times as often. */
const LEASE_S = 15;

export interface HeldLease {
  /** False when the process stood still for so long that somebody else may have taken over. */
  isHeld(): boolean;
  release(): Promise<void>;
}

/**
 * Takes the right to run a signing's effects and keeps it until it is released.
 * @returns undefined when somebody else has it
 */
export async function holdLease(
  deps: { signings: SigningStore; clock: Clock; log: Log },
  signingId: string,
  owner: string,
): Promise<HeldLease | undefined> {
  const { signings, clock, log } = deps;
  let until = 0;

  async function take(): Promise<boolean> {
    const now = clock.now();
    const taken = await signings.lease(signingId, owner, now, LEASE_S);
    until = taken ? now.getTime() + LEASE_S * 1000 : 0;
    return taken;
  }

  if (!(await take())) return undefined;
  let renewal: Promise<unknown> = Promise.resolve();
  const renewing = setInterval(
    () => {
      renewal = take().catch((error: unknown) => log.warn({ signingId, err: error }, 'lease not renewed'));
    },
    (LEASE_S * 1000) / 3,
  );
  return {
    isHeld: () => clock.now().getTime() < until,
    async release() {
      clearInterval(renewing);
      // A renewal that arrives after the release would keep everybody out for nothing.
      await renewal;
      await signings.releaseLease(signingId, owner);
    },
  };
}
