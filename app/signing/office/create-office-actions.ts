import type { Actor } from '../../domain/journal.ts';
import { canCancel, canResume, mayManage, maySee } from '../../domain/policy.ts';
import type { OfficeUser } from '../../domain/policy.ts';
import type { Signing } from '../../domain/signing.ts';
import { cancelSigning, resumeSigning } from '../../domain/transitions/end-signing.ts';
import type { EmployeeStore } from '../../ports/employee-store.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { SigningStore } from '../../ports/signing-store.ts';
import { SigningNotFound } from '../change-signing.ts';
import type { ChangeSigning } from '../change-signing.ts';
import { OfficeRefusal } from './office-refusal.ts';
import { remindWithPause } from './remind-rule.ts';

/** What people of the portal do to a signing. Every action checks who asks, and gives the signing as it is afterwards. */
export interface OfficeActions {
  /** @throws SigningNotFound when it does not exist, is another portal's, or this person may not see it */
  show(portalId: string, signingId: string, user: OfficeUser): Promise<Signing>;
  /** @param signerId absent: everybody whose turn it is */
  remind(portalId: string, signingId: string, user: OfficeUser, signerId?: string): Promise<Signing>;
  cancel(portalId: string, signingId: string, user: OfficeUser, reason: string): Promise<Signing>;
  resume(portalId: string, signingId: string, user: OfficeUser): Promise<Signing>;
  /** Reads the signing service at once, and tries again now what was put off. */
  sync(portalId: string, signingId: string, user: OfficeUser): Promise<Signing>;
}

export interface OfficeActionsDeps {
  readonly signings: SigningStore;
  readonly employees: EmployeeStore;
  readonly change: ChangeSigning;
  readonly jobs: JobQueue;
  /** Reads the provider's observations of a signing and records them; does nothing for one that is over. */
  readonly track: (signingId: string) => Promise<void>;
}

const MAX_REASON = 500;

export function createOfficeActions(deps: OfficeActionsDeps): OfficeActions {
  const { signings, employees, change, jobs, track } = deps;

  const show: OfficeActions['show'] = async (portalId, signingId, user) => {
    const signing = await signings.get(signingId, portalId);
    if (!signing || !maySee(signing, user, await employees.get(portalId, user.userId))) {
      throw new SigningNotFound(signingId);
    }
    return signing;
  };

  /** The rule is decided on the newest state, so the right is checked on it too. */
  const manage = async (
    portalId: string,
    signingId: string,
    user: OfficeUser,
    rule: (signing: Signing, actor: Actor, now: Date) => Signing,
  ): Promise<Signing> => {
    await show(portalId, signingId, user);
    const membership = await employees.get(portalId, user.userId);
    const actor: Actor = { kind: 'user', id: user.userId, name: user.name };
    return change(
      signingId,
      (signing, now) => {
        if (!mayManage(signing, user, membership)) throw new OfficeRefusal('not_allowed');
        return rule(signing, actor, now);
      },
      portalId,
    );
  };

  return {
    show,

    remind: (portalId, signingId, user, signerId) =>
      manage(portalId, signingId, user, (signing, actor, now) =>
        remindWithPause(signing, actor, signerId, now),
      ),

    cancel: (portalId, signingId, user, reason) =>
      manage(portalId, signingId, user, (signing, actor, now) => {
        if (!canCancel(signing)) throw new OfficeRefusal('not_cancellable');
        return cancelSigning(signing, actor, reason.trim().slice(0, MAX_REASON), now);
      }),

    resume: (portalId, signingId, user) =>
      manage(portalId, signingId, user, (signing, actor, now) => {
        if (!canResume(signing)) throw new OfficeRefusal('not_resumable');
        return resumeSigning(signing, actor, now);
      }),

    async sync(portalId, signingId, user) {
      await show(portalId, signingId, user);
      const due = await change(signingId, makeDueNow, portalId);
      await track(signingId);
      if (due.effects.some((effect) => effect.state === 'pending')) await jobs.wakeSigning(signingId);
      return show(portalId, signingId, user);
    },
  };
}

/** Effects that wait for their next try are tried now. */
function makeDueNow(signing: Signing, now: Date): Signing {
  const late = (effect: Signing['effects'][number]) => effect.state === 'pending' && effect.dueAt > now;
  if (!signing.effects.some(late)) return signing;
  const effects = signing.effects.map((effect) => (late(effect) ? { ...effect, dueAt: now } : effect));
  return { ...signing, effects };
}
