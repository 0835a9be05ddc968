import { Refusal } from '../../app/domain/refusal.ts';
import { isMandateValid } from '../../app/ports/employee-store.ts';
import type { Employee, EmployeeStore } from '../../app/ports/employee-store.ts';
import type { Facts, PortalUser } from '../../app/ports/portal.ts';
import type { RobotRun } from '../../app/ports/robot-run-store.ts';
import type { PortalSettings } from '../../app/ports/settings-store.ts';
import type { SendRequest } from './request.ts';

/** @throws Refusal 120: the user behind the run may not send; @returns that user */
export async function checkSender(
  employees: EmployeeStore,
  run: RobotRun,
  settings: PortalSettings,
  facts: Facts,
): Promise<PortalUser> {
  const { userId } = run.request;
  if (userId === '') throw new Refusal('SENDING_NOT_PERMITTED', [{ text: 'nobody_sends' }]);
  const user = facts.users.get(userId);
  if (!user?.active) {
    throw new Refusal('SENDING_NOT_PERMITTED', [
      { text: 'sender_not_active', values: { user: user?.name || userId } },
    ]);
  }
  if (settings.senders === 'everyone') return user;
  const employee = await employees.get(run.portalId, userId);
  if (employee?.canSend && !employee.blocked) return user;
  throw new Refusal('SENDING_NOT_PERMITTED', [
    { text: 'sender_not_selected', values: { user: user.name || userId } },
  ]);
}

/** Who signs for the company, and how. */
export interface CompanySide {
  readonly employee: Employee;
  readonly user: PortalUser;
  readonly method: 'link' | 'mandate';
}

/**
 * The company's signer out of the candidates (one user, or the employees of a department): the first who may sign, one
 * whose stored signature can be applied before one who is invited by link.
 * @param candidates user ids
 * @throws Refusal 121 when nobody is registered or, with `auto`, has a signature; 122 when those who are may not sign
 */
export async function chooseCompanySigner(
  employees: EmployeeStore,
  run: RobotRun,
  request: SendRequest,
  candidates: readonly string[],
  facts: Facts,
  now: Date,
): Promise<CompanySide> {
  const found: CompanySide[] = [];
  const refusals: Refusal[] = [];
  for (const id of candidates) {
    const user = facts.users.get(id);
    const employee = await employees.get(run.portalId, id);
    const refusal = refusalOf(employee, user, id, request.companySignature === 'auto');
    if (refusal) refusals.push(refusal);
    else {
      const byMandate = request.companySignature === 'auto' && isMandateValid(employee!.mandate, now);
      found.push({ employee: employee!, user: user!, method: byMandate ? 'mandate' : 'link' });
    }
  }
  const chosen = found.find((side) => side.method === 'mandate') ?? found[0];
  if (chosen) return chosen;
  if (request.companySigner.kind === 'department') {
    const key = refusals.some((each) => each.key === 'SIGNER_NOT_PERMITTED')
      ? 'SIGNER_NOT_PERMITTED'
      : 'SIGNER_NOT_REGISTERED';
    throw new Refusal(key, [
      { text: 'nobody_of_department', values: { department: request.companySigner.id } },
    ]);
  }
  throw refusals[0] ?? new Refusal('SIGNER_NOT_REGISTERED');
}

function refusalOf(
  employee: Employee | undefined,
  user: PortalUser | undefined,
  id: string,
  needsSignature: boolean,
): Refusal | undefined {
  const values = { user: employee?.name || user?.name || id };
  if (!employee) return new Refusal('SIGNER_NOT_REGISTERED', [{ text: 'signer_not_registered', values }]);
  if (needsSignature && !employee.signature) {
    return new Refusal('SIGNER_NOT_REGISTERED', [{ text: 'signer_without_signature', values }]);
  }
  if (employee.blocked) return new Refusal('SIGNER_NOT_PERMITTED', [{ text: 'signer_blocked', values }]);
  if (!employee.canSign) return new Refusal('SIGNER_NOT_PERMITTED', [{ text: 'signer_may_not', values }]);
  if (!user?.active) return new Refusal('SIGNER_NOT_PERMITTED', [{ text: 'signer_not_active', values }]);
  return undefined;
}
