import { setTimeout as pause } from 'node:timers/promises';
import { nextEffectAt } from '../domain/effect.ts';
import type { Signing } from '../domain/signing.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import { RevisionConflict } from '../ports/signing-store.ts';
import type { SigningStore } from '../ports/signing-store.ts';

/** Fifty signers of one step may sign in the same second, while their effects are written too. */
const TRIES = 60;
const LONGEST_PAUSE_MS = 50;

/** The signing does not exist (or belongs to another portal, which is the same to the one who asks). */
export class SigningNotFound extends Error {
  constructor(id: string) {
    super(`no signing ${id}`);
    this.name = 'SigningNotFound';
  }
}

export interface ChangeSigning {
  /**
   * Reads, decides by a pure rule and writes; when somebody else wrote meanwhile, does it again on what they left.
   * @param rule returns the same object when there is nothing to change; its error (TransitionError) goes to the caller
   * @throws SigningNotFound
   */
  (id: string, rule: (signing: Signing, now: Date) => Signing, portalId?: string): Promise<Signing>;
}

export function createChangeSigning(deps: {
  signings: SigningStore;
  clock: Clock;
  jobs: JobQueue;
}): ChangeSigning {
  const { signings, clock, jobs } = deps;
  return async (id, rule, portalId) => {
    for (let tries = 1; ; tries++) {
      const current = await signings.get(id, portalId);
      if (!current) throw new SigningNotFound(id);
      const next = rule(current, clock.now());
      if (next === current) return current;
      try {
        const saved = await signings.save(next);
        const due = nextEffectAt(saved.effects);
        if (due) await jobs.wakeSigning(id, due > clock.now() ? due : undefined);
        return saved;
      } catch (error) {
        if (!(error instanceof RevisionConflict) || tries === TRIES) throw error;
        // Random, so that those who write at the same time do not meet again and again.
        await pause(Math.random() * Math.min(tries * 2, LONGEST_PAUSE_MS));
      }
    }
  };
}
