import { Refusal } from '../../app/domain/refusal.ts';
import type { Person } from '../../app/domain/signing.ts';
import type { Deal, Facts, Portal, PortalUser } from '../../app/ports/portal.ts';
import type { RobotRun } from '../../app/ports/robot-run-store.ts';
import { shown } from '../inputs/read-values.ts';
import type { SendRequest } from './request.ts';

/** A department is asked for its employees; of a large one the first are enough. */
const MAX_CANDIDATES = 50;

/** Everything the checks ask the portal about, read at once. */
export async function gatherFacts(
  portal: Pick<Portal, 'readFacts' | 'usersOfDepartment'>,
  run: RobotRun,
  request: SendRequest,
): Promise<{ facts: Facts; candidates: string[] }> {
  const { companySigner, counterparties, entity } = request;
  const ofDepartment =
    companySigner.kind === 'department'
      ? await portal.usersOfDepartment(run.portalId, companySigner.id, companySigner.deep)
      : [];
  const candidates =
    companySigner.kind === 'user'
      ? [companySigner.id]
      : ofDepartment.map((user) => user.id).slice(0, MAX_CANDIDATES);
  const ids = (kind: string): string[] =>
    unique(counterparties.filter((each) => each.kind === kind).map(({ id }) => id));
  const facts = await portal.readFacts(run.portalId, {
    ...(entity?.kind === 'deal' ? { dealId: entity.id } : {}),
    userIds: unique([
      run.request.userId,
      request.responsibleId,
      ...(companySigner.kind === 'user' ? candidates : []),
      ...ids('employee'),
    ]),
    contactIds: ids('contact'),
    companyIds: ids('company'),
    documentIds: request.documentIds,
  });
  const users = new Map<string, PortalUser>([
    ...ofDepartment.map((user) => [user.id, user] as const),
    ...facts.users,
  ]);
  const { responsibleId } = request;
  if (responsibleId !== '' && !users.get(responsibleId)?.active) {
    const values = {
      parameters: 'responsible',
      value: shown(users.get(responsibleId)?.name || responsibleId),
    };
    throw new Refusal('INVALID_PARAMETER', [{ text: 'no_such_user', values }]);
  }
  return { facts: { ...facts, users }, candidates };
}

/** @throws Refusal 151 when it is another entity, 150 when there is no such deal */
export function checkDeal(request: SendRequest, facts: Facts): Deal {
  const { entity } = request;
  if (!entity) throw new Refusal('ENTITY_NOT_A_DEAL', [{ text: 'no_deal' }]);
  if (entity.kind === 'other') {
    throw new Refusal('ENTITY_NOT_A_DEAL', [{ text: 'not_a_deal', values: { id: shown(entity.text) } }]);
  }
  if (facts.deal) return facts.deal;
  throw new Refusal('ENTITY_NOT_FOUND', [{ text: 'no_such_deal', values: { id: entity.id } }]);
}

/** The person that mails go out in the name of: the one named in the step, else the deal's assigned person. */
export async function findResponsible(
  portal: Pick<Portal, 'readFacts'>,
  run: RobotRun,
  request: SendRequest,
  deal: Deal,
  facts: Facts,
): Promise<Person> {
  const userId = request.responsibleId || deal.assignedById;
  const user =
    facts.users.get(userId) ??
    (await portal.readFacts(run.portalId, { userIds: [userId] })).users.get(userId);
  return { userId, name: user?.name ?? '', email: user?.email ?? '' };
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)].filter((id) => id !== '');
